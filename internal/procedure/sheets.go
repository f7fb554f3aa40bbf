package procedure

import (
	"bytes"
	"context"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"cchc/internal/document"
	"cchc/internal/errs"
	"cchc/internal/i18n"
	"cchc/internal/process"
	"cchc/internal/text"
)

// A catalogue as a workbook: one sheet of procedures and one for each list below them,
// in Vietnamese headings and words. What a cell holds follows from the JSON names of
// Content, so that a new field is in the workbook by itself.

// The sheets, in order.
const (
	sheetHeads    = "procedures"
	sheetCases    = "cases"
	sheetPapers   = "papers"
	sheetFees     = "fees"
	sheetSteps    = "steps"
	sheetEvidence = "evidence"
	sheetGroups   = "groups"
	sheetMembers  = "members"
)

// rows below a procedure or a group carry where they belong.
type (
	caseRow struct {
		Key   string `json:"key"`
		Code  string `json:"code"`
		Name  string `json:"name"`
		Limit Limit  `json:"limit"`
	}
	paperRow struct {
		Key string `json:"key"`
		Component
	}
	feeRow struct {
		Key string `json:"key"`
		Fee
	}
	stepRow struct {
		Key     string `json:"key"`
		Variant string `json:"variant"`
		process.Step
	}
	evidenceRow struct {
		Key   string `json:"key"`
		About string `json:"about"`
		Evidence
	}
	memberRow struct {
		Group string `json:"group_key"`
		From  string `json:"from"`
		Member
	}
)

// enums are the stored words that a workbook shows as words: JSON name -> locale prefix
// and list.
var enums = map[string]struct {
	prefix string
	list   []string
}{
	"level": {"procedure.level.", names(Levels)}, "kind": {"procedure.kind.", names(Kinds)}, "service_level": {"procedure.service.", ServiceLevels},
	"pays": {"procedure.pays.", PayTimes}, "channels": {"procedure.channel_short.", Channels}, "digitise": {"procedure.digitise.", DigitiseKinds},
	"group": {"procedure.group.", names(process.Groups)}, "mark": {"procedure.mark.", names(Marks)},
}

func names[T ~string](list []T) (out []string) {
	for _, v := range list {
		out = append(out, string(v))
	}
	return out
}

var vi = i18n.WithLang(context.Background(), i18n.Vi)

// column is one field of a row type.
type column struct {
	name  string // in JSON
	index []int
}

// columnsOf lists the fields that fit a cell, those of embedded structs too.
func columnsOf(t reflect.Type) (list []column) {
	for _, f := range reflect.VisibleFields(t) {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		k := f.Type.Kind()
		fits := k == reflect.String || k == reflect.Bool || k == reflect.Int || k == reflect.Int64 || f.Type == reflect.TypeFor[Limit]() || f.Type == reflect.TypeFor[Evidence]() ||
			f.Type == reflect.TypeFor[[]string]() || f.Type == reflect.TypeFor[[]int]()
		if name != "" && name != "-" && fits && !f.Anonymous {
			list = append(list, column{name, f.Index})
		}
	}
	return list
}

func heading(name string) string { return i18n.T(vi, "procedure.sheet."+name) }

// sheet makes a sheet of rows of one type.
func sheet[T any](name string, rows []T) document.SheetOut {
	out := document.SheetOut{Name: i18n.T(vi, "procedure.sheets."+name)}
	columns := columnsOf(reflect.TypeFor[T]())
	for _, c := range columns {
		out.Columns = append(out.Columns, document.SheetColumn{Title: heading(c.name), Width: 22})
	}
	var cells [][]string
	for _, r := range rows {
		v := reflect.ValueOf(r)
		line := make([]string, len(columns))
		for i, c := range columns {
			line[i] = cell(c.name, v.FieldByIndex(c.index))
		}
		cells = append(cells, line)
	}
	out.Next = document.RowsOf(cells)
	return out
}

// cell writes a value as people read it; open ends, zero and no are left empty.
func cell(name string, v reflect.Value) string {
	switch x := v.Interface().(type) {
	case Limit:
		if !x.Known {
			return ""
		}
		return LimitWords(vi, x)
	case Evidence:
		return i18n.T(vi, "procedure.mark."+string(x.Mark)) + ": " + x.Words
	case []string:
		words := slices.Clone(x)
		for i := range words {
			words[i] = enumWord(name, words[i])
		}
		return strings.Join(words, "\n")
	case []int:
		return Joined(x)
	}
	switch v.Kind() {
	case reflect.Bool:
		if v.Bool() {
			return "x"
		}
		return ""
	case reflect.Int, reflect.Int64:
		return NumberTyped(v.Int())
	}
	if s := v.String(); (name == "from" || name == "to") && OpenEnd(s) == "" {
		return ""
	}
	return enumWord(name, v.String())
}

