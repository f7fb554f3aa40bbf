package dossier

import (
	"context"
	"sync"
	"time"

	"cchc/internal/audit"
	"cchc/internal/calendar"
	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/errs"
	"cchc/internal/event"
	"cchc/internal/identity"
	"cchc/internal/process"
)

// Catalogue answers what a procedure is on a day; app wires it to the rooms that keep
// procedures. online asks for the steps of dossiers sent online. It refuses what is
// unknown or not in force on the day, with a code of its own.
type Catalogue interface {
	Find(tx *db.Tx, key, variant, day string, online bool) (Procedure, error)
}

// Service is what people do with dossiers. Each method is one transaction: may they?
// read, decide, write, record, announce.
type Service struct {
	DB         *db.DB
	Clock      clock.Clock
	Log        *audit.Log
	Procedures Catalogue
	// Host is the name under which the look-up page is reached, "" takes any: the QR of
	// another province is refused by it.
	Host string
	// Owes says whether money for a dossier is still owed; nil while no room takes money.
	Owes func(tx *db.Tx, dossierID string) (bool, error)

	terms sync.Map // id -> *Terms, never changed once made
	quiet bool     // a past is told: it is no news
}

// Act is one move on a dossier as somebody makes it. Which fields count depends on the
// move; Version is that of the page the person saw.
type Act struct {
	Move     string
	Version  int64
	Step     int    // the step that ends, is begun, or to which the dossier goes back
	Reason   string // in the person's own words
	Text     string // note, question or opinion
	Document string // number of the document that says so
	Agency   string // code of the agency asked, or of the new competent one
	Due      time.Time
	Until    string // last day to supply, YYYY-MM-DD
	File     string // document id
	Papers   []PaperInput
	Result   ResultInput
	Way      string // of returning: counter, online, post
	TakenBy  string
	Waybill  string
	Paper    int // number of a paper
	Mark     int // of digitisation, 0..3
	Online   bool
}

// act is one act under way: what was read, who does it and when.
type act struct {
	s       *Service
	tx      *db.Tx
	actor   identity.Actor
	who     audit.Who
	program bool // the program itself: no right is asked, nobody's version is checked
	now     time.Time
	ms      int64
	in      Act

	d, before Dossier
	course    *course
	pauses    []Pause
	entry     Entry
	counts    []count
	cal       *calendar.Calendar
}

// count is one thing that happened, for the indicators.
type count struct {
	code, agency, day string
	n                 int64
}

func signedIn(ctx context.Context) (identity.Actor, error) {
	a := identity.From(ctx)
	if !a.SignedIn() {
		return a, errs.New(errs.Unauthenticated, "identity.sign_in_first")
	}
	return a, nil
}

// Move makes a move on the dossier with a code. Refusals: dossier.unknown (also out of
// reach), dossier.changed_meanwhile, dossier.wrong_state, dossier.move_unknown,
// identity.right_missing, and those of each rule.
func (s *Service) Move(ctx context.Context, code string, in Act) (out Dossier, err error) {
	actor, err := signedIn(ctx)
	if err != nil {
		return out, err
	}
	now := s.Clock()
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		out, err = s.MoveTx(tx, actor, now, code, in)
		return err
	})
	return out, err
}

// MoveTx is Move in the caller's transaction.
func (s *Service) MoveTx(tx *db.Tx, actor identity.Actor, now time.Time, code string, in Act) (Dossier, error) {
	d, err := findCode(tx, code)
	if err != nil {
		return d, err
	}
	x := &act{s: s, tx: tx, actor: actor, now: now, ms: now.UnixMilli(), in: in, d: d, before: d}
	if err := x.allowed(); err != nil {
		return d, err
	}
	x.who = actor.Who()
	if in.Version != d.Version {
		return d, changedMeanwhile()
	}
	err = x.run()
	return x.d, err
}

