package dossier

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"cchc/internal/db"
	"cchc/internal/db/dbtest"
	"cchc/internal/errs"
)

func TestReceive_refusesBadInputWithEveryFaultAndKeepsNothing(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		for code, change := range map[string]func(*Receipt){
			"dossier.procedure_unknown":      func(r *Receipt) { r.Procedure = "bay" },
			"procedure.not_in_force":         func(r *Receipt) { r.Procedure = "old" },
			"dossier.agency_missing":         func(r *Receipt) { r.Receiving = "" },
			"dossier.agency_unknown":         func(r *Receipt) { r.Competent = "GL.KHONG" },
			"dossier.name_missing":           func(r *Receipt) { r.Applicant.Name = "  " },
			"dossier.id_number_form":         func(r *Receipt) { r.Applicant.IDNumber = "05208800123" },
			"dossier.id_number_made_up":      func(r *Receipt) { r.Applicant.IDNumber = "000000000001" },
			"dossier.id_kind_unknown":        func(r *Receipt) { r.Applicant.IDKind = "the" },
			"dossier.applicant_kind_unknown": func(r *Receipt) { r.Applicant.Kind = "robot" },
			"dossier.phone_form":             func(r *Receipt) { r.Applicant.Phone = "abc" },
			"dossier.email_form":             func(r *Receipt) { r.Applicant.Email = "an@" },
			"dossier.channel_unknown":        func(r *Receipt) { r.Channel = "fax" },
			"dossier.text_long":              func(r *Receipt) { r.Content = strings.Repeat("dài ", 400) },
			"dossier.received_in_future":     func(r *Receipt) { r.At = h.at.Add(time.Minute) },
			"dossier.received_long_ago":      func(r *Receipt) { r.At = h.at.AddDate(-2, 0, 0) },
			"dossier.component_unknown":      func(r *Receipt) { r.Papers[0].Component = "la" },
			"dossier.paper_name_missing":     func(r *Receipt) { r.Papers[0].Component = "" },
			"dossier.paper_counts":           func(r *Receipt) { r.Papers[0].Originals = -1 },
			"dossier.mark_unknown":           func(r *Receipt) { r.Papers[0].Digitised = 4 },
			"dossier.mark_without_file":      func(r *Receipt) { r.Papers[0].Digitised = 1 },
			"dossier.file_missing":           func(r *Receipt) { r.Papers[0].File = "khong-co" },
			"dossier.reused_unknown":         func(r *Receipt) { r.Papers[0].ReusedFrom = "GL.X001-250101-0001" },
		} {
			r := receipt("karaoke-new")
			change(&r)
			_, err := h.Receive(h.counter, r)
			h.refused(err, code)
		}
		r := receipt("karaoke-new")
		r.Applicant.IDNumber, r.Applicant.Name, r.Submitter = "1", "", &Party{Kind: "citizen"}
		_, err := h.Receive(h.counter, r)
		var fields []string
		for _, e := range errs.All(err) {
			fields = append(fields, e.Field)
		}
		if !slices.Equal(fields, []string{"applicant.name", "applicant.id_number", "submitter.name"}) {
			t.Errorf("faults on %v", fields)
		}
		for who, code := range map[context.Context]string{h.handler: "identity.right_missing", h.other: "identity.right_missing", h.nobody: "identity.right_missing", context.Background(): "identity.sign_in_first"} {
			_, err := h.Receive(who, receipt("karaoke-new"))
			h.refused(err, code)
		}
		if x := h.receive("karaoke-new"); x.Code != "GL.X001-261014-0001" {
			t.Errorf("a refused receipt took a number: %s", x.Code)
		}
	})
}