func enumWord(name, value string) string {
	e, there := enums[name]
	if !there || !slices.Contains(e.list, value) {
		return value
	}
	return i18n.T(vi, e.prefix+value)
}

func enumValue(name, shown string) string {
	e, there := enums[name]
	if there {
		for _, v := range e.list {
			if shown == i18n.T(vi, e.prefix+v) {
				return v
			}
		}
	}
	return shown
}

// headRow is what of an entry fits one row.
type headRow struct {
	Key  string `json:"key"`
	Kind Kind   `json:"kind"`
	Content
}

// ExportSheets makes the workbook of a catalogue.
func ExportSheets(entries []Entry, groups []Group) ([]document.SheetOut, error) {
	var heads []headRow
	var cases []caseRow
	var papers []paperRow
	var fees []feeRow
	var steps []stepRow
	var evidence []evidenceRow
	var members []memberRow
	for _, e := range entries {
		heads = append(heads, headRow{e.Key, e.Kind, e.Content})
		for _, v := range e.Content.Variants {
			cases = append(cases, caseRow{e.Key, v.Code, v.Name, v.Limit})
		}
		for _, p := range e.Content.Components {
			papers = append(papers, paperRow{e.Key, p})
		}
		for _, f := range e.Content.Fees {
			fees = append(fees, feeRow{e.Key, f})
		}
		for _, s := range e.Content.Steps {
			steps = append(steps, stepRow{e.Key, "", s})
		}
		for _, v := range e.Content.Variants {
			for _, s := range v.Steps {
				steps = append(steps, stepRow{e.Key, v.Code, s})
			}
		}
		for _, about := range slices.Sorted(mapKeys(e.Content.Evidence)) {
			evidence = append(evidence, evidenceRow{e.Key, about, e.Content.Evidence[about]})
		}
	}
	for _, g := range groups {
		for _, m := range g.Members {
			members = append(members, memberRow{g.Key, g.From, m})
		}
	}
	return []document.SheetOut{sheet(sheetHeads, heads), sheet(sheetCases, cases), sheet(sheetPapers, papers), sheet(sheetFees, fees), sheet(sheetSteps, steps),
		sheet(sheetEvidence, evidence), sheet(sheetGroups, groups), sheet(sheetMembers, members)}, nil
}

// ReadFile reads a catalogue from JSON or from a workbook that the catalogue gave.
// Refusals: those of Read and of package document.
func ReadFile(raw []byte) (Reading, error) {
	if !bytes.HasPrefix(raw, []byte("PK")) {
		return Read(raw)
	}
	if len(raw) > MostFileBytes {
		return Reading{}, errs.New(errs.TooLarge, "procedure.file_too_large", "max", MostFileBytes>>20)
	}
	sheets, err := document.ReadSheets(bytes.NewReader(raw), int64(len(raw)), "catalogue.xlsx", document.SheetLimits)
	if err != nil {
		return Reading{}, err
	}
	return readSheets(sheets)
}

func readSheets(sheets []document.Sheet) (out Reading, err error) {
	bad := []Doubt{}
	heads := read[headRow](sheets, sheetHeads, &bad)
	if len(heads) == 0 {
		return out, errs.New(errs.Invalid, "procedure.file_shape")
	}
	entries := make([]Entry, len(heads))
	at := map[string]*Content{}
	for i, h := range heads {
		entries[i] = Entry{h.Key, h.Kind, h.Content}
		at[h.Key] = &entries[i].Content
	}
	of := func(key string, add func(*Content)) {
		if c := at[key]; c != nil {
			add(c)
		} else {
			bad = append(bad, Doubt{Procedure: key, Field: "key", Code: "row_without_procedure"})
		}
	}
	for _, r := range read[caseRow](sheets, sheetCases, &bad) {
		of(r.Key, func(c *Content) { c.Variants = append(c.Variants, Variant{Code: r.Code, Name: r.Name, Limit: r.Limit}) })
	}
	for _, r := range read[paperRow](sheets, sheetPapers, &bad) {
		of(r.Key, func(c *Content) { c.Components = append(c.Components, r.Component) })
	}
	for _, r := range read[feeRow](sheets, sheetFees, &bad) {
		of(r.Key, func(c *Content) { c.Fees = append(c.Fees, r.Fee) })
	}
	for _, r := range read[stepRow](sheets, sheetSteps, &bad) {
		of(r.Key, func(c *Content) {
			if list, err := c.StepsOf(r.Variant); err == nil {
				*list = append(*list, r.Step)
			} else {
				bad = append(bad, Doubt{Procedure: r.Key, Field: "variant", Code: "row_without_procedure"})
			}
		})
	}
	for _, r := range read[evidenceRow](sheets, sheetEvidence, &bad) {
		of(r.Key, func(c *Content) {
			if c.Evidence == nil {
				c.Evidence = map[string]Evidence{}
			}
			c.Evidence[r.About] = r.Evidence
		})
	}
	groups := read[Group](sheets, sheetGroups, &bad)
	for _, m := range read[memberRow](sheets, sheetMembers, &bad) {
		for i := range groups {
			if groups[i].Key == m.Group && groups[i].From == m.From {
				groups[i].Members = append(groups[i].Members, m.Member)
			}
		}
	}
	out = readingOf(entries, groups)
	out.Doubts = append(bad, out.Doubts...)
	return out, nil
}

