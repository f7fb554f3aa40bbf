package quality

import (
	"context"
	"strings"
	"time"

	"cchc/internal/audit"
	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/errs"
	"cchc/internal/identity"
	"cchc/internal/org"
	"cchc/internal/text"
)

// SheetView is a sheet as its page shows it.
type SheetView struct {
	Sheet
	AgencyName string
	Self       int64 // totals in tenths
	Total      int64
	Done       bool   // every mark is verified
	Class      string // of a verified unit; an officer's total has no classes in the sources
	Can        map[string]bool
}

// computed gives the marks that records tell of a unit; the others are None. Nothing is
// recorded per officer, so an officer's marks are all judged.
func (s *Service) computed(tx *db.Tx, sheet Sheet, now time.Time) (map[int]int64, error) {
	out := map[int]int64{}
	for i := 1; i <= Items; i++ {
		out[i] = None
	}
	p, err := ParsePeriod(sheet.Period)
	if err != nil || sheet.Officer != "" {
		return out, err
	}
	read := map[string]Fact{}
	for _, code := range []string{"dossier.form_early", "dossier.form_on_time", "dossier.form_late", "dossier.asked_none", "dossier.asked_once", "dossier.asked_more",
		"feedback.on_time_rate", "procedure.online_rate", "dossier.online_rate", "dossier.online_late"} {
		if read[code], err = s.fact(tx, code, sheet.Agency, p, now); err != nil {
			return nil, err
		}
	}
	all := func(codes ...string) bool {
		for _, c := range codes {
			if !read[c].Known {
				return false
			}
		}
		return true
	}
	if all("dossier.form_early", "dossier.form_on_time", "dossier.form_late") {
		// 2 points for a dossier before its day, 1 on it, 0 after: the unit's mark is the mean.
		out[1] = Mean(read["dossier.form_early"].Numerator, read["dossier.form_on_time"].Numerator, read["dossier.form_late"].Numerator)
	}
	if all("dossier.asked_none", "dossier.asked_once", "dossier.asked_more") {
		out[3] = Mean(read["dossier.asked_none"].Numerator, read["dossier.asked_once"].Numerator, read["dossier.asked_more"].Numerator)
	}
	if f := read["feedback.on_time_rate"]; f.Known {
		out[8] = Feedback(f.Numerator, f.Denominator)
	}
	if all("procedure.online_rate", "dossier.online_rate", "dossier.online_late") {
		out[9] = Online(read["procedure.online_rate"], read["dossier.online_rate"], read["dossier.online_late"].Numerator)
	}
	return out, nil
}

// refresh puts today's computed marks into a sheet; a unit's own mark follows them.
func (s *Service) refresh(tx *db.Tx, sheet *Sheet, now time.Time) error {
	computed, err := s.computed(tx, *sheet, now)
	for i, m := range sheet.Marks {
		if sheet.Marks[i].Computed = computed[m.Item]; computed[m.Item] != None {
			sheet.Marks[i].Self = computed[m.Item]
		}
	}
	return err
}

// Begin opens the sheet of a unit, or of an officer by name, for a quarter; one that
// exists is given again. Refusals: quality.quarter_only, quality.agency_unknown.
func (s *Service) Begin(ctx context.Context, agency, period, officer string) (id string, err error) {
	p, err := ParsePeriod(period)
	if err == nil && !strings.Contains(p.Code, "-Q") {
		err = errs.OnField("period", "quality.quarter_only")
	}
	if err != nil {
		return "", err
	}
	officer = text.Clean(officer)
	err = s.write(ctx, func(tx *db.Tx, a identity.Actor, now time.Time) error {
		if err := identity.RequireSeen(tx, a, RightView, RightScore, agency, now, unknownAgency()); err != nil {
			return err
		}
		found := false
		if id, found, err = sheetOf(tx, agency, p.Code, officer); err != nil || found {
			return err
		}
		sheet := Sheet{ID: db.NewID(), Agency: agency, Officer: officer, Period: p.Code, State: Open, ChangedMs: now.UnixMilli(), Version: 1}
		for _, item := range Wanted(officer != "") {
			sheet.Marks = append(sheet.Marks, Mark{Item: item, Computed: None, Self: None, Verified: None})
		}
		if err := s.refresh(tx, &sheet, now); err != nil {
			return err
		}
		id = sheet.ID
		if err := addSheet(tx, sheet); err != nil {
			return err
		}
		return s.record(tx, a, "quality.sheet", sheet, "")
	})
	return id, err
}

