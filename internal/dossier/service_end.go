package dossier

import (
	"time"

	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/errs"
	"cchc/internal/file"
	"cchc/internal/identity"
)

// approve signs the result (phê duyệt); reject signs a refusal, which is a result too.
func (x *act) approve() error { return x.sign(Approved, "approved") }

func (x *act) reject() error {
	if err := x.needReason(); err != nil {
		return err
	}
	return x.sign(RejectedResult, "rejected")
}

// sign ends the last working step and the clock with it.
func (x *act) sign(state State, kind string) error {
	r, err := x.result(kind)
	if err != nil {
		return err
	}
	c, err := x.steps()
	if err != nil {
		return err
	}
	run, err := c.signable()
	if err != nil {
		return err
	}
	if run != nil {
		x.entry.Step = run.No
		if err := x.begin(run); err != nil {
			return err
		}
		run.finish(x.ms, x.who.Account, endDone)
	}
	x.entry.Document = r.Number
	x.d.State, x.d.Outcome, x.d.FinishedMs = state, kind, x.ms
	x.finished()
	if err := x.keepResult(r); err != nil {
		return err
	}
	return x.enter(x.entry.Step, true)
}

// result reads the answer of a form. Refusals: dossier.result_number_missing,
// dossier.result_day, dossier.result_file_missing, dossier.file_missing.
func (x *act) result(kind string) (Result, error) {
	in := x.in.Result
	var l errs.List
	if in.Number == "" {
		l = append(l, errs.OnField("number", "dossier.result_number_missing"))
	}
	if in.Day == "" {
		in.Day = clock.Day(x.now)
	}
	if t, err := clock.ParseDay(in.Day); err != nil || clock.Day(t) != in.Day || in.Day > clock.Day(x.now) {
		l = append(l, errs.OnField("day", "dossier.result_day"))
	}
	if err := l.Err(); err != nil {
		return Result{}, err
	}
	if err := x.ownFile(in.File, "file"); err != nil {
		return Result{}, err
	}
	return Result{Kind: kind, Number: in.Number, Day: in.Day, Title: in.Title, Code: in.Code, File: in.File, Account: x.who.Account, Name: x.who.Name, AtMs: x.ms}, nil
}

func (x *act) keepResult(r Result) error {
	there, err := resultsOf(x.tx, x.d.ID)
	if err != nil {
		return err
	}
	r.No = len(there) + 1
	if err := addResult(x.tx, x.d.ID, r); err != nil || r.File == "" {
		return err
	}
	return x.prove(r.File)
}

// prove ties a document to the dossier, so that who sees the one may open the other.
func (x *act) prove(document string) error { return file.Prove(x.tx, document, subject(x.d.ID)) }

// handToCounter brings the result to the counter that returns it.
func (x *act) handToCounter() error {
	c, err := x.steps()
	if err != nil {
		return err
	}
	for _, r := range c.open() {
		r.start(x.ms, "")
	}
	x.d.State = HandedToCounter
	return nil
}

// returnResult hands the result out: at the counter, online or by post (with its waybill).
func (x *act) returnResult() error {
	way := x.in.Way
	if way == "" {
		way = string(Counter)
	}
	switch Channel(way) {
	case Counter, Online:
	case Post:
		if x.in.Waybill == "" {
			return errs.OnField("waybill", "dossier.waybill_missing")
		}
	default:
		return errs.OnField("way", "dossier.channel_unknown")
	}
	c, err := x.steps()
	if err != nil {
		return err
	}
	if c.terms.Pays != "" && c.terms.Pays != "none" && x.d.Outcome == "approved" && x.d.PaidMs == 0 && x.s.Owes != nil {
		owes, err := x.s.Owes(x.tx, x.d.ID)
		if err != nil {
			return err
		}
		if owes {
			return errs.New(errs.Conflict, "dossier.not_paid")
		}
	}
	for _, r := range c.open() {
		r.finish(x.ms, x.who.Account, endDone)
	}
	x.d.State, x.d.ReturnedMs = Returned, x.ms
	return giveResults(x.tx, x.d.ID, Result{Way: way, TakenBy: x.in.TakenBy, Waybill: x.in.Waybill, ReturnedMs: x.ms, ReturnedBy: x.who.Account})
}

// withdraw ends a dossier because its applicant asks for it, with their reason.
func (x *act) withdraw() error {
	if err := x.needReason(); err != nil {
		return err
	}
	return x.end(Withdrawn, string(Withdrawn))
}

// stop ends a dossier by a document of the authority.
func (x *act) stop() error {
	if err := x.needReason(); err != nil {
		return err
	}
	if x.in.Document == "" {
		return errs.OnField("document", "dossier.document_missing")
	}
	if err := x.ownFile(x.in.File, "file"); err != nil {
		return err
	}
	if x.in.File != "" {
		if err := x.prove(x.in.File); err != nil {
			return err
		}
	}
	return x.end(Stopped, string(Stopped))
}

// correct adds a corrected result after the return (đính chính). What was returned stays.
func (x *act) correct() error {
	if err := x.needReason(); err != nil {
		return err
	}
	r, err := x.result("correction")
	if err != nil {
		return err
	}
	x.entry.Document, x.d.CorrectedMs = r.Number, x.ms
	if err := x.keepResult(r); err != nil {
		return err
	}
	return giveResults(x.tx, x.d.ID, Result{Way: string(Counter), TakenBy: x.in.TakenBy, ReturnedMs: x.ms, ReturnedBy: x.who.Account})
}

// requires says whether an actor holds a right over an agency.
func requires(tx *db.Tx, a identity.Actor, right, agency string, now time.Time) bool {
	return identity.Require(tx, a, right, agency, now) == nil
}
