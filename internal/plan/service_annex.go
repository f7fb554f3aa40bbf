package plan

import (
	"strconv"

	"cchc/internal/db"
)

// AnnexLine counts the tasks of an area, or the assignments of an agency.
type AnnexLine struct {
	Key    string // agency id, or the number of the area
	Name   string
	Counts Counts
}

// Annex is what a periodic report tells of a plan as it stood at the end of a day: of
// everything, whoever asks, since a report means the same to every reader.
type Annex struct {
	Tasks    Counts      // of the whole plan
	Areas    []AnnexLine // tasks by area of reform
	Agencies []AnnexLine // assignments by agency
	Rows     []TaskRow   // every task with its class
}

// Annex reads the tables of a report. The caller has checked that its reader may ask for
// the whole province. Refusal: plan.plan_unknown.
func (s *Service) Annex(tx *db.Tx, planID, day string) (out Annex, err error) {
	p, err := findPlan(tx, planID)
	if err != nil {
		return out, err
	}
	v := view{tx: tx, now: s.clock(), scope: scope{account: everything}, plan: p}
	q, err := v.ask(day, Filter{})
	if err != nil {
		return out, err
	}
	if out.Rows, err = taskRows(tx, q); err != nil {
		return out, err
	}
	facts := make([]TaskFacts, len(out.Rows))
	byArea := map[int][]TaskFacts{}
	for i, r := range out.Rows {
		facts[i] = r.Facts
		byArea[r.Facts.Area] = append(byArea[r.Facts.Area], r.Facts)
	}
	out.Tasks = countTasks(facts)
	areas, err := listAreas(tx)
	if err != nil {
		return out, err
	}
	for _, a := range areas {
		if len(byArea[a.No]) > 0 {
			out.Areas = append(out.Areas, AnnexLine{Key: strconv.Itoa(a.No), Name: a.Name, Counts: countTasks(byArea[a.No])})
		}
	}
	out.Agencies, err = countByAgency(tx, planID, day)
	return out, err
}
