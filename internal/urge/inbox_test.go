package urge

import (
	"context"
	"slices"
	"testing"

	"cchc/internal/db"
	"cchc/internal/db/dbtest"
	"cchc/internal/identity"
	"cchc/internal/inbox"
)

// owed reads what somebody owes, page by page of one, as "kind day".
func (h *house) owed(who context.Context) (acts []string) {
	h.t.Helper()
	h.must(h.d.Read(context.Background(), func(tx *db.Tx) error {
		for after := ""; ; {
			page, err := h.Owed(tx, identity.From(who), h.at, after, 1)
			if err != nil || len(page) == 0 {
				return err
			}
			act := page[0].Kind
			if page[0].DueDay != "" {
				act += " " + page[0].DueDay
			}
			acts, after = append(acts, act), inbox.After(page[0].DueMs, page[0].ID)
		}
	}))
	return acts
}

func (h *house) owes(who context.Context, want ...string) {
	h.t.Helper()
	got := h.owed(who)
	slices.Sort(got)
	if !slices.Equal(got, want) {
		h.t.Errorf("owes %q, want %q", got, want)
	}
}

func TestOwed_isAskedOfTheOneWhoseTurnItIsAndOfNobodyElse(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d, 2)
		owner, other := h.head[h.agencies[0]], h.head[h.agencies[1]]
		h.put(Item{ID: "a", Code: "NV01", Title: "Rà soát", Agency: h.agencies[0], Follower: h.follower, Due: "2026-03-10", Assigned: "2026-01-05", Updated: "2026-03-09", Acknowledged: true})
		h.walk("2026-03-11", "2026-03-19") // T+7: a letter
		list, err := h.Letters(h.secretary, nil, 10)
		h.must(err)
		id := list[0].ID
		h.owes(h.secretary, "urge.write")
		h.owes(h.chairman)
		h.must(h.SubmitLetter(h.secretary, id, 1))
		h.owes(h.secretary)
		h.owes(h.chairman, "urge.sign")
		h.owes(owner)
		h.must(h.SignLetter(h.chairman, id, 2, "Nguyễn Văn Mẫu"))
		h.owes(h.chairman)
		h.owes(owner, "urge.answer 2026-03-26")
		h.owes(other)
		h.walk("2026-03-20", "2026-03-31") // T+15: a card
		h.owes(h.chairman, "urge.decide_yellow")
		h.owes(h.secretary)
		h.owes(owner, "urge.answer 2026-03-26")
		h.owes(h.stranger)
		h.owes(context.Background())
		h.must(h.AnswerLetter(owner, id, 3, "Sẽ xong trong tháng."))
		h.owes(owner)
		cards, err := h.Cards(h.chairman, nil, 10)
		h.must(err)
		h.must(h.DecideCard(h.chairman, cards[0].ID, 1, false, "Đã có lý do"))
		h.owes(h.chairman)
	})
}

func TestOwed_neverAsksForASignatureUnderTheOwnDraft(t *testing.T) {
	t.Parallel()
	h := newHouse(t, dbtest.NewSQLite(t), 1)
	h.put(Item{ID: "a", Code: "a", Agency: h.agencies[0], Follower: h.follower, Due: "2026-03-10", Assigned: "2026-01-05", Updated: "2026-03-09", Acknowledged: true})
	h.walk("2026-03-11", "2026-03-19")
	list, err := h.Letters(h.chairman, nil, 10)
	h.must(err)
	h.must(h.SubmitLetter(h.chairman, list[0].ID, 1))
	h.owes(h.chairman)
}
