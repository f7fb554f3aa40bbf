package pages

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"

	"cchc/internal/calendar"
	"cchc/internal/errs"
	"cchc/internal/i18n"
	"cchc/internal/procedure"
	"cchc/internal/process"
	"cchc/internal/text"
	"cchc/internal/ui"
)

// lineView is the form of one line of a list.
type lineView struct {
	versionView
	List, Case string
	N          int // 0 is a new one
	Form       *ui.Form
	Title      string
	Step       process.Step
	Paper      procedure.Component
	Fee        procedure.Fee
	Variant    procedure.Variant
}

// find reads the line of the address; "new" is none yet.
func (h *web) find(r *http.Request) (v lineView, err error) {
	v.List, v.Case, v.Form = r.PathValue("list"), r.URL.Query().Get("case"), ui.NewForm()
	if v.versionView, err = h.openVersion(r.Context(), r.PathValue("id")); err != nil {
		return v, err
	}
	if !v.Can["write"] {
		return v, errs.New(errs.Conflict, "procedure.not_draft")
	}
	if n := r.PathValue("n"); n != "new" {
		if v.N, err = strconv.Atoi(n); err != nil || v.N < 1 {
			return v, errs.New(errs.NotFound, "procedure.line_unknown")
		}
	}
	c := v.Content
	pick := func(length int) error {
		if v.N > length {
			return errs.New(errs.NotFound, "procedure.line_unknown")
		}
		return nil
	}
	switch v.List {
	case procedure.ListSteps:
		steps, fault := c.StepsOf(v.Case)
		if fault != nil {
			return v, fault
		}
		if err = pick(len(*steps)); err == nil && v.N > 0 {
			v.Step = (*steps)[v.N-1]
		} else {
			v.Step = process.Step{Stage: 1, Group: process.Handler, Known: true}
			if k := len(*steps); k > 0 {
				v.Step.Stage = (*steps)[k-1].Stage
			}
		}
	case procedure.ListPapers:
		if err = pick(len(c.Components)); err == nil && v.N > 0 {
			v.Paper = c.Components[v.N-1]
		} else {
			v.Paper = procedure.Component{Code: "TP" + strconv.Itoa(len(c.Components)+1), Originals: 1, Required: true}
		}
	case procedure.ListFees:
		if err = pick(len(c.Fees)); err == nil && v.N > 0 {
			v.Fee = c.Fees[v.N-1]
		} else {
			v.Fee = procedure.Fee{From: procedure.FirstDay, To: procedure.LastDay}
		}
	case procedure.ListVariants:
		if err = pick(len(c.Variants)); err == nil && v.N > 0 {
			v.Variant = c.Variants[v.N-1]
		}
	default:
		err = errs.New(errs.NotFound, "procedure.line_unknown")
	}
	key := "procedure." + v.List + ".new"
	if v.N > 0 {
		key = "procedure." + v.List + ".edit"
	}
	v.Title = i18n.T(r.Context(), key, "n", strconv.Itoa(v.N))
	return v, err
}

func (h *web) lineForm(w http.ResponseWriter, r *http.Request) error {
	v, err := h.find(r)
	if err != nil {
		return err
	}
	return h.showLine(w, r, v, 0)
}

func (h *web) showLine(w http.ResponseWriter, r *http.Request, v lineView, status int) error {
	return show(w, r, v.Title, status, linePage(v), v.crumbs(r.Context(), v.Title)...)
}

func (h *web) line(w http.ResponseWriter, r *http.Request) error {
	f, err := ui.ReadForm(r)
	if err != nil {
		return err
	}
	v, err := h.find(r)
	if err != nil {
		return err
	}
	v.Form = f
	version := f.Version()
	write := v.read(f)
	if err = f.Err(); err == nil {
		_, err = h.s.Write(r.Context(), v.ID, version, write)
	}
	if f.Keep(err) {
		return h.showLine(w, r, v, f.StatusFor(err))
	}
	if err != nil {
		return err
	}
	ui.Flash(w, r, "procedure.did.line")
	return ui.Back(w, r, v.path()+"#"+v.List)
}

