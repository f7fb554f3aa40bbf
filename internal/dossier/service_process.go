package dossier

import (
	"slices"

	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/errs"
	"cchc/internal/org"
)

// rules say what each move does beside the table. A move without a rule is not made by
// Move: submit and the receipt at the counter are Receive.
var rules map[string]func(*act) error

func init() { // a map that names functions which name it
	rules = map[string]func(*act) error{
		"receive": (*act).receiveOnline, "refuse": (*act).refuse, "ask_supplement_before_receipt": (*act).askBeforeReceipt,
		"hand_over": (*act).handOver, "take": (*act).take, "advance": (*act).advance, "send_back": (*act).sendBack, "recall": (*act).recall,
		"coordinate": (*act).coordinate, "give_opinion": (*act).giveOpinion,
		"ask_supplement": (*act).askSupplement, "supply": (*act).supply, "close_no_supplement": (*act).closeNoSupplement,
		"ask_payment": (*act).askPayment, "pay": (*act).pay,
		"approve": (*act).approve, "reject": (*act).reject, "hand_to_counter": (*act).handToCounter, "return_result": (*act).returnResult,
		"withdraw": (*act).withdraw, "stop": (*act).stop, "correct": (*act).correct,
		"apologise": (*act).apologise, "transfer": (*act).transfer, "recount": (*act).recountDue,
		"note": (*act).note, "digitise": (*act).digitise, "payment": (*act).payment,
	}
}

// atCounter says whether a step move is the counter's: it ends, begins or takes back a
// step of its own.
func (c *course) atCounter(in Act) bool {
	switch in.Move {
	case "recall":
		for i := len(c.runs) - 1; i >= 0; i-- {
			if c.runs[i].End == endDone {
				return c.terms.part[c.runs[i].No] == opening || c.terms.step(c.runs[i].No).Group == "counter"
			}
		}
		return false
	case "send_back":
		return c.terms.step(c.current()).Group == "counter"
	}
	no := in.Step
	if no == 0 {
		no = c.current()
	}
	return c.terms.step(no).Group == "counter"
}

// handOver gives a received dossier to those who work on it: the counter's own step ends.
func (x *act) handOver() error {
	c, err := x.steps()
	if err != nil {
		return err
	}
	ended := c.current()
	for _, r := range c.open() {
		r.finish(x.ms, x.who.Account, endDone)
	}
	x.d.State = InProcess
	return x.enter(ended, false)
}

// take begins a step: its waiting ends and its work begins.
func (x *act) take() error {
	c, err := x.steps()
	if err != nil {
		return err
	}
	r, err := c.finishing(x.in.Step)
	if err != nil {
		return err
	}
	if r.StartedMs != 0 {
		return errs.New(errs.Conflict, "dossier.step_taken", "step", r.No)
	}
	return x.begin(r)
}

// advance ends a step; what waited for it begins. The last one ends with a signature.
func (x *act) advance() error {
	c, err := x.steps()
	if err != nil {
		return err
	}
	r, err := c.finishing(x.in.Step)
	if err != nil {
		return err
	}
	if len(c.open()) == 1 && len(c.left()) == 0 {
		return errs.New(errs.Conflict, "dossier.last_step", "step", r.No)
	}
	if err := x.begin(r); err != nil {
		return err
	}
	x.entry.Step = r.No
	r.finish(x.ms, x.who.Account, endDone)
	return x.enter(r.No, false)
}

// sendBack returns a dossier to a step that was done, where the table allows it.
func (x *act) sendBack() error {
	if err := x.needReason(); err != nil {
		return err
	}
	c, err := x.steps()
	if err != nil {
		return err
	}
	from := c.terms.step(c.current())
	switch {
	case !from.MaySendBack:
		return errs.New(errs.Conflict, "dossier.may_not_send_back", "step", from.No)
	case !c.done(x.in.Step):
		return errs.OnField("step", "dossier.step_not_done", "step", x.in.Step)
	}
	return x.back(x.in.Step, false)
}

// recall takes a dossier back that one handed on a moment ago, before the next has begun.
func (x *act) recall() error {
	c, err := x.steps()
	if err != nil {
		return err
	}
	r := c.recallable(x.who.Account)
	if r == nil {
		return errs.New(errs.Conflict, "dossier.recall_too_late")
	}
	return x.back(r.No, true)
}

// back undoes what came of a step and enters it again; started says that whoever takes it
// back goes on with it at once.
func (x *act) back(no int, started bool) error {
	c, err := x.steps()
	if err != nil {
		return err
	}
	if err := x.stops(); err != nil {
		return err
	}
	for _, p := range x.pauses {
		if p.Kind == PauseStage && p.ToMs == 0 { // the stage is not over after all
			if err := x.resume(PauseStage); err != nil {
				return err
			}
		}
	}
	c.undo(no, x.ms)
	cal, err := x.calendar()
	if err != nil {
		return err
	}
	due, err := c.terms.stepDueOf(cal, x.d.StartMs, no, x.pauses)
	if err != nil {
		return err
	}
	r := c.enter(no, x.ms, due)
	x.d.State = InProcess
	if c.terms.part[no] == opening {
		x.d.State, started = Received, true
	}
	if started {
		r.start(x.ms, x.who.Account)
	}
	return nil
}

