package report

import (
	"context"
	"errors"
	"time"

	"cchc/internal/audit"
	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/errs"
	"cchc/internal/identity"
	"cchc/internal/indicator"
	"cchc/internal/text"
)

// Write puts a person's words into a section; empty words give it back to the figures.
// Refusals: report.signed_already, report.part_unknown, report.changed_meanwhile.
func (s *Service) Write(ctx context.Context, id string, version int64, no int, words string) error {
	return s.on(ctx, id, version, "report.draft", func(tx *db.Tx, r *Report, a identity.Actor) error {
		if r.State != Drafting {
			return errs.New(errs.Conflict, "report.not_drafting")
		}
		parts, err := partsOf(tx, id)
		if err != nil {
			return err
		}
		if no < 1 || no > len(parts) {
			return errs.OnField("part", "report.part_unknown")
		}
		p := parts[no-1]
		before := p.Text
		if p.Text, p.Edited = text.NFC(words), true; p.Text == "" {
			p.Text, p.Edited = p.Told, false
		}
		if err := savePart(tx, id, p); err != nil {
			return err
		}
		return s.Log.Record(tx, a.Who(), audit.Entry{Kind: "report.write", Subject: "report_report:" + id, Agency: a.AgencyID,
			Before: map[string]any{"part": p.Code, "text": before}, After: map[string]any{"part": p.Code, "text": p.Text}})
	})
}

// Refresh lets the figures of today rewrite the sections that nobody edited.
func (s *Service) Refresh(ctx context.Context, id string, version int64) error {
	return s.on(ctx, id, version, "report.draft", func(tx *db.Tx, r *Report, a identity.Actor) error {
		if r.State != Drafting {
			return errs.New(errs.Conflict, "report.not_drafting")
		}
		annex, err := s.count(tx, *r)
		if err != nil {
			return err
		}
		parts, err := partsOf(tx, id)
		if err != nil {
			return err
		}
		for _, p := range parts {
			if p.Told = tell(p.Code, *r, annex); !p.Edited {
				p.Text = p.Told
			}
			if err := savePart(tx, id, p); err != nil {
				return err
			}
		}
		return s.Log.Record(tx, a.Who(), audit.Entry{Kind: "report.refresh", Subject: "report_report:" + id, Agency: a.AgencyID})
	})
}

// Submit hands a report in for signature.
func (s *Service) Submit(ctx context.Context, id string, version int64) error {
	return s.on(ctx, id, version, "report.draft", func(tx *db.Tx, r *Report, a identity.Actor) error {
		r.SubmittedBy = a.AccountID
		return s.move(tx, r, "submit", "", a)
	})
}

// Return gives a report back to who drafts it, with a reason.
func (s *Service) Return(ctx context.Context, id string, version int64, reason string) error {
	if reason = text.Clean(reason); reason == "" {
		return errs.OnField("reason", "report.reason_missing")
	}
	return s.on(ctx, id, version, "report.sign", func(tx *db.Tx, r *Report, a identity.Actor) error {
		return s.move(tx, r, "return", reason, a)
	})
}

// Sign freezes the figures, with the records behind each, and gives the report its
// number. Not by who drafted it or handed it in, nor while its period runs.
// Refusals: report.own_draft, report.period_open, report.number_missing.
func (s *Service) Sign(ctx context.Context, id string, version int64, number, signer string) error {
	number, signer = text.Clean(number), text.Clean(signer)
	var faults errs.List
	if number == "" {
		faults = append(faults, errs.OnField("number", "report.number_missing"))
	}
	if signer == "" {
		faults = append(faults, errs.OnField("signer", "report.signer_missing"))
	}
	if err := faults.Err(); err != nil {
		return err
	}
	return s.on(ctx, id, version, "report.sign", func(tx *db.Tx, r *Report, a identity.Actor) error {
		today := clock.Day(s.Clock())
		if err := mayBeSigned(*r, a, today); err != nil {
			return err
		}
		annex, err := s.count(tx, *r)
		if err != nil {
			return err
		}
		if r.AnnexText, r.Digest, err = annex.text(); err != nil {
			return err
		}
		for _, f := range annex.Figures {
			if err := s.keepCounted(tx, *r, f.Code); err != nil {
				return err
			}
		}
		r.Number, r.Signer, r.SignedDay, r.SignedBy = number, signer, today, a.AccountID
		return s.move(tx, r, "sign", "", a)
	})
}

