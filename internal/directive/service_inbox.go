package directive

import (
	"time"

	"cchc/internal/db"
	"cchc/internal/identity"
	"cchc/internal/inbox"
)

// Owed lists for the inbox the directives that wait for a person's signature and the
// person's own drafts. None has a day.
func (s *Service) Owed(tx *db.Tx, a identity.Actor, now time.Time, after string, limit int) ([]inbox.Item, error) {
	if !a.SignedIn() {
		return nil, nil
	}
	ms, id := inbox.Place(after)
	if ms != inbox.NoDate { // the place is among what has a day: all of these come later
		id = ""
	}
	list, err := dutiesOf(tx, a.AccountID, a.Reach(RightIssue), a.Reach(RightDraft), now.UnixMilli(), id, limit)
	items := make([]inbox.Item, 0, len(list))
	for _, d := range list {
		i := inbox.Item{ID: d.ID, Title: d.Title, Code: d.Number, AgencyID: d.Issuer, Agency: d.IssuerName, URL: "/directives/" + d.ID, State: "directive." + string(d.State),
			Kind: "directive.finish"}
		if d.State == Submitted {
			i.Kind = "directive.sign"
		}
		items = append(items, i)
	}
	return items, err
}