// coordinate asks another agency for its opinion by a moment. The clock runs on.
func (x *act) coordinate() error {
	asked, err := agencyOn(x.tx, x.in.Agency, clock.Day(x.now), "agency")
	if err != nil {
		return err
	}
	list, err := opinionsOf(x.tx, x.d.ID)
	if err != nil {
		return err
	}
	switch {
	case x.in.Text == "":
		return errs.OnField("text", "dossier.question_missing")
	case asked.ID == x.d.Competent:
		return errs.OnField("agency", "dossier.own_opinion")
	case x.in.Due.IsZero() || !x.in.Due.After(x.now):
		return errs.OnField("due_at", "dossier.opinion_due_past")
	case slices.ContainsFunc(list, func(o Opinion) bool { return o.Agency == asked.ID && o.GivenMs == 0 }):
		return errs.OnField("agency", "dossier.opinion_asked", "agency", asked.Name)
	}
	x.d.State = Coordinating
	return addOpinion(x.tx, x.d.ID, Opinion{ID: db.NewID(), Agency: asked.ID, Question: x.in.Text, AskedMs: x.ms, AskedBy: x.who.Account, DueMs: x.in.Due.UnixMilli()})
}

// giveOpinion answers what an agency within reach was asked; after the last answer the
// dossier goes on.
func (x *act) giveOpinion() error {
	if x.in.Text == "" {
		return errs.OnField("text", "dossier.opinion_missing")
	}
	if err := x.ownFile(x.in.File, "file"); err != nil {
		return err
	}
	list, err := opinionsOf(x.tx, x.d.ID)
	if err != nil {
		return err
	}
	var mine *Opinion
	others := 0
	for i := range list {
		o := &list[i]
		if o.GivenMs != 0 {
			continue
		}
		if mine == nil && x.speaksFor(o.Agency) {
			mine = o
			continue
		}
		others++
	}
	if mine == nil {
		return errs.New(errs.Conflict, "dossier.opinion_not_asked")
	}
	mine.GivenMs, mine.GivenBy, mine.Answer, mine.File = x.ms, x.who.Account, x.in.Text, x.in.File
	x.entry.Reason = x.in.Text
	want := InProcess
	if others > 0 {
		want = Coordinating
	}
	if x.d.State, err = next(x.d.State, "give_opinion", want); err != nil {
		return err
	}
	if err := saveOpinion(x.tx, *mine); err != nil || x.in.File == "" {
		return err
	}
	return x.prove(x.in.File)
}

// speaksFor says whether the actor advises for an agency.
func (x *act) speaksFor(agency string) bool {
	return x.program || requires(x.tx, x.actor, RightAdvise, agency, x.now)
}

// transfer gives an open dossier to another competent agency of the province (phi địa
// giới): its code and its clock stay.
func (x *act) transfer() error {
	if err := x.needReason(); err != nil {
		return err
	}
	to, err := agencyOn(x.tx, x.in.Agency, clock.Day(x.now), "agency")
	if err != nil {
		return err
	}
	if to.ID == x.d.Competent {
		return errs.OnField("agency", "dossier.transfer_same")
	}
	from, err := org.Find(x.tx, x.d.Competent)
	if err != nil {
		return err
	}
	x.d.Competent, x.d.Transferred = to.ID, "nonboundary"
	x.entry.Document = from.Code + " > " + to.Code
	if err := x.leave(); err != nil {
		return err
	}
	return x.findable()
}

// leave frees the open steps from the persons who had taken them.
func (x *act) leave() error {
	c, err := x.steps()
	if err != nil {
		return err
	}
	for _, r := range c.open() {
		if c.terms.part[r.No] == working {
			r.StartedMs, r.Account, r.changed = 0, "", true
		}
	}
	return nil
}

// note keeps words beside the dossier, for those who handle it.
func (x *act) note() error {
	if x.in.Text == "" {
		return errs.OnField("text", "dossier.note_missing")
	}
	x.entry.Reason = x.in.Text
	return nil
}

// digitise marks a paper, with its file.
func (x *act) digitise() error {
	papers, err := papersOf(x.tx, x.d.ID)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(papers, func(p Paper) bool { return p.No == x.in.Paper })
	if i < 0 {
		return errs.OnField("paper", "dossier.paper_unknown")
	}
	if err := x.ownFile(x.in.File, "file"); err != nil {
		return err
	}
	p := &papers[i]
	if x.in.File != "" {
		p.File = x.in.File
	}
	switch {
	case x.in.Mark < 0 || x.in.Mark > 3:
		return errs.OnField("mark", "dossier.mark_unknown")
	case x.in.Mark > 0 && p.File == "" && p.ReusedFrom == "":
		return errs.OnField("file", "dossier.mark_without_file")
	}
	p.Digitised = x.in.Mark
	c, err := x.steps()
	if err != nil {
		return err
	}
	switch done := digitised(papers, c.terms); {
	case !done:
		x.d.DigitisedMs = 0
	case x.d.DigitisedMs == 0:
		x.d.DigitisedMs = x.ms
	}
	if err := savePaper(x.tx, x.d.ID, *p); err != nil || x.in.File == "" {
		return err
	}
	return x.prove(x.in.File)
}
