package plan

import (
	"time"

	"cchc/internal/db"
	"cchc/internal/identity"
	"cchc/internal/inbox"
)

// Owed lists what a person owes in this room for the inbox: assignments of their
// agency to take, report and hand in, and results that wait for their acceptance; by
// deadline, those without one last.
func (s *Service) Owed(tx *db.Tx, a identity.Actor, now time.Time, after string, limit int) ([]inbox.Item, error) {
	if a.AgencyID == "" {
		return nil, nil
	}
	day, id := inbox.DayPlace(after)
	lines, err := owedBy(tx, scopeOf(a, RightReport, now), scopeOf(a, RightApprove, now), a.AgencyID, day, id, limit)
	if err != nil {
		return nil, err
	}
	items := make([]inbox.Item, 0, len(lines))
	for _, l := range lines {
		i := inbox.Item{ID: l.Assignment, Title: l.Content, Code: l.Code, AgencyID: l.Agency, Agency: l.AgencyName, URL: "/plan/assignments/" + l.Assignment,
			State: "plan." + string(l.Standing), Kind: kindOwed(l.Standing), DueMs: inbox.EndOf(l.Due)}
		if l.Standing == Assigned || l.Standing == Submitted { // one press decides; reports need words of their own
			i.Bulk = "/plan/bulk"
		}
		if l.Due != NoDay {
			i.DueDay = l.Due
		}
		if l.Standing == Assigned || l.Standing == Submitted {
			i.SinceMs = l.UpdatedMs
		}
		items = append(items, i)
	}
	return items, nil
}

// kindOwed names the next step.
func kindOwed(s Standing) string {
	switch s {
	case Assigned:
		return "plan.acknowledge"
	case Submitted:
		return "plan.approve"
	}
	return "plan.report"
}
