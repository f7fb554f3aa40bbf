package plan

import (
	"strconv"

	"cchc/internal/flow"
)

// AmendmentState is where an amendment stands.
type AmendmentState string

// The states of an amendment.
const (
	AmendmentDraft     AmendmentState = "draft"     // đang soạn
	AmendmentSubmitted AmendmentState = "submitted" // đã trình ký
	AmendmentIssued    AmendmentState = "issued"    // đã ban hành: its changes hold
	AmendmentDropped   AmendmentState = "dropped"   // đã bỏ
)

// AmendmentMoves are the moves of an amendment.
var AmendmentMoves = flow.Table[AmendmentState]{
	{Name: "present", From: []AmendmentState{AmendmentDraft}, To: AmendmentSubmitted},
	{Name: "take_back", From: []AmendmentState{AmendmentSubmitted}, To: AmendmentDraft},
	{Name: "drop", From: []AmendmentState{AmendmentDraft, AmendmentSubmitted}, To: AmendmentDropped},
	{Name: "issue", From: []AmendmentState{AmendmentDraft, AmendmentSubmitted}, To: AmendmentIssued},
}

// Amendment is the document by which an issued plan is changed (điều chỉnh kế hoạch).
// The old values stay: each issued amendment makes the next version of the plan.
type Amendment struct {
	ID, PlanID string
	Number     string // số, ký hiệu: required to issue
	SignedDay  string
	Signer     string
	Reason     string
	State      AmendmentState
	DraftedBy  string // account
	AtMs       int64  // when it was begun
	IssuedBy   string // account
	IssuedMs   int64
	Version    int64
}

// editable says whether its changes may still be edited.
func (a Amendment) editable() bool { return a.State == AmendmentDraft }

// open says whether it is in the making.
func (a Amendment) open() bool { return a.State == AmendmentDraft || a.State == AmendmentSubmitted }

// ChangeKind says what an amendment does to a task.
type ChangeKind string

// The kinds of change.
const (
	AddTask    ChangeKind = "add"    // bổ sung
	ChangeTask ChangeKind = "change" // sửa đổi
	DropTask   ChangeKind = "cancel" // đưa ra khỏi kế hoạch
)

// Change is what an amendment does to one task: the task before and after, whole.
type Change struct {
	ID, Amendment, TaskID string
	Code                  string // of the task, as people read it
	Kind                  ChangeKind
	Before, After         Task // Before is zero for a task that is added
}

// Difference is one field of a task in two versions of a plan, in stored words.
type Difference struct{ Field, Before, After string }

// taskFields are the fields that two versions of a task are compared by, in the order
// in which people read a task. nameOf gives the name of an agency.
func taskFields(t Task, nameOf func(string) string) []Difference {
	if t.ID == "" {
		return nil
	}
	lead := nameOf(t.LeadAgency)
	if t.FanOut == PerAgency || lead == "" {
		lead = t.LeadText
	}
	due := t.finalDay()
	if due == NoDay {
		due = ""
	}
	secret := ""
	if t.Confidential {
		secret = "yes"
	}
	return []Difference{{"content", "", t.Content}, {"product", "", t.Product}, {"lead", "", lead}, {"coordinating", "", t.CoordText}, {"head", "", t.HeadText},
		{"deadline_text", "", t.DeadlineText}, {"due", "", due}, {"milestones", "", writeSteps(t.Milestones)}, {"kind", "", string(t.Kind)},
		{"priority", "", string(t.Priority)}, {"area", "", strconv.Itoa(t.Area)}, {"funding", "", t.Funding}, {"legal_ref", "", t.LegalRef}, {"confidential", "", secret}}
}

// compare lists the fields in which two versions of a task differ; of a task that is
// added or cancelled, every field that says something.
func compare(before, after Task, nameOf func(string) string) []Difference {
	a, b := taskFields(before, nameOf), taskFields(after, nameOf)
	if a == nil {
		a = make([]Difference, len(b))
	}
	if b == nil {
		b = make([]Difference, len(a))
	}
	var list []Difference
	for i := range max(len(a), len(b)) {
		d := Difference{Field: a[i].Field, Before: a[i].After, After: b[i].After}
		if d.Field == "" {
			d.Field = b[i].Field
		}
		if d.Before != d.After {
			list = append(list, d)
		}
	}
	return list
}

// Differences are the fields in which the change makes the task another one.
func (c Change) Differences(nameOf func(string) string) []Difference {
	switch c.Kind {
	case AddTask:
		return compare(Task{}, c.After, nameOf)
	case DropTask:
		return compare(c.Before, Task{}, nameOf)
	}
	return compare(c.Before, c.After, nameOf)
}

// merged folds the changes of several amendments, oldest first, into one change a
// task: what it was before the first and is after the last. A task that was added and
// cancelled in between, or that came back to what it was, does not show.
func merged(changes []Change) []Change {
	var order []string
	by := map[string]Change{}
	for _, c := range changes {
		first, known := by[c.TaskID]
		if !known {
			order = append(order, c.TaskID)
			by[c.TaskID] = c
			continue
		}
		switch {
		case first.Kind == AddTask && c.Kind == DropTask:
			first.Kind = "" // came and went
		case first.Kind == AddTask:
			first.After = c.After
		default:
			first.After, first.Kind = c.After, c.Kind
		}
		by[c.TaskID] = first
	}
	var list []Change
	for _, id := range order {
		c := by[id]
		if c.Kind == "" || c.Kind == ChangeTask && len(compare(c.Before, c.After, func(id string) string { return id })) == 0 {
			continue
		}
		list = append(list, c)
	}
	return list
}
