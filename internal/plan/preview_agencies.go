package plan

import (
	"slices"
	"strings"
)

// agencies reads who leads and who coordinates, and how a task fans out.
func (r *reader) agencies(t *Task, row row, doubt func(Doubt)) {
	lead := r.column(t, "lead", t.LeadText, Lead, doubt)
	r.column(t, "coordinating", t.CoordText, Coordinating, doubt)
	if t.LeadText == "" {
		doubt(Doubt{Field: "lead", Code: "lead_missing", Choices: []string{chooseAgency}})
		t.Mentions = append(t.Mentions, Mention{Role: Lead, Column: "lead"}) // the place that the answer fills
	}
	grouped := slices.ContainsFunc(t.Mentions, func(m Mention) bool { return m.Group != "" && m.Column == "lead" })
	switch words := strings.TrimSpace(row.get("fan_out")); {
	case words == string(PerAgency), words == "" && grouped:
		t.FanOut = PerAgency
	case grouped: // says single, yet the lead is a group word
		t.FanOut = PerAgency
		doubt(Doubt{Field: "lead", Text: t.LeadText, Code: "lead_is_a_group", Choices: []string{edited, chooseAgency}})
	default:
		t.FanOut = Single
		if words != "" && words != string(Single) {
			doubt(Doubt{Field: "fan_out", Text: words, Code: "fan_out_unknown", Proposal: string(Single), Choices: []string{edited}})
		}
	}
	for i, id := range lead {
		if t.LeadAgency = lead[0]; i == 0 {
			continue
		}
		t.demote(id)
	}
	if len(lead) > 1 {
		var choices []string
		for _, id := range lead {
			choices = append(choices, chooseAgency+id)
		}
		doubt(Doubt{Field: "lead", Text: t.LeadText, Code: "two_leads", Proposal: choices[0], Choices: choices})
	}
	if t.FanOut == PerAgency {
		r.addressees(t, doubt)
	}
}

// demote makes an agency named beside the accountable one a coordinating one.
func (t *Task) demote(agency string) {
	for i := range t.Mentions {
		if t.Mentions[i].Agency == agency {
			t.Mentions[i].Role = Coordinating
		}
	}
}

// column reads one agency column into mentions and returns the agencies named alone.
func (r *reader) column(t *Task, field, words string, role AssignmentRole, doubt func(Doubt)) (alone []string) {
	for _, n := range mentions(words, r.dir) {
		m := Mention{Role: role, Text: n.text, Column: field}
		switch {
		case len(n.groups) > 0:
			var found []Group
			for _, g := range n.groups {
				if len(r.dir.Members(g)) > 0 {
					found = append(found, g)
				}
			}
			if len(found) == 0 {
				doubt(Doubt{Field: field, Text: n.text, Code: "group_empty", Choices: groupChoices(r.std)})
				found = n.groups[:1]
			}
			for _, g := range found {
				m.Group = g
				t.Mentions = append(t.Mentions, m)
			}
			continue
		case len(n.agencies) == 1:
			m.Agency = n.agencies[0]
			alone = append(alone, m.Agency)
		case len(n.agencies) > 1:
			var choices []string
			for _, id := range n.agencies {
				choices = append(choices, chooseAgency+id)
			}
			doubt(Doubt{Field: field, Text: n.text, Code: "agency_ambiguous", Choices: choices})
		case field == "lead":
			doubt(Doubt{Field: field, Text: n.text, Code: "agency_unknown", Choices: []string{chooseAgency}})
		default:
			doubt(Doubt{Field: field, Text: n.text, Code: "agency_unknown", Proposal: keepText, Choices: []string{keepText, chooseAgency}})
		}
		t.Mentions = append(t.Mentions, m)
	}
	return alone
}

func groupChoices(std []Group) []string {
	choices := []string{keepText}
	for _, g := range std {
		choices = append(choices, chooseGroup+string(g))
	}
	return choices
}

// addressees sets who answers for a per_agency task. The standard set (departments
// and local authorities) is proposed; where the file's group words amount to another
// set (central agencies too, or departments alone), a person decides.
func (r *reader) addressees(t *Task, doubt func(Doubt)) {
	written := *t
	written.Mentions = address(*t, asWritten, r.std)
	t.Mentions = address(*t, standardSet, r.std)
	for i := range t.Mentions { // the agency that answers for the whole leads no share of its own unless it is addressed
		if m := t.Mentions[i]; m.Role == Lead && m.Group == "" {
			t.Mentions[i].Role = Coordinating
		}
	}
	groups := addressed(written.Mentions)
	if len(groups) == 0 {
		doubt(Doubt{Field: "lead", Text: t.LeadText, Code: "addressees_unknown", Proposal: standardSet, Choices: []string{standardSet, edited}})
		return
	}
	if !sameGroups(groups, r.std) {
		doubt(Doubt{Field: "coordinating", Text: t.CoordText, Code: "addressees_differ", Proposal: standardSet, Choices: []string{standardSet, asWritten}})
	}
}

// addressed lists the groups that answer for a task.
func addressed(list []Mention) []Group {
	var groups []Group
	for _, m := range list {
		if m.Role == Lead && m.Group != "" && !slices.Contains(groups, m.Group) {
			groups = append(groups, m.Group)
		}
	}
	return groups
}

func sameGroups(a, b []Group) bool {
	if len(a) != len(b) {
		return false
	}
	for _, g := range a {
		if !slices.Contains(b, g) {
			return false
		}
	}
	return true
}

// heads raises a doubt for each agency that leads a task and has nobody in its head's
// post ("6 rõ": clear person), once an agency; and one for the whole file when the
// directory keeps no posts at all.
func (r *reader) heads(t Task, doubt func(Doubt)) {
	if t.HeadText != "" && t.FanOut == Single {
		return
	}
	lead, _ := expand(t, r.dir)
	for _, id := range lead {
		holder, known := r.dir.Head(id)
		switch {
		case !known && !r.headsSaid:
			r.headsSaid = true
			r.out.Doubts = append(r.out.Doubts, Doubt{Field: "head", Code: "heads_unknown", Choices: []string{edited}})
		case known && holder == "" && !r.headless[id]:
			r.headless[id] = true
			doubt(Doubt{Field: "head", Text: r.dir.Name(id), Code: "head_missing", Choices: []string{edited, chooseText}})
		}
	}
}