// read takes the line from the form and returns what writes it.
func (v *lineView) read(f *ui.Form) func(*procedure.Content) error {
	switch v.List {
	case procedure.ListSteps:
		v.Step = readStep(f, v.Step)
		return func(c *procedure.Content) error { return c.PutStep(v.Case, v.N, v.Step) }
	case procedure.ListPapers:
		v.Paper = procedure.Component{Code: f.Text("code"), Name: f.Text("name"), Variant: f.Text("variant"), Originals: small(f, "originals"), Certified: small(f, "certified"), Copies: small(f, "copies"),
			Digitise: f.Text("digitise"), Required: f.Text("required") == "yes", RequiredIf: f.Text("required_if"), Source: f.Text("source"), Form: f.Text("form")}
		return func(c *procedure.Content) error { return c.PutComponent(v.N, v.Paper) }
	case procedure.ListFees:
		v.Fee = procedure.Fee{Code: v.Fee.Code, Kind: f.Text("kind"), Variant: f.Text("variant"), Area: f.Text("area"), Criterion: f.Text("criterion"), From: procedure.FirstDay, To: procedure.LastDay,
			Amount: f.Int("amount"), PerUnit: f.Text("per_unit"), Text: f.Text("text")}
		if f.Text("cap") != "" {
			v.Fee.Cap = f.Int("cap")
		}
		if f.Text("from") != "" {
			v.Fee.From = f.Day("from")
		}
		if f.Text("to") != "" {
			v.Fee.To = f.Day("to")
		}
		return func(c *procedure.Content) error { return c.PutFee(v.N, v.Fee) }
	}
	v.Variant.Name, v.Variant.Limit = f.Text("name"), readLimit(f, "limit")
	if v.N == 0 {
		v.Variant.Code = f.Text("code")
	}
	return func(c *procedure.Content) error { return c.PutVariant(v.N, v.Variant) }
}

// readStep reads a step over the step as it stands.
func readStep(f *ui.Form, s process.Step) process.Step {
	s.Actor, s.Do, s.Group, s.Parallel = f.Text("actor"), f.Text("do"), process.Group(f.Text("group")), f.Text("parallel")
	s.Stage, s.MaySendBack, s.ResultState = small(f, "stage"), f.Bool("back"), f.Text("result")
	s.Minutes, s.Known = hours(f, "hours")
	s.OnlineMinutes, _ = hours(f, "online_hours")
	s.Needs = nil
	for _, n := range strings.FieldsFunc(f.Text("needs"), func(r rune) bool { return r == ',' || r == ' ' || r == ';' }) {
		no, err := strconv.Atoi(n)
		if err != nil || no < 1 || no > process.MostSteps {
			f.Fault(errs.OnField("needs", "procedure.needs_unreadable"))
			continue
		}
		s.Needs = append(s.Needs, no)
	}
	return s
}

// hours reads hours of work, halves too; nothing typed is not known.
func hours(f *ui.Form, name string) (minutes int, known bool) {
	if f.Text(name) == "" {
		return 0, false
	}
	n, err := strconv.ParseFloat(f.Decimal(name).Fixed(2), 64)
	if err != nil || n < 0 || n > calendar.MaxDays*8 {
		f.Fault(errs.OnField(name, "procedure.hours_unreadable"))
		return 0, false
	}
	return int(n*60 + 0.5), true
}

// small reads a count; nothing typed is none.
func small(f *ui.Form, name string) int {
	if f.Text(name) == "" {
		return 0
	}
	n := f.Int(name)
	if n < 0 || n > 1000 {
		f.Fault(errs.OnField(name, "procedure.count_unreadable"))
		return 0
	}
	return int(n)
}

// readLimit reads an amount with its unit; nothing typed is not known.
func readLimit(f *ui.Form, name string) procedure.Limit {
	if f.Text(name+"_amount") == "" {
		return procedure.Limit{}
	}
	l := procedure.Limit{Amount: f.Int(name + "_amount"), Unit: calendar.Unit(f.Text(name + "_unit")), Known: true}
	if l.Amount < 0 || l.Amount > calendar.MaxDays {
		f.Fault(errs.OnField(name+"_amount", "procedure.count_unreadable"))
	}
	return l
}

func (h *web) arrange(w http.ResponseWriter, r *http.Request) error {
	return h.act(w, r, "procedure.did.line", func(ctx context.Context, id string, version int64, f *ui.Form) error {
		_, err := h.s.Write(ctx, id, version, func(c *procedure.Content) error {
			return c.Arrange(f.Text("list"), f.Text("case"), small(f, "n"), f.Text("do"))
		})
		return err
	})
}

