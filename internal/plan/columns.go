package plan

import (
	_ "embed"
	"encoding/json"
	"slices"
	"sort"
	"strings"
	"sync"

	"cchc/internal/errs"
	"cchc/internal/text"
)

// columnFile lists, per field, the column names under which files carry it.
//
//go:embed data/columns.json
var columnFile []byte

var columnNames = sync.OnceValue(func() map[string]string {
	var fields map[string][]string
	if err := json.Unmarshal(columnFile, &fields); err != nil {
		panic(err)
	}
	names := map[string]string{}
	for field, list := range fields {
		for _, name := range list {
			names[name] = field
		}
	}
	return names
})

// row is one row of a plan file by field. What no field takes is kept in extra under
// the column's own name, so that nothing of the file is lost.
type row struct {
	number int // as the spreadsheet counts: the heading is 1
	fields map[string]string
	extra  map[string]string
}

func (r row) get(field string) string { return r.fields[field] }

// readRows finds the heading row (the first one that names a task column and a lead
// column; documents often have a title above) and maps every row below it.
// Error: "plan.import_no_columns" when no such row is found among the first twenty.
func readRows(cells [][]string) ([]row, error) {
	for i := 0; i < len(cells) && i < 20; i++ {
		fields := mapColumns(cells[i])
		if !slices.Contains(fields, "content") || !slices.Contains(fields, "lead") {
			continue
		}
		var rows []row
		for j := i + 1; j < len(cells); j++ {
			if r := mapRow(j+1, cells[i], fields, cells[j]); len(r.fields) > 0 {
				rows = append(rows, r)
			}
		}
		return rows, nil
	}
	return nil, errs.New(errs.Invalid, "plan.import_no_columns")
}

func mapColumns(heading []string) []string {
	fields := make([]string, len(heading))
	for i, h := range heading {
		name := strings.Trim(text.Fold(strings.TrimPrefix(h, "\ufeff")), " .:*")
		if field, ok := columnNames()[name]; ok && !slices.Contains(fields, field) {
			fields[i] = field
		}
	}
	return fields
}

func mapRow(number int, heading, fields, cells []string) row {
	r := row{number: number, fields: map[string]string{}, extra: map[string]string{}}
	for i, cell := range cells {
		if cell = strings.TrimSpace(text.NFC(cell)); cell == "" {
			continue
		}
		switch {
		case i >= len(heading):
			r.extra["+"] = strings.TrimSpace(r.extra["+"] + " " + cell)
		case fields[i] == "":
			r.extra[strings.TrimSpace(heading[i])] = cell
		default:
			r.fields[fields[i]] = cell
		}
	}
	return r
}

// extraNames lists the names of the kept columns of many tasks, sorted.
func extraNames(tasks []Task) []string {
	seen := map[string]bool{}
	for _, t := range tasks {
		for name := range t.Extra {
			seen[name] = true
		}
	}
	names := make([]string, 0, len(seen))
	for name := range seen {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}