// keepCounted writes down every record that a figure counts now.
func (s *Service) keepCounted(tx *db.Tx, r Report, code string) error {
	ind, ok := s.Figures.Get(code)
	if !ok {
		return errors.New("report: no indicator " + code)
	}
	scope := indicator.Scope{Now: s.Clock(), Dims: map[string]string{"plan": r.PlanID}}
	for after, no := "", 0; ; {
		page, err := ind.Open(tx, scope, r.period(), after, 500)
		if err != nil {
			return err
		}
		for _, rec := range page.Rows {
			no++
			if err := addCounted(tx, r.ID, code, no, Counted{rec.ID, rec.Code, rec.Title, rec.Agency, rec.URL}); err != nil {
				return err
			}
		}
		if after = page.Next; after == "" {
			return nil
		}
	}
}

// Revise begins a correction of a signed report as a new revision; the signed one stays.
func (s *Service) Revise(ctx context.Context, id string, version int64) (out Report, err error) {
	err = s.write(ctx, "report.draft", func(tx *db.Tx, a identity.Actor, now time.Time) error {
		r, err := findReport(tx, id)
		if err != nil {
			return err
		}
		if r.Version != version {
			return errs.New(errs.Conflict, "report.changed_meanwhile")
		}
		last, n, err := lastRevision(tx, r.Code, r.Year)
		if err != nil {
			return err
		}
		if r.State != Signed || last != id {
			return errs.New(errs.Conflict, "report.not_last")
		}
		parts, err := partsOf(tx, id)
		if err != nil {
			return err
		}
		out = Report{ID: db.NewID(), Code: r.Code, Year: r.Year, FromDay: r.FromDay, ToDay: r.ToDay, PlanID: r.PlanID, PlanTitle: r.PlanTitle,
			State: Drafting, Revision: n + 1, DraftedBy: a.AccountID, UpdatedMs: now.UnixMilli(), Version: 1}
		return s.begin(tx, out, parts, a)
	})
	return out, err
}

// move takes a step of Moves, saves and records it.
func (s *Service) move(tx *db.Tx, r *Report, name, reason string, a identity.Actor) (err error) {
	before := r.State
	if r.State, err = Moves.Next(r.State, name, "report.wrong_state"); err != nil {
		return err
	}
	return s.Log.Record(tx, a.Who(), audit.Entry{Kind: "report.move", Subject: "report_report:" + r.ID, Agency: a.AgencyID, Reason: reason,
		Before: map[string]any{"state": before}, After: map[string]any{"state": r.State, "number": r.Number, "digest": r.Digest}})
}

// on changes one report that its reader may see: right, version, fn, save.
func (s *Service) on(ctx context.Context, id string, version int64, right string, fn func(*db.Tx, *Report, identity.Actor) error) error {
	return s.write(ctx, right, func(tx *db.Tx, a identity.Actor, now time.Time) error {
		r, err := findReport(tx, id)
		if err != nil {
			return err
		}
		if r.Version != version {
			return errs.New(errs.Conflict, "report.changed_meanwhile")
		}
		if err := fn(tx, &r, a); err != nil {
			return err
		}
		r.UpdatedMs = now.UnixMilli()
		return saveReport(tx, r)
	})
}

// write runs fn for somebody who holds a right over the whole province.
func (s *Service) write(ctx context.Context, right string, fn func(*db.Tx, identity.Actor, time.Time) error) error {
	a, now := identity.From(ctx), s.Clock()
	if !a.SignedIn() {
		return errs.New(errs.Unauthenticated, "identity.sign_in_first")
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		if err := identity.Require(tx, a, right, "", now); err != nil {
			return err
		}
		return fn(tx, a, now)
	})
}
