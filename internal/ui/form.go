package ui

import (
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"cchc/internal/decimal"
	"cchc/internal/errs"
	"cchc/internal/text"
)

// formMemory is how much of an upload is held in memory; the rest goes to a file.
const formMemory = 1 << 20

// Form is what a reader typed, kept as typed so that a form can come back with its
// faults marked. A handler reads the values, asks Err, calls its service, and when Keep
// says that the refusal belongs to the form, renders the same form again with status 422.
type Form struct {
	values url.Values
	faults []*errs.Error
}

// NewForm is a form before anything is typed; pairs are name, value.
func NewForm(pairs ...string) *Form {
	f := &Form{values: url.Values{}}
	for i := 0; i+1 < len(pairs); i += 2 {
		f.values.Add(pairs[i], pairs[i+1])
	}
	return f
}

// ReadForm reads a posted form, with its files left in r.MultipartForm. A body over the
// route's limit is refused (413), one that is no form too (422).
func ReadForm(r *http.Request) (*Form, error) {
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	var err error
	if kind == "multipart/form-data" {
		err = r.ParseMultipartForm(formMemory)
	} else {
		err = r.ParseForm()
	}
	if err != nil {
		return nil, BadForm(err)
	}
	return &Form{values: r.PostForm}, nil
}

// Query reads the filters of a list from its address.
func Query(r *http.Request) *Form { return &Form{values: r.URL.Query()} }

// Text is one line: NFC, blanks folded, ends trimmed.
func (f *Form) Text(name string) string { return text.Clean(f.values.Get(name)) }

// Long is text of several lines: NFC, lines ended by \n, ends trimmed.
func (f *Form) Long(name string) string {
	s := strings.ReplaceAll(f.values.Get(name), "\r\n", "\n")
	return strings.TrimSpace(text.NFC(s))
}

// Raw is the value as sent: passwords only.
func (f *Form) Raw(name string) string { return f.values.Get(name) }

// All is every value of check boxes.
func (f *Form) All(name string) []string {
	out := make([]string, 0, len(f.values[name]))
	for _, v := range f.values[name] {
		out = append(out, text.Clean(v))
	}
	return out
}

// Bool says whether a YesField is ticked.
func (f *Form) Bool(name string) bool { return f.values.Get(name) == "yes" }

// Has says whether the form holds the name at all.
func (f *Form) Has(name string) bool { return f.values.Has(name) }

// Int reads a whole number, thousands marked or not; "" is 0. What is no number becomes
// a fault of the field.
func (f *Form) Int(name string) int64 {
	s := f.Text(name)
	if s == "" {
		return 0
	}
	n, err := strconv.ParseInt(strings.NewReplacer(".", "", " ", "", "−", "-").Replace(s), 10, 64)
	if err != nil {
		f.fault(errs.OnField(name, "ui.not_a_number", "text", s))
	}
	return n
}

// Decimal reads a number with a decimal comma (1.234,5); a lone point is taken as the
// decimal mark unless exactly three digits follow it. "" is 0.
func (f *Form) Decimal(name string) decimal.D {
	s := f.Text(name)
	if s == "" {
		return decimal.Int(0)
	}
	plain := strings.ReplaceAll(strings.ReplaceAll(s, " ", ""), "−", "-")
	if whole, part, ok := strings.Cut(plain, ","); ok {
		plain = strings.ReplaceAll(whole, ".", "") + "." + part
	} else if dots := strings.Count(plain, "."); dots > 1 || dots == 1 && len(plain)-strings.Index(plain, ".") == 4 {
		plain = strings.ReplaceAll(plain, ".", "")
	}
	d, err := decimal.Parse(plain)
	if err != nil {
		f.fault(errs.OnField(name, "ui.not_a_number", "text", s))
	}
	return d
}

// Day reads dd/mm/yyyy (also d/m/yyyy, dd-mm-yyyy and 2026-10-14) as a stored day; "" is "".
func (f *Form) Day(name string) string {
	s := f.Text(name)
	if s == "" {
		return ""
	}
	day, ok := ParseDay(s)
	if !ok {
		f.fault(errs.OnField(name, "ui.not_a_day", "text", s))
	}
	return day
}

// ParseDay reads a day as people type it; false when there is no such day.
func ParseDay(s string) (day string, ok bool) {
	s = strings.NewReplacer("-", "/", ".", "/", " ", "").Replace(s)
	for _, layout := range []string{"2/1/2006", "2006/1/2"} {
		if t, err := time.Parse(layout, s); err == nil && t.Year() >= 1900 && t.Year() < 2200 {
			return t.Format(time.DateOnly), true
		}
	}
	return "", false
}

// Version reads the version that the reader saw. A form without one is stale by definition.
func (f *Form) Version() int64 {
	n, err := strconv.ParseInt(f.values.Get("version"), 10, 64)
	if err != nil {
		f.fault(errs.New(errs.Conflict, "ui.version_missing"))
	}
	return n
}

// Err is every value that could not be read, nil when all could.
func (f *Form) Err() error { return errs.List(f.faults).Err() }

// Keep takes refusals that belong to the form (something to correct, or a changed
// state) so that the form shows them, and says so; any other error is left to the router.
func (f *Form) Keep(err error) bool {
	all := errs.All(err)
	if len(all) == 0 {
		return false
	}
	for _, e := range all {
		if e.Kind != errs.Invalid && e.Kind != errs.Conflict && e.Kind != errs.TooLarge {
			return false
		}
	}
	f.faults = append([]*errs.Error(nil), all...)
	return true
}

// Status is 422 for a form with faults, else 200: for Page.Status.
func (f *Form) Status() int {
	if f.bad() {
		return http.StatusUnprocessableEntity
	}
	return http.StatusOK
}

// StatusFor is the status of a form that came back because of err: 409 when somebody
// else was faster, else Status.
func (f *Form) StatusFor(err error) int {
	if errs.KindOf(err) == errs.Conflict {
		return http.StatusConflict
	}
	return f.Status()
}

func (f *Form) fault(e *errs.Error) {
	for _, old := range f.faults {
		if old.Field == e.Field && old.Code == e.Code {
			return
		}
	}
	f.faults = append(f.faults, e)
}

func (f *Form) bad() bool { return f != nil && len(f.faults) > 0 }
