package plan

import (
	"slices"
	"strconv"
	"strings"

	"cchc/internal/clock"
	"cchc/internal/text"
)

// Reading is what a plan file amounts to before anybody decides: the tasks with a
// proposal wherever the file leaves something open, and every doubt.
type Reading struct {
	Rows         int     `json:"rows"`
	Tasks        int     `json:"tasks"`
	Assignments  int     `json:"assignments"` // lead assignments that resolve
	Coordinating int     `json:"coordinating"`
	Doubts       []Doubt `json:"doubts"`
	Draft        []Task  `json:"-"`
	Areas        []Area  `json:"-"`
}

// reader reads one file.
type reader struct {
	dir       Directory
	year      int
	std       []Group
	out       *Reading
	codes     map[string]bool
	headless  map[string]bool
	headsSaid bool
}

// Preview reads the rows of a plan file (the spreadsheet's rows, heading included)
// for a year and says what it is and what is in doubt. Nothing is guessed silently
// and no cell is lost. Error: "plan.import_no_columns".
func Preview(cells [][]string, year int, dir Directory) (Reading, error) {
	rows, err := readRows(cells)
	if err != nil {
		return Reading{}, err
	}
	out := Reading{Rows: len(rows), Doubts: []Doubt{}}
	r := &reader{dir: dir, year: year, std: standard(dir), out: &out, codes: map[string]bool{}, headless: map[string]bool{}}
	area := Area{}
	for _, row := range rows {
		if row.get("content") == "" && row.get("lead") == "" && row.get("deadline") == "" {
			area = heading(row, area) // "II. Cải cách thể chế" on a line of its own
			continue
		}
		r.task(row, area)
	}
	out.Tasks = len(out.Draft)
	for _, t := range out.Draft {
		lead, coordinating := expand(t, dir)
		out.Assignments += len(lead)
		out.Coordinating += len(coordinating)
	}
	return out, nil
}

// standard is the usual set of addressees of a per_agency task: every department and
// every local authority that exists on the day (districts before 1/7/2025, communes since).
func standard(dir Directory) []Group {
	set := []Group{AllDepartments}
	for _, g := range []Group{AllDistricts, AllCommunes} {
		if len(dir.Members(g)) > 0 {
			set = append(set, g)
		}
	}
	return set
}

// expand lists the agencies that lead and those that coordinate, once each; an agency
// that leads does not coordinate as well.
func expand(t Task, dir Directory) (lead, coordinating []string) {
	seen := map[string]bool{}
	for _, role := range []AssignmentRole{Lead, Coordinating} {
		for _, m := range t.Mentions {
			if m.Role != role {
				continue
			}
			members := []string{m.Agency}
			if m.Group != "" {
				members = dir.Members(m.Group)
			}
			for _, id := range members {
				if id == "" || seen[id] {
					continue
				}
				seen[id] = true
				if role == Lead {
					lead = append(lead, id)
				} else {
					coordinating = append(coordinating, id)
				}
			}
		}
	}
	return lead, coordinating
}

func heading(r row, area Area) Area {
	if name := r.get("area"); name != "" {
		area.Name = name
	}
	if n, err := strconv.Atoi(r.get("area_no")); err == nil {
		area.No = n
	}
	return area
}

// task reads one row.
func (r *reader) task(row row, area Area) {
	area = heading(row, area)
	t := Task{
		Sort: len(r.out.Draft) + 1, Area: area.No, Code: text.Clean(row.get("code")), Content: text.Clean(row.get("content")),
		Product: text.Clean(row.get("product")), LeadText: text.Clean(row.get("lead")), CoordText: text.Clean(row.get("coordinating")),
		DeadlineText: text.Clean(row.get("deadline")), HeadText: text.Clean(row.get("head")), Funding: text.Clean(row.get("funding")),
		LegalRef: text.Clean(row.get("legal_ref")), Note: row.get("note"), Priority: priority(row.get("priority")), Extra: row.extra,
	}
	if area.No != 0 && !slices.ContainsFunc(r.out.Areas, func(a Area) bool { return a.No == area.No }) {
		r.out.Areas = append(r.out.Areas, area)
	}
	doubt := func(d Doubt) {
		d.Row, d.Task = row.number, t.Code
		r.out.Doubts = append(r.out.Doubts, d)
	}
	if row.ordinal && t.Code != "" { // a number in the column "STT" counts rows, it names no task
		if t.Extra == nil {
			t.Extra = map[string]string{}
		}
		t.Extra["STT"], t.Code = t.Code, ""
	}
	if t.Code == "" {
		t.Code = "NV" + strconv.Itoa(t.Sort/10) + strconv.Itoa(t.Sort%10)
	}
	if r.codes[t.Code] {
		doubt(Doubt{Field: "code", Text: t.Code, Code: "code_twice", Choices: []string{chooseText}})
		t.Code += "-" + strconv.Itoa(row.number)
	}
	r.codes[t.Code] = true
	if t.Content == "" {
		doubt(Doubt{Field: "content", Code: "content_missing", Choices: []string{chooseText}})
	}
	if t.Product == "" {
		doubt(Doubt{Field: "product", Code: "product_missing", Choices: []string{chooseText}})
	}
	raise, apply := r.decided(row.get("decisions"), doubt)
	r.deadline(&t, row, raise)
	r.agencies(&t, row, raise)
	r.heads(t, raise)
	apply(&t)
	r.out.Draft = append(r.out.Draft, t)
}

