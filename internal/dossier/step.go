package dossier

import (
	"slices"

	"cchc/internal/errs"
)

// How a run of a step ended.
const (
	endDone   = "done"
	endRedone = "redone" // done, but the dossier came back to it or before it
	endBack   = "back"   // left unfinished by a send-back or a recall
)

// course is where a dossier stands in its table of steps: pure bookkeeping, saved by the
// store afterwards.
type course struct {
	terms *Terms
	runs  []StepRun
}

// open are the runs that are not finished, in the order of the table.
func (c *course) open() (list []*StepRun) {
	for i := range c.runs {
		if c.runs[i].End == "" {
			list = append(list, &c.runs[i])
		}
	}
	slices.SortFunc(list, func(a, b *StepRun) int { return a.No - b.No })
	return list
}

func (c *course) openRun(no int) *StepRun {
	for _, r := range c.open() {
		if r.No == no {
			return r
		}
	}
	return nil
}

func (c *course) done(no int) bool {
	return slices.ContainsFunc(c.runs, func(r StepRun) bool { return r.No == no && r.End == endDone })
}

// ready are the steps that may begin: all they wait for is done, and they are neither
// done nor open. Closing steps wait for the signature.
func (c *course) ready(signed bool) (list []int) {
	for _, s := range c.terms.Steps {
		p := c.terms.part[s.No]
		if p == closing && !signed || c.done(s.No) || c.openRun(s.No) != nil {
			continue
		}
		if !slices.ContainsFunc(c.terms.before[s.No], func(b int) bool { return !c.done(b) }) {
			list = append(list, s.No)
		}
	}
	return list
}

// left are the working steps that are neither done nor open.
func (c *course) left() (list []int) {
	for _, s := range c.terms.Steps {
		if c.terms.part[s.No] == working && !c.done(s.No) && c.openRun(s.No) == nil {
			list = append(list, s.No)
		}
	}
	return list
}

// enter begins a run of a step; the caller says when it is due.
func (c *course) enter(no int, ms, dueMs int64) *StepRun {
	turn := 1
	for _, r := range c.runs {
		if r.No == no && r.Turn >= turn {
			turn = r.Turn + 1
		}
	}
	c.runs = append(c.runs, StepRun{No: no, Turn: turn, EnteredMs: ms, DueMs: dueMs, changed: true})
	return &c.runs[len(c.runs)-1]
}

func (r *StepRun) start(ms int64, account string) {
	if r.StartedMs == 0 {
		r.StartedMs, r.Account, r.changed = ms, account, true
	}
}

func (r *StepRun) finish(ms int64, account, end string) {
	if end == endDone {
		r.start(ms, account)
		r.Account = account
	}
	r.DoneMs, r.End, r.changed = ms, end, true
}

// finishing is the open step that a move ends: the one named, or the only one. Refusals:
// dossier.step_not_open, dossier.step_which.
func (c *course) finishing(no int) (*StepRun, error) {
	open := c.open()
	if no != 0 {
		if r := c.openRun(no); r != nil {
			return r, nil
		}
		return nil, errs.OnField("step", "dossier.step_not_open", "step", no)
	}
	switch len(open) {
	case 0:
		return nil, errs.New(errs.Conflict, "dossier.step_not_open", "step", 0)
	case 1:
		return open[0], nil
	}
	return nil, errs.OnField("step", "dossier.step_which")
}

// signable refuses a signature while work is left: nobody skips a step. The step that
// the signature ends, nil where the table has none, is answered.
func (c *course) signable() (*StepRun, error) {
	open, left := c.open(), c.left()
	if len(open) > 1 {
		return nil, errs.New(errs.Conflict, "dossier.step_skipped", "step", open[0].No)
	}
	if len(left) > 0 {
		return nil, errs.New(errs.Conflict, "dossier.step_skipped", "step", left[0])
	}
	if len(open) == 0 {
		return nil, nil
	}
	return open[0], nil
}

// undo takes a dossier back to a step: what came of it since is left or done again.
func (c *course) undo(no int, ms int64) {
	after := append(c.terms.downstream(no), no)
	for i := range c.runs {
		r := &c.runs[i]
		switch {
		case !slices.Contains(after, r.No):
		case r.End == "":
			r.finish(ms, r.Account, endBack)
		case r.End == endDone:
			r.End, r.changed = endRedone, true
		}
	}
}

// recallable is the step that an account finished last, if nobody has begun what follows.
func (c *course) recallable(account string) *StepRun {
	var last *StepRun
	for i := range c.runs {
		if r := &c.runs[i]; r.End == endDone && (last == nil || r.DoneMs >= last.DoneMs) {
			last = r
		}
	}
	if last == nil || last.Account != account {
		return nil
	}
	for _, r := range c.open() {
		if r.StartedMs != 0 && slices.Contains(c.terms.downstream(last.No), r.No) {
			return nil
		}
	}
	return last
}

// current is the number of the first open step, 0 for none.
func (c *course) current() int {
	if open := c.open(); len(open) > 0 {
		return open[0].No
	}
	return 0
}