func TestReceive_keepsTheTermsOfItsDay(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		books := procedures()
		h.Procedures = books
		x := h.receive("karaoke-new")
		later := books["karaoke-new"]
		later.VersionID, later.Amount, later.Steps = "v2", 9, later.Steps[:2]
		books["karaoke-new"] = later
		y := h.receive("karaoke-new")
		if x.Terms == y.Terms || local(y.DueMs) != "2026-10-27 09:00" {
			t.Errorf("the new version: due %s", local(y.DueMs))
		}
		fresh := &Service{DB: h.DB, Clock: h.clock, Log: h.log, Procedures: books} // nothing in memory
		h.Service = fresh
		x = h.move(h.counter, x, Act{Move: "hand_over"})
		x = h.on("2026-10-15 09:00").move(h.handler, x, Act{Move: "ask_supplement", Reason: "thiếu"})
		x = h.on("2026-10-16 09:00").move(h.counter, x, Act{Move: "supply"})
		if v, err := h.Get(h.handler, x.Code); err != nil || v.Terms.VersionID != "v1" || len(v.Terms.Steps) != 5 || local(x.DueMs) != "2026-10-22 09:00" {
			t.Errorf("%v %s %d steps, due %s", err, v.Terms.VersionID, len(v.Terms.Steps), local(x.DueMs))
		}
	})
}

func TestReceive_severalAtOnceAllOrNone(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		bad := receipt("karaoke-new")
		bad.Applicant.Name = ""
		_, err := h.ReceiveAll(h.counter, []Receipt{receipt("karaoke-new"), bad})
		h.refused(err, "dossier.name_missing")
		list, err := h.ReceiveAll(h.counter, []Receipt{receipt("karaoke-new"), receipt("plain")})
		h.must(err)
		if len(list) != 2 || list[0].Code != "GL.X001-261014-0001" || list[1].Code != "GL.X001-261014-0002" || list[1].DueMs != 0 {
			t.Errorf("%+v", list)
		}
		_, err = h.ReceiveAll(h.counter, make([]Receipt, mostAtOnce+1))
		h.refused(err, "dossier.too_many_at_once")
	})
}

func TestDigitise_marksWithEvidenceAndCountsWhenFinished(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		first := h.receive("karaoke-new")
		r := receipt("karaoke-new")
		r.Papers = []PaperInput{{Component: "form", Originals: 1, Digitised: 1, ReusedFrom: first.Code}, {Component: "antt", Digitised: 2, ReusedFrom: first.Code}}
		x, err := h.Receive(h.counter, r)
		h.must(err)
		if x.DigitisedMs == 0 {
			t.Error("all papers are digitised by reuse")
		}
		v, err := h.Get(h.counter, x.Code)
		h.must(err)
		if v.Papers[0].ReusedCode != first.Code || v.Papers[0].Name != "Đơn đề nghị" {
			t.Errorf("%+v", v.Papers)
		}
		h.refuse(h.counter, first, Act{Move: "digitise", Paper: 9, Mark: 1}, "dossier.paper_unknown")
		h.refuse(h.counter, first, Act{Move: "digitise", Paper: 1, Mark: 1}, "dossier.mark_without_file")
		h.refuse(h.counter, first, Act{Move: "digitise", Paper: 1, Mark: 7}, "dossier.mark_unknown")
		h.signed(x)
		h.signed(first)
		if got := h.figure("dossier.digitised_rate", nil); got.Numerator != 1 || got.Denominator != 2 {
			t.Errorf("digitised %d of %d", got.Numerator, got.Denominator)
		}
		h.recounted()
	})
}

// TestPublicLookup_masksAndSlowsGuessing is acceptance check 10.
func TestPublicLookup_masksAndSlowsGuessing(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		h.Host = "dvc.gialai.vn"
		x := h.signed(h.receive("karaoke-new"))
		visitor := context.Background()
		p, err := h.PublicLookup(visitor, x.Code)
		h.must(err)
		if p.Applicant != "N*** V** A*" || p.IDNumber != "*********234" || p.State != Approved || p.Competent != "Sở Văn hóa, Thể thao và Du lịch" || p.ProcedureCode != "1.001029" {
			t.Errorf("%+v", p)
		}
		var moves []string
		for _, e := range p.Events {
			moves = append(moves, e.Move)
		}
		if !slices.Equal(moves, []string{"receive", "hand_over", "approve"}) {
			t.Errorf("public timeline %v", moves)
		}
		_, err = h.PublicLookup(visitor, "HN.X001-261014-0001")
		h.refused(err, "dossier.code_elsewhere")
		_, err = h.PublicLookup(visitor, "https://dichvucong.khac.gov.vn/tra-cuu/"+x.Code)
		h.refused(err, "dossier.qr_elsewhere")
		for i := range freeGuesses {
			_, err = h.PublicLookup(visitor, codeOf("GL.X001", "2026-10-14", 100+i))
			if i < freeGuesses-1 {
				h.refused(err, "dossier.unknown")
			}
		}
		_, err = h.PublicLookup(visitor, x.Code)
		h.refused(err, "dossier.guessing")
		h.at = h.at.Add(guessWindow)
		_, err = h.PublicLookup(visitor, x.Code)
		h.must(err)
	})
}