// record writes the log entry of a sheet; an officer's name stays out of it.
func (s *Service) record(tx *db.Tx, a identity.Actor, kind string, sheet Sheet, reason string) error {
	self, _ := Total(sheet.Marks, func(m Mark) int64 { return m.Self })
	verified, _ := Total(sheet.Marks, func(m Mark) int64 { return m.Verified })
	return s.Log.Record(tx, a.Who(), audit.Entry{Kind: kind, Subject: "quality_sheet:" + sheet.ID, Agency: sheet.Agency, Reason: reason,
		After: map[string]any{"period": sheet.Period, "state": string(sheet.State), "of_officer": sheet.Officer != "", "self_tenths": self, "verified_tenths": verified}})
}

// Sheet reads one sheet. Refusal: quality.sheet_unknown, also out of reach.
func (s *Service) Sheet(ctx context.Context, id string) (v SheetView, err error) {
	err = s.read(ctx, func(tx *db.Tx, a identity.Actor, now time.Time) error {
		v = SheetView{Can: map[string]bool{}}
		if v.Sheet, err = findSheet(tx, id, a.Reach(RightView), now.UnixMilli()); err != nil {
			return err
		}
		if v.AgencyName, err = org.NameOn(tx, v.Agency, clock.Day(now)); err != nil {
			return err
		}
		v.Self, _ = Total(v.Marks, func(m Mark) int64 { return m.Self })
		v.Total, v.Done = Total(v.Marks, func(m Mark) int64 { return m.Verified })
		if v.State == Verified && v.Officer == "" {
			v.Class = ClassOf(shipped.Classes, v.Total)
		}
		v.Can["score"] = v.State == Open && identity.Require(tx, a, RightScore, v.Agency, now) == nil
		mayVerify := v.State == Submitted && identity.Require(tx, a, RightVerify, v.Agency, now) == nil
		v.Can["verify"] = mayVerify && v.ScoredBy != a.AccountID
		v.Can["return"] = mayVerify
		return nil
	})
	return v, err
}

// on changes one sheet: reach, right, version, fn, save, record.
func (s *Service) on(ctx context.Context, id string, version int64, right, kind, reason string, fn func(*db.Tx, *Sheet, identity.Actor, time.Time) error) error {
	return s.write(ctx, func(tx *db.Tx, a identity.Actor, now time.Time) error {
		sheet, err := findSheet(tx, id, a.Reach(RightView), now.UnixMilli())
		if err != nil {
			return err
		}
		if err := identity.Require(tx, a, right, sheet.Agency, now); err != nil {
			return err
		}
		if sheet.Version != version {
			return errs.New(errs.Conflict, "quality.changed_meanwhile")
		}
		if err := fn(tx, &sheet, a, now); err != nil {
			return err
		}
		sheet.ChangedMs = now.UnixMilli()
		if err := saveSheet(tx, sheet); err != nil {
			return err
		}
		return s.record(tx, a, kind, sheet, reason)
	})
}

