package plan

import (
	"context"
	"strconv"
	"strings"

	"cchc/internal/i18n"
	"cchc/internal/ui"
)

// columns applies what a person said about the columns of a file: rows as Preview reads
// them. When the person asked to say it, v.Raw is set instead and the page asks.
func (v *importView) columns(f *ui.Form, rows [][]string) ([][]string, error) {
	if f.Text("step") == "columns" {
		at, _ := headingOf(rows)
		v.ask(rows, max(at, 0))
		return nil, nil
	}
	if !f.Has("heading") {
		return rows, nil
	}
	v.Heading = int(f.Int("heading")) - 1
	if err := f.Err(); err != nil {
		return nil, err
	}
	v.Picked = []string{}
	for i := 0; f.Has(columnName(i)); i++ {
		v.Picked = append(v.Picked, f.Text(columnName(i)))
	}
	out, err := Remap(rows, v.Heading, v.Picked)
	if err != nil {
		f.Fault(err)
		picked := v.Picked
		v.ask(rows, max(0, min(v.Heading, len(rows)-1)))
		v.Picked = picked
		return nil, nil
	}
	return out, nil
}

// ask prepares the page that asks which column is what, with what the words of the
// heading propose.
func (v *importView) ask(rows [][]string, heading int) {
	v.Raw, v.Heading, v.Read = rows, heading, nil
	v.Picked = nil
	if heading < len(rows) {
		v.Picked = mapColumns(rows[heading])
	}
}

func columnName(i int) string { return "column_" + strconv.Itoa(i) }

// fieldChoices are the fields that a column may carry.
func fieldChoices(ctx context.Context) []ui.Choice {
	var out []ui.Choice
	for _, field := range Columns {
		out = append(out, ui.Choice{Value: field, Text: i18n.T(ctx, "planimport.field."+field)})
	}
	return out
}

// columnLabel names a column by its letter, as spreadsheets do, and its heading.
func (v importView) columnLabel(ctx context.Context, i int) string {
	head := ""
	if v.Heading < len(v.Raw) && i < len(v.Raw[v.Heading]) {
		head = v.Raw[v.Heading][i]
	}
	return i18n.T(ctx, "planimport.column", "letter", letter(i), "head", head)
}

// letter is the name of a column in a spreadsheet: A … Z, AA …
func letter(i int) string {
	name := ""
	for i++; i > 0; i = (i - 1) / 26 {
		name = string(rune('A'+(i-1)%26)) + name
	}
	return name
}

// samples are the first cells under a column's heading, for a person to recognise it.
func (v importView) samples(i int) string {
	var out []string
	for j := v.Heading + 1; j < len(v.Raw) && len(out) < 3; j++ {
		if i < len(v.Raw[j]) && strings.TrimSpace(v.Raw[j][i]) != "" {
			out = append(out, shorten(v.Raw[j][i], 60))
		}
	}
	return strings.Join(out, " · ")
}

func shorten(s string, most int) string {
	runes := []rune(strings.ReplaceAll(s, "\n", " "))
	if len(runes) <= most {
		return string(runes)
	}
	return string(runes[:most]) + "…"
}

// width is how many columns the file has.
func (v importView) width() int {
	if len(v.Raw) == 0 {
		return 0
	}
	return len(v.Raw[0])
}

func at0(list []string, i int) string {
	if i < len(list) {
		return list[i]
	}
	return ""
}
