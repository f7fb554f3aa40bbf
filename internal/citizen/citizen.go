// Package citizen is what an applicant sees of the one-stop shop (tra cứu hồ sơ): where a
// dossier stands, in plain words, and what comes next. Nobody needs an account to look.
//
// Start at Standing; Stage and Ahead say what is behind and what is still to come. The room knows
// no dossiers: it asks Dossiers, which answers with what is masked already.
package citizen

import "slices"

// Standing is what may be known of a dossier by whoever has its code. Instants are UTC
// milliseconds, 0 when there is none; Applicant and IDNumber are masked by who answers.
type Standing struct {
	Code, ProcedureCode, Procedure  string
	State                           string // a word of room dossier's states
	Applicant, IDNumber             string
	Receiving, Competent, Returning string // names of the agencies
	OriginalDueMs, DueMs            int64
	Paused                          bool // the clock stands
	Late, Apologised                bool
	SupplyUntil                     string // last day to supply what was asked, "" without
	Events                          []Event
}

// Event is one thing that happened, without names and words of officers.
type Event struct {
	Move string
	AtMs int64
}

// Stage is a part of a dossier's way that an applicant can tell from the others.
type Stage string

// The stages in their order. StageOver is the end of a dossier that has no result.
const (
	StageReceipt Stage = "receipt"
	StageWork    Stage = "work"
	StageReturn  Stage = "return"
	StageDone    Stage = "done"
	StageOver    Stage = "over"
)

// stageOf places every state. An unknown state is work: nothing is promised by it.
var stageOf = map[string]Stage{
	"draft": StageReceipt, "submitted": StageReceipt, "supplement_before_receipt": StageReceipt,
	"received": StageWork, "in_process": StageWork, "coordinating": StageWork, "supplement_wait": StageWork, "finance_wait": StageWork,
	"approved": StageReturn, "rejected_result": StageReturn, "handed_to_counter": StageReturn,
	"returned": StageDone,
	"refused":  StageOver, "withdrawn": StageOver, "stopped": StageOver, "closed_no_supplement": StageOver,
}

// Stage is where the dossier is on its way.
func (s Standing) Stage() Stage {
	if at, known := stageOf[s.State]; known {
		return at
	}
	return StageWork
}

// Ahead are the stages still to come, none when the dossier has ended.
func (s Standing) Ahead() []Stage {
	way := []Stage{StageReceipt, StageWork, StageReturn}
	i := slices.Index(way, s.Stage())
	if i < 0 {
		return nil
	}
	return way[i+1:]
}

// MustAct says whether the next act is the applicant's: to supply, to pay, to fetch.
func (s Standing) MustAct() bool {
	switch s.State {
	case "draft", "supplement_before_receipt", "supplement_wait", "finance_wait", "handed_to_counter":
		return true
	}
	return false
}

// Promised says whether there is a time by which the result is promised: a due time in
// force, not yet broken, while work goes on. A standing clock promises nothing until it
// runs again.
func (s Standing) Promised() bool {
	return s.Stage() == StageWork && s.DueMs > 0 && !s.Paused && !s.Late
}

// SupplyPassed says whether the last day to supply is over on a day (YYYY-MM-DD): the
// dossier may be closed then.
func (s Standing) SupplyPassed(today string) bool {
	return s.SupplyUntil != "" && today > s.SupplyUntil
}

// Overdue says whether the applicant waits longer than was promised: what lies ready at
// the counter, or has ended, is waited for no more.
func (s Standing) Overdue() bool {
	at := s.Stage()
	return s.Late && s.State != "handed_to_counter" && (at == StageWork || at == StageReturn)
}
