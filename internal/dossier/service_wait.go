package dossier

import (
	"time"

	"cchc/internal/audit"
	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/errs"
)

// receiveOnline receives what was sent online: the clock starts now.
func (x *act) receiveOnline() error {
	x.answer()
	x.d.State = Received
	return x.startClock(x.now)
}

// refuse does not receive, with a reason (phiếu từ chối tiếp nhận).
func (x *act) refuse() error {
	if err := x.needReason(); err != nil {
		return err
	}
	x.answer()
	return x.end(Refused, string(Refused))
}

// askBeforeReceipt asks the applicant to complete what was sent before it is received; no
// clock runs yet.
func (x *act) askBeforeReceipt() error {
	if err := x.needReason(); err != nil {
		return err
	}
	x.answer()
	x.d.State = AskedBeforeReceipt
	return x.supplyUntil()
}

// supplyUntil reads the last day to supply; without one there is no term.
func (x *act) supplyUntil() error {
	x.d.SupplyUntil = ""
	if x.in.Until == "" {
		return nil
	}
	if t, err := clock.ParseDay(x.in.Until); err != nil || clock.Day(t) != x.in.Until || x.in.Until < clock.Day(x.now) {
		return errs.OnField("until", "dossier.until_day")
	}
	x.d.SupplyUntil = x.in.Until
	return nil
}

// askSupplement asks the applicant for what is missing, all of it at once; the clock
// stands meanwhile. A second time counts as late in the national index, so it takes the
// right of a leader (needed).
func (x *act) askSupplement() error {
	if err := x.needReason(); err != nil {
		return err
	}
	if err := x.supplyUntil(); err != nil {
		return err
	}
	x.d.State = SupplementWait
	x.d.Supplements++
	return x.pause(PauseSupplement)
}

// supply takes what was asked for; the clock runs on by the minutes that were left.
func (x *act) supply() error {
	c, err := x.steps()
	if err != nil {
		return err
	}
	there, err := papersOf(x.tx, x.d.ID)
	if err != nil {
		return err
	}
	if l := paperFaults(x.in.Papers, c.terms); len(l) > 0 {
		return l.Err()
	}
	if len(there)+len(x.in.Papers) > mostPapers {
		return errs.OnField("papers", "dossier.papers_many", "most", mostPapers)
	}
	papers, err := x.papers(x.in.Papers, c.terms, len(there))
	if err != nil {
		return err
	}
	for _, p := range papers {
		if err := x.keepPaper(p); err != nil {
			return err
		}
	}
	if x.d.DigitisedMs = 0; digitised(append(there, papers...), c.terms) {
		x.d.DigitisedMs = x.ms
	}
	x.d.SupplyUntil = ""
	if x.d.State == AskedBeforeReceipt { // the working hours for an answer begin again
		x.d.State = Submitted
		return x.promiseAnswer(x.now)
	}
	x.d.State = InProcess
	return x.resume(PauseSupplement)
}

// closeNoSupplement ends a dossier that the applicant did not complete in the days given.
func (x *act) closeNoSupplement() error {
	if x.d.SupplyUntil == "" || x.d.SupplyUntil >= clock.Day(x.now) {
		return errs.New(errs.Conflict, "dossier.supply_term_runs", "until", x.d.SupplyUntil)
	}
	return x.end(ClosedNoSupplement, string(ClosedNoSupplement))
}

// askPayment waits for the financial duty. Whether the clock stands is the procedure's
// own rule; after the signature no clock runs.
func (x *act) askPayment() error {
	c, err := x.steps()
	if err != nil {
		return err
	}
	paused := x.d.State == InProcess && c.terms.PausesForPayment
	x.d.State = FinanceWait
	if paused {
		return x.pause(PausePayment)
	}
	return nil
}

// pay goes on where the dossier waited for money.
func (x *act) pay() error {
	want := InProcess
	if x.d.Outcome != "" {
		want = Approved
	}
	var err error
	if x.d.State, err = next(x.d.State, "pay", want); err != nil {
		return err
	}
	x.paid(x.in.Online)
	if want == Approved {
		return nil
	}
	return x.resume(PausePayment)
}

// paid notes the first payment for a dossier.
func (x *act) paid(online bool) {
	if x.d.PaidMs != 0 {
		return
	}
	x.d.PaidMs, x.d.PaidOnline = x.ms, online
	x.count(CountPaid, x.d.Competent)
	if online {
		x.count(CountPaidOnline, x.d.Competent)
	}
}

// PaidFor notes money that came for a dossier: one that waited for it goes on. Told twice,
// it changes nothing.
func (s *Service) PaidFor(tx *db.Tx, who audit.Who, now time.Time, id string, online bool) error {
	d, err := findDossier(tx, id)
	if err != nil || !d.State.Open() && d.State != Returned {
		return err
	}
	move := "payment"
	switch {
	case d.State == FinanceWait:
		move = "pay"
	case d.PaidMs != 0 || d.State == Draft:
		return nil
	}
	_, err = s.Do(tx, who, now, id, Act{Move: move, Online: online})
	return err
}

// payment notes money for a dossier that did not wait for it.
func (x *act) payment() error {
	x.paid(x.in.Online)
	return nil
}

// apologise sends the apology with a new due time (phiếu xin lỗi và hẹn lại): once, at the
// latest on the day before the old one, by somebody who did not handle the dossier
// (NĐ 61/2018 art. 19 as amended). The original due time and the clock's stay.
func (x *act) apologise() error {
	if err := x.needReason(); err != nil {
		return err
	}
	if err := x.apart(); err != nil {
		return err
	}
	switch {
	case x.d.ApologisedMs != 0:
		return errs.New(errs.Conflict, "dossier.apologised_already")
	case x.d.DueMs == 0:
		return errs.New(errs.Conflict, "dossier.no_due")
	case clock.Day(x.now) >= clock.Day(clock.FromMs(x.d.DueMs)):
		return errs.New(errs.Conflict, "dossier.apology_too_late")
	case !x.in.Due.After(clock.FromMs(x.d.DueMs)):
		return errs.OnField("due_at", "dossier.apology_not_later")
	case x.in.Due.Sub(clock.FromMs(x.d.DueMs)) > oldest:
		return errs.OnField("due_at", "dossier.apology_far")
	}
	x.d.ApologisedMs, x.d.DueMs = x.ms, x.in.Due.Truncate(time.Minute).UnixMilli()
	return nil
}

// recountDue carries a change of the calendar over to a promise, with a reason. Never by
// somebody who handled the dossier.
func (x *act) recountDue() error {
	if err := x.needReason(); err != nil {
		return err
	}
	if err := x.apart(); err != nil {
		return err
	}
	switch {
	case x.d.PausedMs != 0:
		return errs.New(errs.Conflict, "dossier.clock_stands")
	case x.d.ApologisedMs != 0:
		return errs.New(errs.Conflict, "dossier.apologised_already")
	}
	if err := x.stops(); err != nil {
		return err
	}
	if err := x.recount(0); err != nil {
		return err
	}
	if x.d.DueMs == x.before.DueMs {
		return errs.New(errs.Conflict, "dossier.due_unchanged")
	}
	return nil
}

// apart refuses who handled the dossier: nobody judges the lateness of their own work.
func (x *act) apart() error {
	if x.program {
		return nil
	}
	worked, err := handled(x.tx, x.d.ID, x.actor.AccountID)
	if err == nil && worked {
		err = errs.New(errs.Forbidden, "dossier.handled_it")
	}
	return err
}
