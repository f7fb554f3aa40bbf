package plan

import (
	"cchc/internal/errs"
)

// TaskKind says how often a task has to deliver.
type TaskKind string

// The kinds of task. The recurring and continuous ones stand outside the dated
// on-time denominators: their period items are counted apart.
const (
	OneOff    TaskKind = "one_off"
	Milestone TaskKind = "multi_milestone"
	Monthly   TaskKind = "recurring_monthly"
	Quarterly TaskKind = "recurring_quarterly"
	ByPeriod  TaskKind = "recurring_period" // theo kỳ báo cáo
	Ongoing   TaskKind = "continuous"       // thường xuyên
)

// TaskKinds lists every kind.
var TaskKinds = []TaskKind{OneOff, Milestone, Monthly, Quarterly, ByPeriod, Ongoing}

// recurring says that the task owes one item a period.
func (k TaskKind) recurring() bool { return k == Monthly || k == Quarterly || k == ByPeriod }

// dated says that the task counts in the on-time rates once it has a date.
func (k TaskKind) dated() bool { return k == OneOff || k == Milestone }

// FanOut says how many assignments a task makes.
type FanOut string

const (
	Single    FanOut = "single"
	PerAgency FanOut = "per_agency" // one assignment for each addressee
)

// Priority of a task.
type Priority string

const (
	Normal       Priority = "normal"       // thường
	Important    Priority = "important"    // quan trọng
	Breakthrough Priority = "breakthrough" // đột phá
)

// Group is a group word of a plan ("các sở, ban, ngành"): it stands for every agency
// of a kind that exists on the day of issue.
type Group string

const (
	AllDepartments Group = "department"
	AllCentral     Group = "central_agency"
	AllDistricts   Group = "district"
	AllCommunes    Group = "commune"
)

// Mention is an agency or a group of agencies named in a task.
type Mention struct {
	Role   AssignmentRole // Lead: accountable, or an addressee of a per_agency task
	Group  Group          // '' when one agency is named
	Agency string         // agency id, '' for a group
	Text   string         // as written; '' when only the standard set of addressees added it
	Column string         // "lead" or "coordinating": where the file names it
}

// Task is one task (nhiệm vụ) of a plan.
type Task struct {
	ID, PlanID   string
	Sort         int
	Area         int
	Code         string // NV01
	Content      string
	Product      string
	LeadText     string
	CoordText    string
	LeadAgency   string // the accountable agency; '' when each addressee answers for itself
	DeadlineText string // kept as written
	DueDay       string // NoDay when none
	Kind         TaskKind
	FanOut       FanOut
	Priority     Priority
	HeadText     string // accountable head as named in the file
	Funding      string
	LegalRef     string
	Note         string // what the file says in columns that have no place here
	Confidential bool
	Cancelled    bool
	From         string // task of the parent plan that this one carries out, '' otherwise
	Version      int64
	Mentions     []Mention
	Milestones   []MilestoneStep
	Extra        map[string]string // columns of the file that have no field here
}

// MilestoneStep is a step of a multi_milestone task with its own product and day.
type MilestoneStep struct {
	ID, Name, Product string
	No                int
	DueDay            string
	Weight            int // per cent of the whole
}

// dated says that assignments of the task count in the on-time rates.
func (t Task) dated() bool { return t.Kind.dated() && t.DueDay != NoDay && t.DueDay != "" }

// finalDay is the day on which the whole task is due: that of the last milestone, or
// the task's own.
func (t Task) finalDay() string {
	day := t.DueDay
	for _, m := range t.Milestones {
		if m.DueDay != NoDay && (day == NoDay || day == "" || m.DueDay > day) {
			day = m.DueDay
		}
	}
	if day == "" {
		return NoDay
	}
	return day
}

// sixClear lists what a task lacks of the six clarities (6 rõ): person, job, time,
// responsibility, product, authority. headless names the lead agencies without a
// holder of the head's post on the day of issue.
func (t Task) sixClear(addressees int, headless []string, approver string) errs.List {
	var l errs.List
	if t.Content == "" {
		l = append(l, errs.OnField("content", "plan.issue_no_content", "task", t.Code))
	}
	if t.Product == "" {
		l = append(l, errs.OnField("product", "plan.issue_no_product", "task", t.Code))
	}
	if t.DeadlineText == "" {
		l = append(l, errs.OnField("deadline_text", "plan.issue_no_deadline", "task", t.Code))
	}
	if t.Kind == Milestone && t.finalDay() == NoDay {
		l = append(l, errs.OnField("milestones", "plan.issue_no_final_milestone", "task", t.Code))
	}
	if addressees == 0 {
		l = append(l, errs.OnField("lead", "plan.issue_no_lead", "task", t.Code))
	}
	for _, agency := range headless {
		l = append(l, errs.OnField("head", "plan.issue_no_head", "task", t.Code, "agency", agency))
	}
	if approver == "" {
		l = append(l, errs.OnField("approver", "plan.issue_no_approver", "task", t.Code))
	}
	return l
}
