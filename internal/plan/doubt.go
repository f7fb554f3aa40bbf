package plan

import (
	"slices"
	"strings"

	"cchc/internal/clock"
	"cchc/internal/errs"
	"cchc/internal/text"
)

// Doubt is one thing in a plan file that only a person can decide. Until it is
// settled the plan cannot be issued; Proposal is what the draft holds meanwhile.
type Doubt struct {
	ID       string   `json:"id,omitempty"`
	TaskID   string   `json:"-"`
	Row      int      `json:"row"` // as the spreadsheet counts; 0 concerns the whole file
	Task     string   `json:"task,omitempty"`
	Field    string   `json:"field"`
	Text     string   `json:"text"`
	Code     string   `json:"code"` // stable: "agency_unknown"
	Why      string   `json:"why"`  // the reason, in words once localised
	Proposal string   `json:"proposal,omitempty"`
	Choices  []string `json:"choices,omitempty"` // "agency:<id>", "day:2022-06-30", "standard", …
	Settled  bool     `json:"-"`
	Choice   string   `json:"-"`
	Version  int64    `json:"-"`
}

// Choices are written "verb:value". These verbs need a value.
const (
	chooseAgency = "agency:" // this agency is meant
	chooseDay    = "day:"    // this is the day
	chooseText   = "text:"   // these are the words
	chooseKind   = "kind:"   // this kind of task
	chooseGroup  = "group:"  // this group is meant
)

// Choices without a value.
const (
	keepText    = "keep_text"   // stays as words, makes no assignment
	noDay       = "no_deadline" // has no date, stands outside the rates
	standardSet = "standard"    // every department and local authority
	asWritten   = "as_written"  // exactly the groups that the file names
	edited      = "edited"      // the task itself was put right by hand
)

// settle applies a person's choice to the task of a doubt and returns the task so
// changed. Refusals: "plan.doubt_choice_unknown", "plan.doubt_choice_day".
func settle(t Task, d Doubt, choice string, std []Group) (Task, error) {
	t.Mentions = slices.Clone(t.Mentions)
	verb, value, _ := strings.Cut(choice, ":")
	value = text.Clean(value)
	refuse := errs.OnField("choice", "plan.doubt_choice_unknown", "choice", choice)
	switch verb + ":" {
	case chooseAgency:
		if value == "" || !strings.HasPrefix(d.Field, "lead") && !strings.HasPrefix(d.Field, "coordinating") {
			return t, refuse
		}
		return t.nameAgency(d, value), nil
	case chooseDay:
		if _, err := clock.ParseDay(value); err != nil {
			return t, errs.OnField("choice", "plan.doubt_choice_day", "day", value)
		}
		t.DueDay = value
		if n := len(t.Milestones); n > 0 && t.Milestones[n-1].DueDay != value {
			t.Milestones = slices.Clone(t.Milestones)
			t.Milestones[n-1].DueDay = value
		}
		return t, nil
	case chooseText:
		return t.setText(d.Field, value)
	case chooseKind:
		if !slices.Contains(TaskKinds, TaskKind(value)) {
			return t, refuse
		}
		t.Kind = TaskKind(value)
		return t, nil
	case chooseGroup:
		t.Mentions = replace(t.Mentions, d.Text, Mention{Group: Group(value)})
		return t, nil
	}
	switch choice {
	case edited:
		return t, nil
	case keepText:
		if d.Field == "lead" {
			return t, refuse
		}
		return t, nil
	case noDay:
		t.DueDay = NoDay
		return t, nil
	case standardSet, asWritten:
		if d.Code != "addressees_differ" {
			return t, refuse
		}
		t.Mentions = address(t, choice, std)
		return t, nil
	}
	return t, refuse
}

func (t Task) setText(field, value string) (Task, error) {
	if value == "" {
		return t, errs.OnField("choice", "plan.doubt_choice_unknown", "choice", value)
	}
	switch field {
	case "product":
		t.Product = value
	case "content":
		t.Content = value
	case "code":
		t.Code = value
	case "head":
		t.HeadText = value
	case "deadline":
		t.DeadlineText = value
	default:
		return t, errs.OnField("choice", "plan.doubt_choice_unknown", "choice", value)
	}
	return t, nil
}

// nameAgency says which agency the words of a doubt mean. For two leads the chosen
// one is accountable and the other coordinates.
func (t Task) nameAgency(d Doubt, agency string) Task {
	if d.Code != "two_leads" {
		t.Mentions = replace(t.Mentions, d.Text, Mention{Agency: agency})
		if d.Field == "lead" && t.LeadAgency == "" {
			t.LeadAgency = agency
		}
		return t
	}
	t.LeadAgency = agency
	if t.FanOut == PerAgency {
		return t
	}
	for i, m := range t.Mentions {
		if m.Role == Lead && m.Group == "" {
			t.Mentions[i].Role = Coordinating
		}
		if m.Agency == agency {
			t.Mentions[i].Role = Lead
		}
	}
	return t
}

// replace gives the mention written as words what it was found to mean.
func replace(list []Mention, words string, m Mention) []Mention {
	for i := range list {
		if list[i].Text == words && (words != "" || list[i].Group == "") {
			list[i].Agency, list[i].Group = m.Agency, m.Group
		}
	}
	return list
}

// address rewrites who answers for a per_agency task: the standard set of the
// province, or exactly the groups that the file names (in its lead column, else in
// its coordinating one). A group that does not answer coordinates.
func address(t Task, choice string, std []Group) []Mention {
	inLead := slices.ContainsFunc(t.Mentions, func(m Mention) bool { return m.Group != "" && m.Column == "lead" })
	var list []Mention
	have := map[Group]bool{}
	for _, m := range t.Mentions {
		if m.Group != "" && m.Text == "" {
			continue // added by the standard set: added anew below
		}
		if m.Group != "" {
			have[m.Group] = true
			written := m.Column == "lead" || !inLead
			m.Role = Coordinating
			if choice == asWritten && written || choice == standardSet && slices.Contains(std, m.Group) {
				m.Role = Lead
			}
		}
		list = append(list, m)
	}
	for _, g := range std {
		if choice == standardSet && !have[g] {
			list = append(list, Mention{Role: Lead, Group: g})
		}
	}
	return list
}
