package dossier

import (
	"cchc/internal/calendar"
	"cchc/internal/clock"
	"cchc/internal/errs"
)

// pause lets the clock stand from now.
func (x *act) pause(kind string) error {
	if err := x.stops(); err != nil {
		return err
	}
	x.d.Pauses++
	p := Pause{No: x.d.Pauses, Kind: kind, FromMs: x.ms}
	x.pauses = append(x.pauses, p)
	x.d.PausedMs = standing(x.pauses)
	return addPause(x.tx, x.d.ID, p)
}

// resume ends the pauses of a kind. When no other lasts, the clock runs on and every due
// time of the dossier is counted again, with the pauses left out.
func (x *act) resume(kind string) error {
	if err := x.stops(); err != nil {
		return err
	}
	for i := range x.pauses {
		p := &x.pauses[i]
		if p.Kind != kind || p.ToMs != 0 {
			continue
		}
		p.ToMs = x.ms
		if err := endPause(x.tx, x.d.ID, *p); err != nil {
			return err
		}
	}
	since := x.d.PausedMs
	if x.d.PausedMs = standing(x.pauses); x.d.PausedMs != 0 {
		return nil
	}
	return x.recount(since)
}

// recount counts the dossier's due times by the calendar of now. The date of an apology
// is somebody's word: it moves only by the working time of a pause (that began at since,
// 0 for none) that was left of it.
func (x *act) recount(since int64) error {
	cal, err := x.calendar()
	if err != nil {
		return err
	}
	c, err := x.steps()
	if err != nil {
		return err
	}
	if x.d.ClockDueMs, err = c.terms.dueOf(cal, x.d.StartMs, x.pauses); err != nil {
		return err
	}
	switch {
	case x.d.ApologisedMs == 0:
		x.d.DueMs = x.d.ClockDueMs
	case since > 0 && since < x.d.DueMs:
		left, err := cal.Used(clock.FromMs(since), clock.FromMs(x.d.DueMs))
		if err != nil {
			return err
		}
		if x.d.DueMs, err = counted(cal, x.ms, int(left), calendar.Minute, nil); err != nil {
			return err
		}
	}
	for _, r := range c.open() {
		if r.DueMs, err = c.terms.stepDueOf(cal, x.d.StartMs, r.No, x.pauses); err != nil {
			return err
		}
		r.changed = true
	}
	return nil
}

// enter begins what may begin now. Between two stages the clock stands until somebody
// takes the first step of the next one. ended is the step that came to its end, 0 for none.
func (x *act) enter(ended int, signed bool) error {
	c, err := x.steps()
	if err != nil {
		return err
	}
	if err := x.stops(); err != nil {
		return err
	}
	stage := c.terms.step(ended).Stage
	ready := c.ready(signed)
	if len(ready) > 0 && stage > 0 && len(c.open()) == 0 && c.terms.step(ready[0]).Stage > stage && x.d.PausedMs == 0 && !signed {
		if err := x.pause(PauseStage); err != nil {
			return err
		}
	}
	for _, no := range ready {
		var due int64
		if x.d.PausedMs == 0 && x.d.StartMs != 0 {
			cal, err := x.calendar()
			if err != nil {
				return err
			}
			if due, err = c.terms.stepDueOf(cal, x.d.StartMs, no, x.pauses); err != nil {
				return err
			}
		}
		c.enter(no, x.ms, due)
	}
	return nil
}

// begin starts work on a step. The first one of a stage lets the clock run on.
func (x *act) begin(r *StepRun) error {
	no := r.No
	r.start(x.ms, x.who.Account)
	if err := x.stops(); err != nil {
		return err
	}
	for _, p := range x.pauses {
		if p.Kind == PauseStage && p.ToMs == 0 {
			x.entry.Step = no
			return x.resume(PauseStage)
		}
	}
	return nil
}

// end closes a dossier for good: nobody owes anything, its clock is over.
func (x *act) end(state State, outcome string) error {
	c, err := x.steps()
	if err != nil {
		return err
	}
	for _, r := range c.open() {
		r.finish(x.ms, r.Account, endBack)
	}
	if err := x.stops(); err != nil {
		return err
	}
	for _, p := range x.pauses {
		if p.ToMs == 0 {
			p.ToMs = x.ms
			if err := endPause(x.tx, x.d.ID, p); err != nil {
				return err
			}
		}
	}
	x.d.State, x.d.Outcome, x.d.FinishedMs = state, outcome, x.ms
	if x.d.ReceivedMs != 0 {
		x.finished()
	}
	return nil
}

// finished books the end of the work: on time or late by the date promised last, and by
// the clock alone.
func (x *act) finished() {
	x.count(CountFinished, x.d.Competent)
	if x.d.DigitisedMs > 0 {
		x.count(CountDigitised, x.d.Competent)
	}
	if x.d.DueMs == 0 {
		return // nobody stated a limit: neither on time nor late
	}
	x.count(CountDated, x.d.Competent)
	if !x.d.Late(x.now) {
		x.count(CountOnTime, x.d.Competent)
	}
	if !x.d.LateByClock(x.now) {
		x.count(CountOnTimeByClock, x.d.Competent)
	}
}

// answer notes the first answer to a dossier sent online, apart from the work itself.
func (x *act) answer() {
	if x.d.AnsweredMs != 0 || x.d.SubmittedMs == 0 {
		return
	}
	x.d.AnsweredMs, x.d.AnsweredDueMs = x.ms, x.d.ReceptionDueMs
	x.count(CountAnswered, x.d.ReceivedBy)
	if x.ms <= x.d.ReceptionDueMs {
		x.count(CountAnsweredOnTime, x.d.ReceivedBy)
	}
}

// needReason refuses an act without a reason in words.
func (x *act) needReason() error {
	if x.in.Reason == "" {
		return errs.OnField("reason", "dossier.reason_missing")
	}
	return nil
}
