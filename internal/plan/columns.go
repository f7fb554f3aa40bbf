package plan

import (
	_ "embed"
	"encoding/json"
	"slices"
	"sort"
	"strconv"
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
	// ordinal: the code is a number from a column that counts rows ("STT"), which begins
	// anew under every heading of many plans.
	ordinal bool
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
			if head := section(cells[j]); head != "" {
				rows = append(rows, sectionRow(j+1, head))
			} else if r := mapRow(j+1, cells[i], fields, cells[j]); len(r.fields) > 0 {
				rows = append(rows, r)
			}
		}
		return rows, nil
	}
	return nil, errs.New(errs.Invalid, "plan.import_no_columns")
}

// sectionRow is a line that only names the area of what follows.
func sectionRow(number int, head string) row {
	r := row{number: number, fields: map[string]string{"area": head}}
	if a, ok := areaOf(head); ok {
		r.fields["area"], r.fields["area_no"] = a.Name, strconv.Itoa(a.No)
	}
	return r
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
			r.ordinal = r.ordinal || fields[i] == "code" && counts(heading[i], cell)
		}
	}
	return r
}

// counts says whether a cell of the code column is a row's number.
func counts(heading, cell string) bool {
	switch strings.Trim(text.Fold(heading), " .:*") {
	case "stt", "so tt", "tt":
		_, err := strconv.Atoi(strings.TrimRight(cell, "."))
		return err == nil
	}
	return false
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

// canonical is the name of a field's column that every reader knows.
func canonical(field string) string {
	var fields map[string][]string
	if err := json.Unmarshal(columnFile, &fields); err != nil || len(fields[field]) == 0 {
		return field
	}
	return fields[field][0]
}

// Columns are the fields that a person may choose for a column, in the order of a plan.
var Columns = []string{"code", "area_no", "area", "content", "product", "head", "lead", "coordinating", "deadline", "kind", "priority", "funding", "legal_ref", "note"}

// Remap names the columns of a file as a person chose: the row with the number at
// becomes the heading, and column i carries the field fields[i] ("" keeps its own name).
// Rows above are left out. Refusals: "plan.columns_heading" without such a row,
// "plan.columns_twice" when two columns carry one field.
func Remap(cells [][]string, at int, fields []string) ([][]string, error) {
	if at < 0 || at >= len(cells) {
		return nil, errs.OnField("heading", "plan.columns_heading")
	}
	heading := slices.Clone(cells[at])
	used := map[string]bool{}
	for i := range heading {
		field := ""
		if i < len(fields) {
			field = fields[i]
		}
		switch {
		case field == "":
			if mapColumns([]string{heading[i]})[0] != "" { // its own name would be taken for a field
				heading[i] += " (*)"
			}
			continue
		case used[field]:
			return nil, errs.OnField("column_"+strconv.Itoa(i), "plan.columns_twice")
		case !slices.Contains(Columns, field):
			return nil, errs.OnField("column_"+strconv.Itoa(i), "plan.columns_unknown")
		}
		used[field] = true
		heading[i] = canonical(field)
	}
	return append([][]string{heading}, cells[at+1:]...), nil
}

// RemapByName is Remap for who knows the words of the headings: the heading is the row
// among the first twenty that holds them all. Refusals: those of Remap.
func RemapByName(cells [][]string, fields map[string]string) ([][]string, error) {
	for i := 0; i < len(cells) && i < 20; i++ {
		picked := mapColumns(cells[i])
		found := 0
		for j, head := range cells[i] {
			for name, field := range fields {
				if text.Fold(strings.TrimSpace(head)) == text.Fold(strings.TrimSpace(name)) {
					for k := range picked {
						if picked[k] == field {
							picked[k] = "" // said by a person, so not where the words propose it
						}
					}
					picked[j] = field
					found++
				}
			}
		}
		if found == len(fields) {
			return Remap(cells, i, picked)
		}
	}
	return nil, errs.OnField("columns", "plan.import_no_columns")
}
