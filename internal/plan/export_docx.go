package plan

import (
	"slices"
	"strconv"
	"strings"
)

func itoa(n int) string { return strconv.Itoa(n) }

// cellsOf reads a cell of an exported row by the name of its column.
func cellsOf(heading []string) func(row []string, name string) string {
	return func(row []string, name string) string {
		i := slices.Index(heading, name)
		if i < 0 || i >= len(row) {
			return ""
		}
		return row[i]
	}
}

// sectionHead heads the tasks of an area: "II. Thể chế"; "" without a number from I to X.
func sectionHead(no, name string) string {
	n, err := strconv.Atoi(no)
	if err != nil || n < 1 || n >= len(romanAreas) || name == "" {
		return ""
	}
	return romanAreas[n] + ". " + name
}

// splitNumber takes "122/KH-UBND" apart; 0 when the number is not of that form.
func splitNumber(number string) (n int, symbol string) {
	digits, rest, ok := strings.Cut(number, "/")
	n, err := strconv.Atoi(digits)
	if !ok || err != nil {
		return 0, number
	}
	return n, rest
}

func linesOf(s string) []string {
	var out []string
	for line := range strings.SplitSeq(s, "\n") {
		if line = strings.TrimSpace(line); line != "" {
			out = append(out, line)
		}
	}
	return out
}
