package plan

import (
	"time"

	"cchc/internal/db"
	"cchc/internal/identity"
	"cchc/internal/inbox"
)

// Decisions is the part of the inbox of whoever signs: extensions to decide, plans and
// amendments to issue. Owed lists what agencies do; this, what their superiors do.
type Decisions struct{ *Service }

// Owed lists what waits for a person's decision.
func (d Decisions) Owed(tx *db.Tx, a identity.Actor, now time.Time, after string, limit int) ([]inbox.Item, error) {
	if !a.SignedIn() {
		return nil, nil
	}
	day, id := inbox.DayPlace(after)
	list, err := decisionsOf(tx, scopeOf(a, RightDecideExtension, now), scopeOf(a, RightIssue, now), a.AccountID, a.AgencyID, day, id, limit)
	items := make([]inbox.Item, 0, len(list))
	for _, w := range list {
		i := inbox.Item{ID: w.ID, Title: w.Title, Code: w.Code, AgencyID: w.Agency, Agency: w.AgencyName, Kind: "plan." + w.Act, State: "plan." + w.Act,
			DueMs: inbox.EndOf(w.Due), SinceMs: w.SinceMs}
		if w.Due != inbox.NoDay {
			i.DueDay = w.Due
		}
		switch w.Act {
		case "extension":
			i.URL = "/plan/extensions/" + w.ID
		case "amend":
			i.URL = "/plan/amendments/" + w.ID
		default:
			i.URL = "/plan/" + w.ID
		}
		items = append(items, i)
	}
	return items, err
}