func TestList_withinReachByAgencyStateAndWords(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		var all []Dossier
		for range 5 {
			h.at = h.at.Add(time.Minute)
			all = append(all, h.receive("karaoke-new"))
		}
		h.at = h.at.Add(time.Minute)
		own := receipt("plain")
		own.Competent, own.Applicant.Name = "GL.X001", "Trần Thị Bình"
		x, err := h.Receive(h.counter, own)
		h.must(err)
		h.move(h.counter, all[0], Act{Move: "hand_over"})
		codes := func(who context.Context, f Filter) string {
			t.Helper()
			p, err := h.List(who, f)
			h.must(err)
			var list []string
			for _, l := range p.Lines {
				list = append(list, l.Code[len(l.Code)-1:])
			}
			return strings.Join(list, "")
		}
		for name, c := range map[string]struct {
			who  context.Context
			f    Filter
			want string
		}{
			"the counter sees all":             {h.counter, Filter{}, "654321"},
			"the department its own":           {h.handler, Filter{}, "54321"},
			"the province all":                 {h.viewer, Filter{}, "654321"},
			"another department none":          {h.other, Filter{}, ""},
			"by agency":                        {h.viewer, Filter{Agency: "GL.D08"}, "54321"},
			"by receiving agency":              {h.viewer, Filter{Agency: "gl.x001"}, "654321"},
			"by state":                         {h.counter, Filter{State: InProcess}, "1"},
			"by agency and state":              {h.viewer, Filter{Agency: "GL.X001", State: Received}, "65432"},
			"by name without marks":            {h.counter, Filter{Q: "tran thi binh"}, "6"},
			"by code":                          {h.counter, Filter{Q: all[2].Code}, "3"},
			"by content, once at both":         {h.viewer, Filter{Q: "nguyễn huệ"}, "654321"},
			"by words within an agency":        {h.viewer, Filter{Q: "karaoke", Agency: "GL.D08"}, "54321"},
			"by words and state":               {h.viewer, Filter{Q: "karaoke", State: InProcess}, "1"},
			"words of a foreign agency's find": {h.other, Filter{Q: "karaoke"}, ""},
		} {
			if got := codes(c.who, c.f); got != c.want {
				t.Errorf("%s: %q, want %q", name, got, c.want)
			}
		}
		p, err := h.List(h.viewer, Filter{Limit: 4})
		h.must(err)
		if p.Total.N != 6 || !p.Counted || len(p.Lines) != 4 || p.Next == "" {
			t.Errorf("first page %d of %v", len(p.Lines), p.Total)
		}
		p, err = h.List(h.viewer, Filter{Limit: 4, After: p.Next})
		h.must(err)
		if len(p.Lines) != 2 || p.Next != "" {
			t.Errorf("second page %d", len(p.Lines))
		}
		_, err = h.List(h.other, Filter{Agency: "GL.X001"})
		h.refused(err, "identity.right_missing")
		_, err = h.List(h.viewer, Filter{Agency: "GL.X999"})
		h.refused(err, "dossier.agency_unknown")
		_, err = h.List(h.viewer, Filter{State: "bay"})
		h.refused(err, "dossier.state_unknown")
		_, err = h.List(context.Background(), Filter{})
		h.refused(err, "identity.sign_in_first")
		for _, read := range []func(context.Context) error{
			func(c context.Context) error { _, err := h.Get(c, x.Code); return err },
			func(c context.Context) error { _, err := h.Timeline(c, x.Code, 0, 10); return err },
			func(c context.Context) error {
				_, err := h.Move(c, x.Code, Act{Move: "hand_over", Version: x.Version})
				return err
			},
		} {
			h.refused(read(h.other), "dossier.unknown")
			h.refused(read(h.handler), "dossier.unknown")
		}
	})
}