// Score keeps the marks that the unit gives itself, with their evidence; computed items
// take the computed mark whatever was sent. Refusals: quality.not_open,
// quality.mark_range, quality.evidence_missing, quality.changed_meanwhile.
func (s *Service) Score(ctx context.Context, id string, version int64, marks []Mark) error {
	return s.on(ctx, id, version, RightScore, "quality.score", "", func(tx *db.Tx, sheet *Sheet, a identity.Actor, now time.Time) error {
		if sheet.State != Open {
			return errs.New(errs.Conflict, "quality.not_open")
		}
		given := byItem(marks)
		for i, m := range sheet.Marks {
			if in, found := given[m.Item]; found {
				sheet.Marks[i].Self, sheet.Marks[i].Evidence = in.Self, text.Clean(in.Evidence)
			}
		}
		if err := s.refresh(tx, sheet, now); err != nil {
			return err
		}
		var l errs.List
		for _, m := range sheet.Marks {
			if m.Self != None {
				l = append(l, errs.All(m.score())...)
			}
		}
		sheet.ScoredBy = a.AccountID
		return l.Err()
	})
}

func byItem(marks []Mark) map[int]Mark {
	out := make(map[int]Mark, len(marks))
	for _, m := range marks {
		out[m.Item] = m
	}
	return out
}

// Submit sends a complete sheet to be verified. Refusals: quality.wrong_state,
// quality.mark_missing.
func (s *Service) Submit(ctx context.Context, id string, version int64) error {
	return s.on(ctx, id, version, RightScore, "quality.submit", "", func(tx *db.Tx, sheet *Sheet, a identity.Actor, now time.Time) (err error) {
		if sheet.State, err = Moves.Next(sheet.State, "submit", "quality.wrong_state"); err != nil {
			return err
		}
		if err := s.refresh(tx, sheet, now); err != nil {
			return err
		}
		sheet.ScoredBy = a.AccountID
		for _, m := range sheet.Marks {
			if m.Self == None {
				return errs.New(errs.Conflict, "quality.mark_missing", "n", m.Item)
			}
			if err := m.score(); err != nil {
				return err
			}
		}
		return nil
	})
}

// Return gives a sheet back to its unit with a reason. Refusals: quality.wrong_state,
// quality.return_reason.
func (s *Service) Return(ctx context.Context, id string, version int64, reason string) error {
	reason = text.Clean(reason)
	return s.on(ctx, id, version, RightVerify, "quality.return", reason, func(_ *db.Tx, sheet *Sheet, _ identity.Actor, _ time.Time) (err error) {
		if sheet.State, err = Moves.Next(sheet.State, "return", "quality.wrong_state"); err == nil && reason == "" {
			err = errs.OnField("reason", "quality.return_reason")
		}
		return err
	})
}

// Verify keeps the verified marks of all items and closes the sheet. Who scored it may not
// (separation of duties). Refusals: quality.own_sheet, quality.wrong_state,
// quality.mark_range, quality.reason_missing.
func (s *Service) Verify(ctx context.Context, id string, version int64, marks []Mark) error {
	return s.on(ctx, id, version, RightVerify, "quality.verify", "", func(_ *db.Tx, sheet *Sheet, a identity.Actor, _ time.Time) (err error) {
		if sheet.State, err = Moves.Next(sheet.State, "verify", "quality.wrong_state"); err != nil {
			return err
		}
		if sheet.ScoredBy == a.AccountID {
			return errs.New(errs.Forbidden, "quality.own_sheet")
		}
		given := byItem(marks)
		var l errs.List
		for i, m := range sheet.Marks {
			in, found := given[m.Item]
			if !found {
				in.Verified = None
			}
			m.Verified, m.Reason = in.Verified, text.Clean(in.Reason)
			sheet.Marks[i] = m
			l = append(l, errs.All(m.verify())...)
		}
		sheet.VerifiedBy = a.AccountID
		return l.Err()
	})
}

// Sheets lists the sheets of a quarter within reach, the best verified units first.
// Refusals: quality.quarter_only, quality.period_unreadable.
func (s *Service) Sheets(ctx context.Context, period string) (list []Ranked, err error) {
	p, err := ParsePeriod(period)
	if err != nil {
		return nil, err
	}
	err = s.read(ctx, func(tx *db.Tx, a identity.Actor, now time.Time) error {
		list, err = rankedSheets(tx, a.Reach(RightView), p.Code, now.UnixMilli())
		return err
	})
	return list, err
}
