package dossier

import (
	"context"
	"time"

	"cchc/internal/audit"
	"cchc/internal/calendar"
	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/errs"
	"cchc/internal/file"
	"cchc/internal/identity"
	"cchc/internal/org"
	"cchc/internal/search"
)

// SearchKind and SearchKindCounter are the kinds under which a dossier is found: by its
// competent agency, and by the receiving one when that is another.
const (
	SearchKind        = "dossier"
	SearchKindCounter = "dossier_counter"
)

// Receive takes a dossier in (tiếp nhận): at the counter and by post it is received and
// its clock starts; what is sent online waits for its answer. Refusals: those of the
// catalogue, dossier.agency_unknown, dossier.name_missing, dossier.id_number_form and the
// other faults of a receipt, all at once; identity.right_missing.
func (s *Service) Receive(ctx context.Context, r Receipt) (out Dossier, err error) {
	list, err := s.ReceiveAll(ctx, []Receipt{r})
	if err != nil {
		return out, err
	}
	return list[0], nil
}

// ReceiveAll takes several dossiers in at once, all or none: one person brings them, one
// slip is printed. Refusal: dossier.too_many_at_once.
func (s *Service) ReceiveAll(ctx context.Context, list []Receipt) (out []Dossier, err error) {
	actor, err := signedIn(ctx)
	if err != nil {
		return nil, err
	}
	if len(list) > mostAtOnce {
		return nil, errs.New(errs.Invalid, "dossier.too_many_at_once", "most", mostAtOnce)
	}
	now := s.Clock()
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		out = nil
		for _, r := range list {
			d, err := s.ReceiveTx(tx, actor, now, r)
			if err != nil {
				return err
			}
			out = append(out, d)
		}
		return nil
	})
	return out, err
}

// ReceiveTx is Receive in the caller's transaction.
func (s *Service) ReceiveTx(tx *db.Tx, actor identity.Actor, now time.Time, r Receipt) (Dossier, error) {
	x := &act{s: s, tx: tx, actor: actor, now: now, ms: now.UnixMilli()}
	return x.receive(r)
}

// Take receives for the program itself: what an applicant sent on a page of theirs, what
// the national portal or an interlinked group hands over. who is named in the history.
func (s *Service) Take(tx *db.Tx, who audit.Who, now time.Time, r Receipt) (Dossier, error) {
	x := &act{s: s, tx: tx, who: who, program: true, now: now, ms: now.UnixMilli()}
	return x.receive(r)
}

func (x *act) receive(r Receipt) (Dossier, error) {
	r = r.cleaned()
	if r.At.IsZero() {
		r.At = x.now
	}
	day := clock.Day(r.At)
	receiving, err := agencyOn(x.tx, r.Receiving, day, "receiving_agency")
	if err != nil {
		return Dossier{}, err
	}
	if !x.program {
		if err := identity.Require(x.tx, x.actor, RightReceive, receiving.ID, x.now); err != nil {
			return Dossier{}, err
		}
		x.who = x.actor.Who()
	}
	competent, returning := receiving, receiving
	if r.Competent != "" && r.Competent != r.Receiving {
		if competent, err = agencyOn(x.tx, r.Competent, day, "competent_agency"); err != nil {
			return Dossier{}, err
		}
	}
	if r.Returning != "" && r.Returning != r.Receiving {
		if returning, err = agencyOn(x.tx, r.Returning, day, "returning_agency"); err != nil {
			return Dossier{}, err
		}
	}
	p, err := x.s.Procedures.Find(x.tx, r.Procedure, r.Variant, day, r.Channel == Online)
	if err != nil {
		return Dossier{}, err
	}
	t, err := x.keepTerms(p)
	if err != nil {
		return Dossier{}, err
	}
	if err := r.faults(t, x.now); err != nil {
		return Dossier{}, err
	}
	code, err := x.number(r.Code, receiving, day)
	if err != nil {
		return Dossier{}, err
	}
	x.d = Dossier{ID: db.NewID(), Code: code, Terms: t.ID, Procedure: p.Key, ProcedureCode: p.Code, ProcedureName: p.Name, Channel: r.Channel,
		Receiving: receiving.ID, Competent: competent.ID, ReceivedFor: competent.ID, ReceivedBy: receiving.ID, Returning: returning.ID,
		Applicant: r.Applicant.Name, Content: r.Content, BegunMs: r.At.UnixMilli(), FinishedMs: Forever, Group: r.Group, CreatedMs: x.ms, CreatedBy: x.who.Account, Version: 1}
	return x.d, x.place(r, t)
}

// place writes a new dossier with everything that belongs to it.
func (x *act) place(r Receipt, t *Terms) error {
	x.course = &course{terms: t}
	x.entry = Entry{Move: "receive"}
	var err error
	if r.Channel == Online {
		x.entry.Move, x.d.State, x.d.SubmittedMs = "submit", Submitted, x.d.BegunMs
		err = x.promiseAnswer(r.At)
	} else {
		x.d.State = Received
		err = x.startClock(r.At)
	}
	if err != nil {
		return err
	}
	papers, err := x.papers(r.Papers, t, 0)
	if err != nil {
		return err
	}
	if digitised(papers, t) {
		x.d.DigitisedMs = x.ms
	}
	x.d.Step = x.course.current()
	if err := x.owed(); err != nil {
		return err
	}
	if err := addDossier(x.tx, x.d); err != nil {
		return err
	}
	if err := saveRuns(x.tx, x.d.ID, x.course.runs); err != nil {
		return err
	}
	if err := addParty(x.tx, x.d.ID, "owner", r.Applicant); err != nil {
		return err
	}
	if r.Submitter != nil {
		if err := addParty(x.tx, x.d.ID, "submitter", *r.Submitter); err != nil {
			return err
		}
	}
	for _, p := range papers {
		if err := x.keepPaper(p); err != nil {
			return err
		}
	}
	if err := x.findable(); err != nil {
		return err
	}
	return x.trail()
}

