package ui

import (
	"strconv"
	"strings"

	"github.com/skip2/go-qrcode"
)

// qrMatrix is the code's squares with its quiet zone; nil when the text is too long (2.9 KB).
func qrMatrix(text string) [][]bool {
	q, err := qrcode.New(text, qrcode.Medium)
	if err != nil {
		return nil
	}
	return q.Bitmap()
}

func qrSize(text string) int { return len(qrMatrix(text)) }

// qrPath draws each run of dark squares as one rectangle.
func qrPath(text string) string {
	var b strings.Builder
	for y, row := range qrMatrix(text) {
		for x := 0; x < len(row); x++ {
			if !row[x] {
				continue
			}
			from := x
			for x < len(row) && row[x] {
				x++
			}
			n := strconv.Itoa(x - from)
			b.WriteString("M" + strconv.Itoa(from) + " " + strconv.Itoa(y) + "h" + n + "v1h-" + n + "z")
		}
	}
	return b.String()
}
