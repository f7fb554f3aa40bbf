package ui

import (
	"context"
	"slices"
	"strconv"

	"github.com/a-h/templ"

	"cchc/internal/i18n"
)

// Field describes one field of a form. With Form set, the typed value and the fault
// come from there.
type Field struct {
	Form     *Form
	Name     string
	Label    string
	Hint     string
	Value    string   // before anything is typed
	Values   []string // before anything is ticked, of a list of check boxes
	Optional bool     // says so; every other field is needed
	Width    string   // "w-10", "w-20", "w-40", "" is full width
	Type     string   // of the input: "password", "email", "tel"
	Auto     string   // autocomplete
	Mode     string   // inputmode
	Max      int      // longest text in characters
	Focus    bool     // gets the cursor when the page opens
}

// Choice is one choice of a list.
type Choice struct{ Value, Text, Hint string }

// fieldID is the id of a field: the error summary links to it.
func fieldID(name string) string { return "f-" + name }

func (f Field) id() string { return fieldID(f.Name) }

func (f Field) class() string {
	if f.Width == "" {
		return "input"
	}
	return "input " + f.Width
}

// value is what was typed, else what was there. A password never comes back.
func (f Field) value() string {
	if f.Type == "password" {
		return ""
	}
	if f.Form != nil && f.Form.values.Has(f.Name) {
		return f.Form.values.Get(f.Name)
	}
	return f.Value
}

func (f Field) holds(value string) bool {
	if f.Form != nil && f.Form.values.Has(f.Name) {
		return slices.Contains(f.Form.values[f.Name], value)
	}
	return f.Value == value || slices.Contains(f.Values, value)
}

// fault is the sentence of the field's first fault, "" for none.
func (f Field) fault(ctx context.Context) string {
	if f.Form == nil {
		return ""
	}
	for _, e := range f.Form.faults {
		if e.Field == f.Name {
			return i18n.Error(ctx, e)
		}
	}
	return ""
}

// attributes ties hint and fault to the field and says what it takes. No field is marked
// required in HTML: the browser's own bubble would hide our summary of all faults.
func (f Field) attributes(ctx context.Context) templ.Attributes {
	a := templ.Attributes{}
	described := ""
	if f.Hint != "" {
		described = f.id() + "-hint"
	}
	if f.fault(ctx) != "" {
		a["aria-invalid"] = "true"
		if described != "" {
			described += " "
		}
		described += f.id() + "-err"
	}
	for name, value := range map[string]string{"aria-describedby": described, "autocomplete": f.Auto, "inputmode": f.Mode} {
		if value != "" {
			a[name] = value
		}
	}
	if f.Max > 0 {
		a["maxlength"] = strconv.Itoa(f.Max)
	}
	if f.Focus {
		a["autofocus"] = true
	}
	return a
}

// asDay shows a stored day as people type it.
func (f Field) asDay(ctx context.Context) Field {
	if f.Value != "" {
		f.Value = i18n.Day(i18n.WithLang(ctx, i18n.Vi), f.Value)
	}
	if f.Hint == "" {
		f.Hint = i18n.T(ctx, "ui.form.day_hint")
	}
	f.Width = "w-10"
	return f
}

func (f Field) asNumber() Field {
	if f.Width == "" {
		f.Width = "w-10"
	}
	f.Mode = "decimal"
	return f
}

func (f Field) asFile(ctx context.Context, kinds string, limit int64) Field {
	line := i18n.T(ctx, "ui.form.file_hint", "kinds", kinds, "max", strconv.FormatInt(limit>>20, 10))
	if f.Hint != "" {
		line = f.Hint + " " + line
	}
	f.Hint = line
	return f
}
