package plan

import (
	_ "embed"
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"sync"

	"cchc/internal/document"
	"cchc/internal/errs"
	"cchc/internal/text"
)

// narrativeFile lists, per field, the words with which a line of a narrative plan begins.
//
//go:embed data/narrative.json
var narrativeFile []byte

var narrativeWords = sync.OnceValue(func() map[string]string {
	var file struct{ Narrative map[string][]string }
	if err := json.Unmarshal(narrativeFile, &file); err != nil {
		panic(err)
	}
	names := map[string]string{}
	for field, list := range file.Narrative {
		for _, name := range list {
			names[name] = field
		}
	}
	return names
})

// narrativeFields are the columns into which a narrative plan is put.
var narrativeFields = []string{"code", "content", "product", "head", "lead", "coordinating", "deadline", "funding", "legal_ref", "note"}

// WordRows turns a Word plan into the rows that Preview reads: its task tables one under
// the other, with what a table keyed by the task's code adds; else, when no table names
// tasks and leads, the paragraphs of a narrative plan (nhiệm vụ, then "Chủ trì: …").
// A table of another kind (letterhead, signatures) is no part of the plan.
// Error: "plan.import_no_columns" when neither is found.
func WordRows(w document.Word) ([][]string, error) {
	var rows [][]string
	var more []document.Sheet
	for _, t := range w.Tables {
		at, fields := headingOf(t.Rows)
		switch {
		case at < 0:
		case slices.Contains(fields, "content") && slices.Contains(fields, "lead"):
			rows = underOneHeading(rows, t.Rows[at], t.Rows[at+1:])
		case slices.Contains(fields, "code"):
			more = append(more, document.Sheet{Rows: t.Rows[at:]})
		}
	}
	if rows == nil {
		if rows = narrative(w.Lines); rows == nil {
			return nil, errs.New(errs.Invalid, "plan.import_no_columns")
		}
		return rows, nil
	}
	for _, t := range more {
		rows = addByCode(rows, t.Rows)
	}
	return rows, nil
}

// headingOf finds the row among the first twenty that names the columns; -1 without one.
func headingOf(rows [][]string) (at int, fields []string) {
	for i := 0; i < len(rows) && i < 20; i++ {
		f := mapColumns(rows[i])
		named := 0
		for _, field := range f {
			if field != "" {
				named++
			}
		}
		if named >= 2 && (slices.Contains(f, "content") && slices.Contains(f, "lead") || slices.Contains(f, "code")) {
			return i, f
		}
	}
	return -1, nil
}

// underOneHeading puts rows under the heading of the first table: a later table may
// have its columns in another order or one more of them.
func underOneHeading(rows [][]string, heading []string, body [][]string) [][]string {
	if rows == nil {
		return append([][]string{heading}, body...)
	}
	place := make([]int, len(heading))
	for i, name := range heading {
		if place[i] = slices.IndexFunc(rows[0], func(have string) bool { return sameColumn(have, name) }); place[i] < 0 {
			place[i] = len(rows[0])
			rows[0] = append(rows[0], name)
		}
	}
	for _, r := range body {
		row := make([]string, len(rows[0]))
		for i, cell := range r {
			row[place[i]] = cell
		}
		rows = append(rows, row)
	}
	return rows
}

// sameColumn says whether two headings name the same field, or are the same words.
func sameColumn(a, b string) bool {
	f := mapColumns([]string{a})[0]
	return text.Fold(a) == text.Fold(b) || f != "" && f == mapColumns([]string{b})[0]
}

// addByCode adds the columns of a table whose rows are named by the task's code.
func addByCode(rows, more [][]string) [][]string {
	code := func(heading []string) int {
		return slices.IndexFunc(heading, func(h string) bool { return mapColumns([]string{h})[0] == "code" })
	}
	key, other := code(rows[0]), code(more[0])
	if key < 0 || other < 0 {
		return rows
	}
	for i, name := range more[0] {
		if i == other || slices.ContainsFunc(rows[0], func(have string) bool { return sameColumn(have, name) }) {
			continue
		}
		at := len(rows[0])
		rows[0] = append(rows[0], name)
		for _, r := range more[1:] {
			for j := range rows[1:] {
				row := rows[j+1]
				if key < len(row) && row[key] != "" && row[key] == r[other] {
					for len(row) <= at {
						row = append(row, "")
					}
					row[at] = r[i]
					rows[j+1] = row
				}
			}
		}
	}
	return rows
}

// sectionLine is the heading of an area: "II. CẢI CÁCH THỂ CHẾ".
var sectionLine = regexp.MustCompile(`^[IVX]{1,5}[.\-)]\s*\S`)

// numbered is what stands before a task: "1.", "2.3.", "a)", "-".
var numbered = regexp.MustCompile(`^(?:(\d+(?:\.\d+)*)[.)]|\p{Ll}\)|[-+•–])\s*`)

// narrative reads a plan told in paragraphs: a task, then lines that begin with one of
// narrativeWords and a colon. Words before the first task are no part of it; nil when
// there is no task.
func narrative(lines []string) [][]string {
	heading := make([]string, len(narrativeFields))
	for i, field := range narrativeFields {
		heading[i] = canonical(field)
	}
	rows := [][]string{heading}
	var words []string // paragraphs since the last field line
	var open []string  // the row that is being read
	section := ""      // the area heading that stands before the next task
	put := func(field, value string) {
		i := slices.Index(narrativeFields, field)
		if open[i] != "" {
			open[i] += "\n"
		}
		open[i] += value
	}
	for _, line := range lines {
		for part := range strings.SplitSeq(line, "\n") {
			part = strings.TrimSpace(part)
			field, value := fieldLine(part)
			switch {
			case part == "":
			case field == "" && sectionLine.MatchString(part):
				section, words, open = part, nil, nil
			case field == "":
				words, open = append(words, part), nil
			case open == nil && len(words) == 0: // a field without a task: kept as a task without words, for a doubt
				open = make([]string, len(narrativeFields))
				rows = append(rows, open)
				put(field, value)
			default:
				if open == nil {
					if section != "" {
						rows = append(rows, []string{section})
						section = ""
					}
					open = make([]string, len(narrativeFields))
					rows = append(rows, open)
					task := words[len(words)-1]
					if m := numbered.FindStringSubmatch(task); m != nil {
						open[0], task = m[1], strings.TrimSpace(task[len(m[0]):])
					}
					put("content", task)
					words = nil
				}
				put(field, value)
			}
		}
	}
	if len(rows) == 1 {
		return nil
	}
	return rows
}

// fieldLine splits "Chủ trì: Sở Nội vụ" into the field that it names and its value.
func fieldLine(line string) (field, value string) {
	line = strings.TrimLeft(line, "-+•–* \t")
	name, value, ok := strings.Cut(line, ":")
	if !ok {
		return "", ""
	}
	return narrativeWords()[strings.Trim(text.Fold(name), " .*")], strings.TrimRight(strings.TrimSpace(value), ";.")
}
