package plan

import (
	"encoding/json"
	"strconv"
	"strings"

	"cchc/internal/text"
)

// exported are the columns of an export in order; each is a name that the importer
// knows. Columns of the first file that have no field follow under their own names.
var exported = []string{"task_id", "area_no", "area", "task", "product", "lead_agency", "coordinating_agencies", "deadline_text", "deadline_date",
	"kind", "fan_out", "head", "priority", "funding", "legal_ref", "note", "milestones", "decisions"}

// decision is a settled doubt as it travels with an exported plan, so that reading the
// file again asks nothing twice. Agencies are written by name: ids are of one database.
type decision struct {
	Code   string `json:"code"`
	Field  string `json:"field"`
	Text   string `json:"text"`
	Choice string `json:"choice"`
}

// Export writes tasks as the rows of a file that imports again to the same plan,
// heading included. nameOf gives the name of an agency.
func Export(tasks []Task, areas []Area, doubts []Doubt, nameOf func(id string) string) ([][]string, error) {
	areaName := map[int]string{}
	for _, a := range areas {
		areaName[a.No] = a.Name
	}
	settled := map[string][]decision{}
	for _, d := range doubts {
		if d.Settled && d.Task != "" {
			choice := d.Choice
			if id, ok := strings.CutPrefix(choice, chooseAgency); ok {
				choice = chooseAgency + nameOf(id)
			}
			settled[d.Task] = append(settled[d.Task], decision{d.Code, d.Field, d.Text, choice})
		}
	}
	extra := extraNames(tasks)
	rows := [][]string{append(append([]string{}, exported...), extra...)}
	for _, t := range tasks {
		decisions := ""
		if list := settled[t.Code]; len(list) > 0 {
			raw, err := json.Marshal(list)
			if err != nil {
				return nil, err
			}
			decisions = string(raw)
		}
		due := t.DueDay
		if due == NoDay {
			due = ""
		}
		row := []string{t.Code, strconv.Itoa(t.Area), areaName[t.Area], t.Content, t.Product, t.LeadText, t.CoordText, t.DeadlineText, due,
			string(t.Kind), string(t.FanOut), t.HeadText, string(t.Priority), t.Funding, t.LegalRef, t.Note, writeSteps(t.Milestones), decisions}
		for _, name := range extra {
			row = append(row, t.Extra[name])
		}
		rows = append(rows, row)
	}
	return rows, nil
}

func writeSteps(steps []MilestoneStep) string {
	lines := make([]string, 0, len(steps))
	for _, m := range steps {
		line := strings.Join([]string{m.DueDay, strconv.Itoa(m.Weight), m.Name, m.Product}, " | ")
		lines = append(lines, strings.TrimRight(line, " |"))
	}
	return strings.Join(lines, "\n")
}

// decided takes the decisions that travel with a row. It returns what raises a doubt
// only where nobody decided yet, and what applies the decisions to the finished task.
func (r *reader) decided(column string, doubt func(Doubt)) (raise func(Doubt), apply func(*Task)) {
	var made []decision
	if column == "" || json.Unmarshal([]byte(column), &made) != nil {
		return doubt, func(*Task) {}
	}
	type pending struct {
		d      Doubt
		choice string
	}
	var todo []pending
	raise = func(d Doubt) {
		for _, m := range made {
			if m.Code == d.Code && m.Field == d.Field && m.Text == d.Text {
				todo = append(todo, pending{d, m.Choice})
				return
			}
		}
		doubt(d)
	}
	return raise, func(t *Task) {
		for _, p := range todo {
			choice := p.choice
			if name, ok := strings.CutPrefix(choice, chooseAgency); ok {
				ids := r.dir.Resolve(text.Clean(name))
				if len(ids) != 1 {
					doubt(p.d)
					continue
				}
				choice = chooseAgency + ids[0]
			}
			after, err := settle(*t, p.d, choice, r.std)
			if err != nil {
				doubt(p.d)
				continue
			}
			*t = after
		}
	}
}