// putBPMN takes the step table of a case from a BPMN file, in place of the one it has.
func (h *web) putBPMN(w http.ResponseWriter, r *http.Request) error {
	return h.act(w, r, "procedure.did.bpmn", func(ctx context.Context, id string, version int64, f *ui.Form) error {
		raw, err := upload(r)
		if err != nil {
			return err
		}
		steps, err := process.ReadBPMN(raw)
		if err != nil {
			return err
		}
		_, err = h.s.Write(ctx, id, version, func(c *procedure.Content) error {
			list, err := c.StepsOf(f.Text("case"))
			if err == nil {
				*list = steps
			}
			return err
		})
		return err
	})
}

// upload reads the file of a form.
func upload(r *http.Request) ([]byte, error) {
	if r.MultipartForm == nil || len(r.MultipartForm.File["file"]) == 0 {
		return nil, errs.OnField("file", "procedure.file_missing")
	}
	in, err := r.MultipartForm.File["file"][0].Open()
	if err != nil {
		return nil, err
	}
	raw, err := io.ReadAll(in)
	return raw, errors.Join(err, in.Close())
}

func (h *web) headForm(w http.ResponseWriter, r *http.Request) error {
	return h.showPart(w, r, "head", ui.NewForm(), 0)
}

func (h *web) rulesForm(w http.ResponseWriter, r *http.Request) error {
	return h.showPart(w, r, "rules", ui.NewForm(), 0)
}

func (h *web) showPart(w http.ResponseWriter, r *http.Request, part string, f *ui.Form, status int) error {
	v, err := h.openVersion(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	if !v.Can["write"] {
		return errs.New(errs.Conflict, "procedure.not_draft")
	}
	title := i18n.T(r.Context(), "procedure.edit_"+part)
	body := headPage(v, f, title)
	if part == "rules" {
		body = rulesPage(v, f, title)
	}
	return show(w, r, title, status, body, v.crumbs(r.Context(), title)...)
}

func (h *web) head(w http.ResponseWriter, r *http.Request) error {
	return h.part(w, r, "head", func(f *ui.Form) func(*procedure.Content) error {
		sets := small(f, "sets")
		return func(c *procedure.Content) error {
			c.Name, c.Code, c.Field, c.Level, c.Authority, c.Applicants = f.Text("name"), f.Text("code"), f.Text("field"), procedure.Level(f.Text("level")), f.Text("authority"), f.Text("applicants")
			c.Order, c.Channels, c.Sets, c.Note = f.Long("order"), f.All("channels"), sets, f.Long("note")
			c.Results, c.Conditions, c.Bases = linesOf(f.Long("results")), linesOf(f.Long("conditions")), linesOf(f.Long("bases"))
			return nil
		}
	})
}

func (h *web) rules(w http.ResponseWriter, r *http.Request) error {
	return h.part(w, r, "rules", func(f *ui.Form) func(*procedure.Content) error {
		limit, online, notice := readLimit(f, "limit"), readLimit(f, "online"), readLimit(f, "notice")
		return func(c *procedure.Content) error {
			c.Limit, c.OnlineLimit, c.SupplementNotice = limit, online, notice
			c.ServiceLevel, c.Pays, c.ReceivingRules, c.FeeText = f.Text("service"), f.Text("pays"), f.Long("receiving_rules"), f.Long("fee_text")
			c.PausesForPayment, c.ReceiptNeeded, c.SameDay, c.ReturnsDocument = f.Bool("pauses"), f.Bool("receipt"), f.Bool("same_day"), f.Bool("returns")
			return nil
		}
	})
}

// part writes one of the two forms of what is not a list.
func (h *web) part(w http.ResponseWriter, r *http.Request, part string, read func(*ui.Form) func(*procedure.Content) error) error {
	f, err := ui.ReadForm(r)
	if err != nil {
		return err
	}
	version, write := f.Version(), read(f)
	if err = f.Err(); err == nil {
		_, err = h.s.Write(r.Context(), r.PathValue("id"), version, write)
	}
	if f.Keep(err) {
		return h.showPart(w, r, part, f, f.StatusFor(err))
	}
	if err != nil {
		return err
	}
	ui.Flash(w, r, "procedure.did.line")
	return ui.Back(w, r, "/procedure-versions/"+r.PathValue("id"))
}

func linesOf(words string) (list []string) {
	for l := range strings.Lines(words) {
		if l = text.Clean(l); l != "" {
			list = append(list, l)
		}
	}
	return list
}
