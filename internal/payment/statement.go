package payment

import (
	_ "embed"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"cchc/internal/errs"
	"cchc/internal/text"
)

//go:embed statement.json
var statementJSON []byte

// statementWords are the headings by which gateways name the columns of their lists,
// folded: data, because each writes its own.
var statementWords = func() (w map[string][]string) {
	if err := json.Unmarshal(statementJSON, &w); err != nil {
		panic("payment: statement.json is damaged")
	}
	return w
}()

// headingRows is how far down the heading of a list is looked for.
const headingRows = 15

// ReadStatement reads a gateway's list from the rows of its sheet: the columns are found
// by their headings. Refusals: payment.statement_columns, payment.statement_line.
func ReadStatement(rows [][]string) (list []TheirLine, err error) {
	head, reference, amount, note := findColumns(rows)
	if head < 0 {
		return nil, errs.OnField("file", "payment.statement_columns")
	}
	for i, row := range rows[head+1:] {
		ref, sum := text.Clean(row[reference]), text.Clean(row[amount])
		if ref == "" || sum == "" { // totals and empty lines
			continue
		}
		n, err := readDong(sum)
		if err != nil {
			return nil, errs.OnField("file", "payment.statement_line", "n", int64(head+i+2), "text", sum)
		}
		l := TheirLine{Reference: ref, Amount: n}
		if note >= 0 {
			l.Note = text.Clean(row[note])
		}
		list = append(list, l)
	}
	return list, nil
}

// findColumns finds the heading row and the columns; head is -1 when there is none.
func findColumns(rows [][]string) (head, reference, amount, note int) {
	for i, row := range rows[:min(len(rows), headingRows)] {
		find := func(kind string) int {
			return slices.IndexFunc(row, func(cell string) bool { return slices.Contains(statementWords[kind], text.Fold(cell)) })
		}
		if reference, amount = find("reference"), find("amount"); reference >= 0 && amount >= 0 {
			return i, reference, amount, find("note")
		}
	}
	return -1, 0, 0, 0
}

// readDong reads a sum with thousands marked by points or commas, without hundredths.
func readDong(s string) (int64, error) {
	for _, tail := range []string{".00", ",00", ".0", ",0"} {
		if cut, ok := strings.CutSuffix(s, tail); ok && len(s) > len(tail) {
			s = cut
			break
		}
	}
	return strconv.ParseInt(strings.NewReplacer(".", "", ",", "", " ", "", "+", "").Replace(s), 10, 64)
}