// promiseAnswer says until when what was sent online must be received or answered.
func (x *act) promiseAnswer(sent time.Time) error {
	cal, err := calendar.Load(x.tx, x.d.Receiving)
	if err != nil {
		return err
	}
	due, err := receptionDue(cal, sent)
	x.d.ReceptionDueMs = due.UnixMilli()
	return err
}

// startClock receives: the due time is promised, the counter's own step begins.
func (x *act) startClock(at time.Time) error {
	c, err := x.steps()
	if err != nil {
		return err
	}
	cal, err := x.calendar()
	if err != nil {
		return err
	}
	x.d.ReceivedMs, x.d.StartMs = at.UnixMilli(), c.terms.startOf(cal, at).UnixMilli()
	if x.d.ClockDueMs, err = c.terms.dueOf(cal, x.d.StartMs, nil); err != nil {
		return err
	}
	x.d.OriginalDueMs, x.d.DueMs = x.d.ClockDueMs, x.d.ClockDueMs
	for _, no := range c.ready(false) {
		if c.terms.part[no] != opening {
			continue
		}
		due, err := c.terms.stepDueOf(cal, x.d.StartMs, no, nil)
		if err != nil {
			return err
		}
		c.enter(no, at.UnixMilli(), due).start(x.ms, x.who.Account)
	}
	x.d.ReceivedFor = x.d.Competent // as it stands now: a transfer before receipt was none
	x.counts = append(x.counts, count{CountReceived, x.d.ReceivedFor, clock.Day(at), 1}, count{CountTakenIn, x.d.ReceivedBy, clock.Day(at), 1})
	return nil
}

// keepTerms keeps what the catalogue said; the same words are kept once.
func (x *act) keepTerms(p Procedure) (*Terms, error) {
	t, body, err := newTerms(p)
	if err != nil {
		return nil, err
	}
	if known, ok := x.s.terms.Load(t.ID); ok {
		return known.(*Terms), nil
	}
	if err := addTerms(x.tx, t, body); err != nil {
		return nil, err
	}
	x.tx.AfterCommit(func() { x.s.terms.Store(t.ID, t) })
	return t, nil
}

// papers checks and numbers the papers of a receipt or a supplement, after those there.
func (x *act) papers(in []PaperInput, t *Terms, there int) ([]Paper, error) {
	list := make([]Paper, 0, len(in))
	for i, p := range in {
		paper := Paper{No: there + i + 1, Component: p.Component, Name: p.Name, Originals: p.Originals, Certified: p.Certified, Copies: p.Copies,
			File: p.File, Digitised: p.Digitised, AddedMs: x.ms}
		if c, known := t.component(p.Component); known && paper.Name == "" {
			paper.Name = c.Name
		}
		if p.ReusedFrom != "" {
			from, err := x.reusable(p.ReusedFrom)
			if err != nil {
				return nil, err
			}
			paper.ReusedFrom = from
		}
		if err := x.ownFile(paper.File, "papers"); err != nil {
			return nil, err
		}
		list = append(list, paper)
	}
	return list, nil
}

// reusable is the dossier whose paper or result serves again: one that the receiver sees.
func (x *act) reusable(code string) (string, error) {
	from, err := findCode(x.tx, code)
	if err == nil && !x.program {
		var seen bool
		if seen, err = sees(x.tx, from, x.actor.Reach(RightView), x.ms); err == nil && !seen {
			err = unknown()
		}
	}
	if errs.KindOf(err) == errs.NotFound {
		err = errs.OnField("papers", "dossier.reused_unknown", "code", code)
	}
	return from.ID, err
}

// ownFile refuses a document that the actor did not keep themselves: its id alone would
// open what somebody else sent. Refusal: dossier.file_missing.
func (x *act) ownFile(id, field string) error {
	if id == "" {
		return nil
	}
	doc, err := file.Get(x.tx, id)
	if errs.KindOf(err) == errs.NotFound || err == nil && !x.program && doc.CreatedBy != x.actor.AccountID {
		return errs.OnField(field, "dossier.file_missing")
	}
	return err
}

// subject names a dossier for files and the log.
func subject(id string) string { return "dossier_dossier:" + id }

func (x *act) keepPaper(p Paper) error {
	if err := addPaper(x.tx, x.d.ID, p); err != nil || p.File == "" {
		return err
	}
	return file.Prove(x.tx, p.File, subject(x.d.ID))
}

// findable lets a dossier be found by its code, its owner, its content and its procedure.
func (x *act) findable() error {
	body := x.d.Code + "\n" + x.d.Applicant + "\n" + x.d.Content + "\n" + x.d.ProcedureName
	if err := search.Put(x.tx, SearchKind, x.d.ID, x.d.Competent, x.d.BegunMs, body); err != nil || x.d.Competent == x.d.Receiving {
		return err
	}
	return search.Put(x.tx, SearchKindCounter, x.d.ID, x.d.Receiving, x.d.BegunMs, body)
}

// agencyOn finds an agency by any code, as it stands on a day; a merged one is refused:
// its successor receives.
func agencyOn(tx *db.Tx, code, day, field string) (org.Agency, error) {
	if code == "" {
		return org.Agency{}, errs.OnField(field, "dossier.agency_missing")
	}
	a, there, err := org.FindByCode(tx, code, "")
	if err == nil && !there {
		err = errs.OnField(field, "dossier.agency_unknown", "agency", code)
	}
	if err == nil && !a.On(day) {
		err = errs.OnField(field, "dossier.agency_ended", "agency", a.Name)
	}
	return a, err
}
