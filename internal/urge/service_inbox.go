package urge

import (
	"time"

	"cchc/internal/db"
	"cchc/internal/identity"
	"cchc/internal/inbox"
)

// Owed lists for the inbox what a person owes in this room: cards to decide, letters to
// finish, to sign and to answer. Only an answer has a day.
func (s *Service) Owed(tx *db.Tx, a identity.Actor, now time.Time, after string, limit int) ([]inbox.Item, error) {
	if !a.SignedIn() {
		return nil, nil
	}
	day, id := inbox.DayPlace(after)
	list, err := dutiesOf(tx, holder{account: a.AccountID, agency: a.AgencyID, card: a.Reach(RightCard), letter: a.Reach(RightLetter), sign: a.Reach(RightSign),
		answer: a.Reach(RightAnswer)}, now.UnixMilli(), day, id, limit)
	items := make([]inbox.Item, 0, len(list))
	for _, d := range list {
		i := inbox.Item{ID: d.ID, Title: d.Title, Code: d.Code, AgencyID: d.Agency, Agency: d.AgencyName, Kind: "urge." + d.Act, State: "urge." + d.Act,
			URL: "/urge/letters/" + d.ID, DueMs: inbox.EndOf(d.Due)}
		if d.Act == "decide_"+string(Yellow) || d.Act == "decide_"+string(Red) {
			i.URL = "/urge/cards/" + d.ID
		}
		if d.Due != inbox.NoDay {
			i.DueDay = d.Due
		}
		items = append(items, i)
	}
	return items, err
}