// read takes the rows of one sheet; a cell that cannot be read is a doubt and empty.
func read[T any](sheets []document.Sheet, name string, bad *[]Doubt) (list []T) {
	i := slices.IndexFunc(sheets, func(s document.Sheet) bool { return s.Name == i18n.T(vi, "procedure.sheets."+name) })
	if i < 0 || len(sheets[i].Rows) < 2 {
		return nil
	}
	columns := columnsOf(reflect.TypeFor[T]())
	for n, row := range sheets[i].Rows[1:] {
		var one T
		v := reflect.ValueOf(&one).Elem()
		empty := true
		for k, title := range sheets[i].Rows[0] {
			c := slices.IndexFunc(columns, func(c column) bool { return heading(c.name) == title })
			if c < 0 || k >= len(row) {
				continue
			}
			empty = empty && row[k] == ""
			if !fill(columns[c].name, v.FieldByIndex(columns[c].index), row[k]) {
				*bad = append(*bad, Doubt{Procedure: row[0], Field: name + "." + strconv.Itoa(n+2), Code: "cell_unreadable", Args: map[string]any{"column": title, "text": row[k]}})
			}
		}
		if !empty {
			list = append(list, one)
		}
	}
	return list
}

// fill reads a cell into a field; false when it cannot be read.
func fill(name string, v reflect.Value, shown string) bool {
	switch v.Interface().(type) {
	case Limit:
		l, ok := readLimitWords(shown)
		v.Set(reflect.ValueOf(l))
		return ok
	case Evidence:
		mark, words, _ := strings.Cut(shown, ": ")
		v.Set(reflect.ValueOf(Evidence{Mark(enumValue("mark", mark)), words}))
		return true
	case []string:
		var list []string
		for line := range strings.Lines(shown) {
			if line = strings.TrimSpace(line); line != "" {
				list = append(list, enumValue(name, line))
			}
		}
		v.Set(reflect.ValueOf(list))
		return true
	case []int:
		var list []int
		for _, w := range strings.FieldsFunc(shown, func(r rune) bool { return r == ',' || r == ' ' }) {
			n, err := strconv.Atoi(w)
			if err != nil {
				return false
			}
			list = append(list, n)
		}
		v.Set(reflect.ValueOf(list))
		return true
	}
	switch v.Kind() {
	case reflect.Bool:
		v.SetBool(shown != "")
		return shown == "" || text.Fold(shown) == "x"
	case reflect.Int, reflect.Int64:
		if shown == "" {
			return true
		}
		n, err := strconv.ParseInt(shown, 10, 64)
		v.SetInt(n)
		return err == nil
	}
	switch {
	case name == "from" && shown == "":
		shown = FirstDay
	case name == "to" && shown == "":
		shown = LastDay
	}
	v.SetString(enumValue(name, shown))
	return true
}

// readLimitWords reads "5 ngày làm việc"; nothing is not known.
func readLimitWords(shown string) (Limit, bool) {
	if shown == "" {
		return Limit{}, true
	}
	number, unit, _ := strings.Cut(shown, " ")
	n, err := strconv.ParseInt(strings.ReplaceAll(number, ".", ""), 10, 64)
	u, known := words.Units[text.Fold(unit)]
	if err != nil || !known {
		return Limit{}, false
	}
	return Limit{n, u, true}, true
}