// Do makes a move for the program itself: what an applicant did on a page of theirs, what
// a payment settled, what a group of procedures decided. No right is asked; the table of
// moves, the clock and the rules hold as for people.
func (s *Service) Do(tx *db.Tx, who audit.Who, now time.Time, id string, in Act) (Dossier, error) {
	d, err := findDossier(tx, id)
	if err != nil {
		return d, err
	}
	x := &act{s: s, tx: tx, who: who, program: true, now: now, ms: now.UnixMilli(), in: in, d: d, before: d}
	err = x.run()
	return x.d, err
}

// allowed asks for the right of the move over the agency that it belongs to. Who does not
// even see the dossier is told that there is none.
func (x *act) allowed() error {
	right, agencies, err := x.needed()
	if err != nil {
		return err
	}
	var refusal error = errs.New(errs.Forbidden, "identity.right_missing", "right", right)
	for _, agency := range agencies {
		if refusal = identity.Require(x.tx, x.actor, right, agency, x.now); errs.KindOf(refusal) != errs.Forbidden {
			return refusal
		}
	}
	seen, err := sees(x.tx, x.d, x.actor.Reach(RightView), x.ms)
	if err != nil {
		return err
	}
	if !seen {
		return unknown()
	}
	return refusal
}

// needed is the right that a move takes and the agencies any of which it may be held
// over. What the counter does within the table of steps is the receiving agency's.
func (x *act) needed() (right string, agencies []string, err error) {
	who, known := duties[x.in.Move]
	if !known {
		return RightView, []string{x.d.Receiving, x.d.Competent, x.d.Returning}, nil // told by run that there is no such move
	}
	switch x.in.Move {
	case "advance", "take", "send_back", "recall":
		c, err := x.steps()
		if err != nil {
			return "", nil, err
		}
		if c.atCounter(x.in) {
			who = duty{RightReceive, atReceiving}
		}
	case "ask_supplement":
		if x.d.Supplements > 0 {
			who.right = RightSign
		}
	}
	switch who.over {
	case atReceiving:
		agencies = []string{x.d.Receiving}
	case atCompetent:
		agencies = []string{x.d.Competent}
	case atReturning:
		agencies = []string{x.d.Returning}
	case atAny:
		agencies = []string{x.d.Receiving, x.d.Competent, x.d.Returning}
	case atAsked:
		list, err := opinionsOf(x.tx, x.d.ID)
		if err != nil {
			return "", nil, err
		}
		for _, o := range list {
			if o.GivenMs == 0 {
				agencies = append(agencies, o.Agency)
			}
		}
	}
	return who.right, agencies, nil
}

// run makes the move, then writes the dossier, its history, the audit entry, the counts
// and the announcement.
func (x *act) run() error {
	if err := x.in.clean(); err != nil {
		return err
	}
	if _, err := next(x.d.State, x.in.Move, ""); err != nil {
		return err
	}
	rule, there := rules[x.in.Move]
	if !there || x.in.Move == "payment" && !x.program {
		return errs.OnField("move", "dossier.move_unknown", "move", x.in.Move)
	}
	x.entry = Entry{Move: x.in.Move, From: x.d.State, Reason: x.in.Reason, Document: x.in.Document}
	if err := rule(x); err != nil {
		return err
	}
	return x.finish()
}

// finish writes what an act has done.
func (x *act) finish() error {
	if err := x.settle(); err != nil {
		return err
	}
	if err := saveDossier(x.tx, x.d); err != nil {
		return err
	}
	x.d.Version++
	return x.trail()
}

// settle saves the steps and brings up to date who owes the next act.
func (x *act) settle() error {
	if x.course != nil {
		x.d.Step = x.course.current()
		if err := saveRuns(x.tx, x.d.ID, x.course.runs); err != nil {
			return err
		}
	}
	return x.owed()
}

// owed says who owes the next act, and who has taken the step that is open.
func (x *act) owed() error {
	var step process.Step
	var due int64
	x.d.Assignee = ""
	if x.d.Step != 0 {
		c, err := x.steps()
		if err != nil {
			return err
		}
		step = c.terms.step(x.d.Step)
		if r := c.openRun(x.d.Step); r != nil {
			due = r.DueMs
			if r.StartedMs != 0 && c.terms.part[r.No] == working {
				x.d.Assignee = r.Account
			}
		}
	}
	if x.d.Holder, x.d.Duty, x.d.OwedMs = owes(x.d, step, due); x.d.OwedMs == 0 {
		x.d.OwedMs = Forever // without a date: after all dates
	}
	return nil
}