func priority(words string) Priority {
	switch text.Fold(words) {
	case "important", "quan trong":
		return Important
	case "breakthrough", "dot pha":
		return Breakthrough
	}
	return Normal
}

// deadline reads the words, the date column and the kind, and compares them.
func (r *reader) deadline(t *Task, row row, doubt func(Doubt)) {
	d := ParseDeadline(t.DeadlineText, r.year)
	column := NoDay
	if words := row.get("due_day"); words != "" {
		c := ParseDeadline(words, r.year)
		column = c.Day
		if c.Day == NoDay {
			doubt(Doubt{Field: "due_day", Text: words, Code: "deadline_not_understood", Choices: []string{chooseDay, noDay}})
		}
	}
	r.kind(t, row.get("kind"), d, doubt)
	t.DueDay = d.Day
	days := make([]string, 0, 3)
	offer := func(day string) {
		if day != NoDay && !slices.Contains(days, chooseDay+day) {
			days = append(days, chooseDay+day)
		}
	}
	switch {
	case d.Why == "deadline_missing" && column != NoDay: // a date alone is a deadline
		t.DueDay, t.DeadlineText = column, row.get("due_day")
	case d.Why == "deadline_several" && row.get("milestones") != "": // the steps say it
		t.DueDay = column
	case d.Why != "":
		if t.DueDay = column; len(d.Parts) > 0 {
			t.Milestones = steps(d.Parts, column)
			t.DueDay = t.Milestones[len(t.Milestones)-1].DueDay
			for _, m := range slices.Backward(t.Milestones) {
				offer(m.DueDay)
			}
		}
		offer(column)
		proposal := noDay
		if len(days) > 0 {
			proposal = days[0]
		}
		doubt(Doubt{Field: "deadline", Text: t.DeadlineText, Code: d.Why, Proposal: proposal, Choices: append(days, chooseDay, noDay)})
	case d.Means != "day": // the date column of a recurring task is its last day
		t.DueDay = column
	case column != NoDay && column != d.Day:
		offer(column)
		offer(d.Day)
		t.DueDay = column
		doubt(Doubt{Field: "due_day", Text: t.DeadlineText + " / " + row.get("due_day"), Code: "deadline_disagrees",
			Proposal: chooseDay + column, Choices: append(days, chooseDay)})
	}
	r.steps(t, row.get("milestones"), doubt)
	if t.Kind == Milestone && len(t.Milestones) == 0 && t.DueDay != NoDay {
		t.Milestones = []MilestoneStep{{No: 1, Name: t.Product, DueDay: t.DueDay, Weight: 100}}
	}
}

// steps makes milestones of the parts of a compound deadline. The date column of such
// a row is the day of its first part.
func steps(parts []DeadlinePart, first string) []MilestoneStep {
	var list []MilestoneStep
	for i, p := range parts {
		m := MilestoneStep{No: i + 1, Name: p.Label, DueDay: p.Day, Weight: 100 / len(parts)}
		if i == 0 && first != NoDay {
			m.DueDay = first
		}
		if i == len(parts)-1 {
			m.Weight = 100 - (len(parts)-1)*m.Weight
		}
		list = append(list, m)
	}
	slices.SortStableFunc(list, func(a, b MilestoneStep) int { return strings.Compare(a.DueDay, b.DueDay) })
	return list
}

// steps reads the milestones column that an export writes: "day | weight | name | product"
// a line. A line that does not read so is a doubt.
func (r *reader) steps(t *Task, column string, doubt func(Doubt)) {
	if column == "" {
		return
	}
	t.Milestones = nil
	for i, line := range strings.Split(column, "\n") {
		cut := append(strings.SplitN(strings.TrimSpace(line), " | ", 4), "", "", "")
		day := strings.TrimSpace(cut[0])
		weight, wrong := strconv.Atoi(strings.TrimSpace(cut[1]))
		if _, err := clock.ParseDay(day); err != nil || wrong != nil || weight < 0 || weight > 100 {
			doubt(Doubt{Field: "milestones", Text: line, Code: "milestone_not_understood", Choices: []string{edited}})
			continue
		}
		t.Milestones = append(t.Milestones, MilestoneStep{No: i + 1, DueDay: day, Weight: weight, Name: strings.TrimSpace(cut[2]), Product: strings.TrimSpace(cut[3])})
	}
}

// kind takes the kind column, else what the words of the deadline imply.
func (r *reader) kind(t *Task, words string, d Deadline, doubt func(Doubt)) {
	if t.Kind = TaskKind(strings.TrimSpace(words)); slices.Contains(TaskKinds, t.Kind) {
		return
	}
	if words != "" {
		defer func() {
			doubt(Doubt{Field: "kind", Text: words, Code: "kind_unknown", Proposal: chooseKind + string(t.Kind), Choices: kinds(TaskKinds...)})
		}()
	}
	t.Kind = OneOff
	switch {
	case len(d.Parts) > 0:
		t.Kind = Milestone
	case d.Means == "monthly":
		t.Kind = Monthly
	case d.Means == "quarterly":
		t.Kind = Quarterly
	case d.Means == "period":
		t.Kind = ByPeriod
	case d.Means == "continuous":
		t.Kind = Quarterly
		if words == "" {
			doubt(Doubt{Field: "kind", Text: t.DeadlineText, Code: "kind_continuous_or_quarterly",
				Proposal: chooseKind + string(Quarterly), Choices: kinds(Quarterly, Ongoing)})
		}
	}
}

func kinds(list ...TaskKind) []string {
	var choices []string
	for _, k := range list {
		choices = append(choices, chooseKind+string(k))
	}
	return choices
}
