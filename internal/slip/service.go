package slip

import (
	"context"
	"io"
	"slices"
	"time"

	"cchc/internal/audit"
	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/document"
	"cchc/internal/errs"
	"cchc/internal/identity"
	"cchc/internal/text"
)

// Source tells what slips say of a dossier; app wires it to the one-stop shop. It answers
// within the reach of the reader of ctx and refuses a dossier out of reach as not found.
type Source interface {
	Slip(ctx context.Context, kind Kind, code string) (Data, error)
}

// Service prints slips and keeps the forms of the province.
type Service struct {
	DB     *db.DB
	Clock  clock.Clock
	Log    *audit.Log
	Source Source
}

func (s *Service) may(ctx context.Context, right string) (identity.Actor, error) {
	a := identity.From(ctx)
	if !a.SignedIn() {
		return a, errs.New(errs.Unauthenticated, "identity.sign_in_first")
	}
	if !a.Has(right) {
		return a, errs.New(errs.Forbidden, "slip.right_missing")
	}
	return a, nil
}

// TemplateOn finds the form that holds on a day: the province's own, else the shipped one.
func (s *Service) TemplateOn(ctx context.Context, kind Kind, day string) (t Template, err error) {
	at := slices.IndexFunc(Shipped(), func(t Template) bool { return t.Kind == kind })
	if at < 0 {
		return t, errs.New(errs.NotFound, "slip.kind_unknown")
	}
	t = Shipped()[at]
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		own, found, err := inForce(tx, kind, day)
		if found {
			t = own.Template
		}
		return err
	})
	return t, err
}

// Format is how a slip is wanted.
type Format string

// The formats.
const (
	Word Format = "docx"
	PDF  Format = "pdf"
	Roll Format = "roll" // 80 mm, form 01 only
)

// Print writes one slip of a dossier. The form is the one that holds today: a slip is
// printed for now, what was handed out before stays as it was. Refusals: slip.kind_unknown,
// slip.format_unknown, slip.nothing_to_say, and not found of the source.
func (s *Service) Print(ctx context.Context, kind Kind, code string, format Format, out io.Writer) error {
	if _, err := s.may(ctx, RightPrint); err != nil {
		return err
	}
	if format != Word && format != PDF && (format != Roll || kind != Receipt) {
		return errs.New(errs.NotFound, "slip.format_unknown")
	}
	now := s.Clock()
	t, err := s.TemplateOn(ctx, kind, clock.Day(now))
	if err != nil {
		return err
	}
	d, err := s.Source.Slip(ctx, kind, code)
	if err != nil {
		return err
	}
	if d.Day == "" {
		d.Day = clock.Day(now)
	}
	if err := d.enough(kind); err != nil {
		return err
	}
	return write(ctx, t, d, format, now, out)
}

func write(ctx context.Context, t Template, d Data, format Format, now time.Time, out io.Writer) error {
	switch format {
	case Word:
		return document.Docx(out, Document(ctx, t, d))
	case Roll:
		return document.StripPDF(out, Strip(ctx, t, d), now)
	}
	return document.PDF(out, Document(ctx, t, d), now)
}

// enough refuses a slip that would say nothing: a request for papers without a paper, a
// refusal without a reason, an apology without a new day, a receipt for no result.
func (d Data) enough(kind Kind) error {
	empty := false
	switch kind {
	case Receipt:
		empty = d.Received.IsZero()
	case Supplement:
		empty = len(d.Missing) == 0 || d.Reason == ""
	case Refusal:
		empty = d.Reason == ""
	case Apology:
		empty = d.NewDue.IsZero() || d.Reason == ""
	case ResultReceipt:
		empty = d.Returned.IsZero()
	}
	if empty {
		return errs.New(errs.Conflict, "slip.nothing_to_say")
	}
	return nil
}

// FormPage is a form as the settings show it.
type FormPage struct {
	Template
	Own      bool // the province's own holds
	FromDay  string
	Versions []Version
}

// Version is one form of the province.
type Version struct {
	FromDay string
	MadeMs  int64
}

// Forms lists the forms that hold today.
func (s *Service) Forms(ctx context.Context) (list []FormPage, err error) {
	for _, k := range Kinds {
		f, err := s.Form(ctx, k)
		if err != nil {
			return nil, err
		}
		list = append(list, f)
	}
	return list, nil
}

// Form reads one form with its versions. Refusals: slip.kind_unknown, slip.right_missing.
func (s *Service) Form(ctx context.Context, kind Kind) (f FormPage, err error) {
	if _, err := s.may(ctx, RightPrint); err != nil {
		return f, err
	}
	today := clock.Day(s.Clock())
	if f.Template, err = s.TemplateOn(ctx, kind, today); err != nil {
		return f, err
	}
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		f.Versions, f.Own, f.FromDay = nil, false, ""
		all, err := versionsOf(tx, kind)
		for _, v := range all {
			f.Versions = append(f.Versions, Version{v.FromDay, v.MadeMs})
			if !f.Own && v.FromDay <= today {
				f.Own, f.FromDay = true, v.FromDay
			}
		}
		return err
	})
	return f, err
}

// Change keeps a form of the province from a day on. What is no word is kept from the form
// that held: its number, its list, its code. Refusals: slip.day_past for a day before
// today, slip.day_unreadable, and those of Template.Check.
func (s *Service) Change(ctx context.Context, kind Kind, fromDay string, change Template) error {
	a, err := s.may(ctx, RightTemplate)
	if err != nil {
		return err
	}
	now := s.Clock()
	if t, err := clock.ParseDay(fromDay); err != nil || clock.Day(t) != fromDay {
		return errs.OnField("from_day", "slip.day_unreadable")
	}
	if fromDay < clock.Day(now) { // what was handed out keeps its form
		return errs.OnField("from_day", "slip.day_past")
	}
	t, err := s.TemplateOn(ctx, kind, clock.Day(now))
	if err != nil {
		return err
	}
	t.Title, t.Symbol, t.Basis = text.Clean(change.Title), text.Clean(change.Symbol), text.Clean(change.Basis)
	t.Lines, t.After, t.Sign, t.Mark = tidy(change.Lines), tidy(change.After), change.Sign, ""
	if err := t.Check(); err != nil {
		return err
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		if err := putTemplate(tx, stored{Template: t, ID: db.NewID(), FromDay: fromDay, Account: a.AccountID, MadeMs: now.UnixMilli()}); err != nil {
			return err
		}
		return s.Log.Record(tx, a.Who(), audit.Entry{Kind: "slip.template", Subject: "slip_template:" + string(kind), After: map[string]any{"from": fromDay, "title": t.Title}})
	})
}

// tidy cleans the lines of a form and leaves out empty ones.
func tidy(lines []string) (out []string) {
	for _, l := range lines {
		if l = text.Clean(l); l != "" {
			out = append(out, l)
		}
	}
	return out
}

// Preview writes a form over an example dossier: what a change would look like.
func (s *Service) Preview(ctx context.Context, kind Kind, format Format, out io.Writer) error {
	if _, err := s.may(ctx, RightPrint); err != nil {
		return err
	}
	if format != Word && format != PDF && (format != Roll || kind != Receipt) {
		return errs.New(errs.NotFound, "slip.format_unknown")
	}
	now := s.Clock()
	t, err := s.TemplateOn(ctx, kind, clock.Day(now))
	if err != nil {
		return err
	}
	return write(ctx, t, example(ctx, now), format, now, out)
}