// trail appends to the history, the log, the counters, and announces the move.
func (x *act) trail() error {
	e := &x.entry
	e.No, e.To, e.AtMs = int(x.d.Version), x.d.State, x.ms
	e.Account, e.Name, e.Agency = x.who.Account, x.who.Name, x.who.Agency
	if e.Step == 0 {
		e.Step = x.before.Step
	}
	if x.d.DueMs != x.before.DueMs {
		e.DueBefore, e.DueAfter = x.before.DueMs, x.d.DueMs
	}
	if err := addEntry(x.tx, x.d.ID, *e); err != nil {
		return err
	}
	for _, c := range x.counts {
		if err := c.book(x.tx, x.d); err != nil {
			return err
		}
	}
	if err := x.record(); err != nil {
		return err
	}
	if x.s.quiet {
		return nil
	}
	if _, stays := staying[e.Move]; stays && e.Move != "transfer" && e.Move != "apologise" {
		return nil // nothing that others act upon
	}
	return event.Post(x.tx, x.now, event.DossierMoved{DossierID: x.d.ID, Code: x.d.Code, Procedure: x.d.Procedure, Move: e.Move, From: string(e.From), State: string(x.d.State)})
}

// record writes the audit entry: codes and instants, no name of an applicant. Free text
// may hold one, so a reason stays in the room's own history.
func (x *act) record() error {
	entry := audit.Entry{Kind: "dossier.move", Subject: subject(x.d.ID), Agency: x.d.Competent, After: stateOf(x.d, x.entry.Move)}
	if x.before.ID != "" {
		entry.Before = stateOf(x.before, "")
	}
	return x.s.Log.Record(x.tx, x.who, entry)
}

// logged is what the log keeps of a dossier.
type logged struct {
	Move        string `json:"move,omitempty"`
	Code        string `json:"code"`
	State       State  `json:"state"`
	Step        int    `json:"step"`
	Competent   string `json:"competent"`
	OriginalDue int64  `json:"original_due_ms"`
	Due         int64  `json:"due_ms"`
	Paused      int64  `json:"paused_ms"`
	Version     int64  `json:"version"`
}

func stateOf(d Dossier, move string) logged {
	return logged{move, d.Code, d.State, d.Step, d.Competent, d.OriginalDueMs, d.DueMs, d.PausedMs, d.Version}
}

// steps are the dossier's place in its table, read once.
func (x *act) steps() (*course, error) {
	if x.course != nil {
		return x.course, nil
	}
	t, err := x.s.termsOf(x.tx, x.d.Terms)
	if err != nil {
		return nil, err
	}
	runs, err := runsOf(x.tx, x.d.ID)
	x.course = &course{terms: t, runs: runs}
	return x.course, err
}

// termsOf reads terms, from memory where this program has met them: they never change.
func (s *Service) termsOf(tx *db.Tx, id string) (*Terms, error) {
	if t, ok := s.terms.Load(id); ok {
		return t.(*Terms), nil
	}
	t, err := findTerms(tx, id)
	if err != nil {
		return nil, err
	}
	tx.AfterCommit(func() { s.terms.Store(id, t) })
	return t, nil
}

// calendar is the working time of the competent agency, read once.
func (x *act) calendar() (calendar.Calendar, error) {
	if x.cal == nil {
		c, err := calendar.Load(x.tx, x.d.Competent)
		if err != nil {
			return c, err
		}
		x.cal = &c
	}
	return *x.cal, nil
}

// stops are the dossier's pauses, read once; most have none.
func (x *act) stops() (err error) {
	if x.pauses == nil && x.d.Pauses > 0 {
		x.pauses, err = pausesOf(x.tx, x.d.ID)
	}
	return err
}

func (x *act) count(code, agency string) {
	x.counts = append(x.counts, count{code: code, agency: agency, day: clock.Day(x.now), n: 1})
}
