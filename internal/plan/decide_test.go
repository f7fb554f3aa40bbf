package plan

import (
	"context"
	"slices"
	"testing"

	"cchc/internal/db"
	"cchc/internal/db/dbtest"
	"cchc/internal/identity"
	"cchc/internal/inbox"
)

func TestDecisions_waitForWhoDecidesAndForNobodyElse(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		waits := func(who identity.Actor, want ...string) {
			t.Helper()
			var got []string
			if err := d.Read(context.Background(), func(tx *db.Tx) error {
				for after := ""; ; {
					page, err := Decisions{h.s}.Owed(tx, who, h.now, after, 1)
					if err != nil || len(page) == 0 {
						return err
					}
					got, after = append(got, page[0].Kind+" "+page[0].DueDay), inbox.After(page[0].DueMs, page[0].ID)
				}
			}); err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(got, want) {
				t.Errorf("%s decides %q, want %q", who.Login, got, want)
			}
		}
		p, _, err := h.s.ImportPlan(as(h.secretary), Import{Code: "KH-2022", Title: "Kế hoạch CCHC năm 2022", Year: 2022, Issuer: h.id["U"],
			Secretariat: h.id["S"], Office: h.id["V"], Source: "test.csv", Rows: planRows})
		if err != nil {
			t.Fatal(err)
		}
		waits(h.chairman) // a draft waits for its author
		if p, err = h.s.Move(as(h.secretary), p.ID, p.Version, "present"); err != nil {
			t.Fatal(err)
		}
		waits(h.chairman, "plan.issue ")
		waits(h.secretary)
		waits(h.justice)
		if h.plan, err = h.s.Issue(as(h.chairman), p.ID, p.Version, "122/KH-UBND", "Chủ tịch"); err != nil {
			t.Fatal(err)
		}
		waits(h.chairman)
		h.set("2022-03-01")
		a := h.lead("NV02", "T")
		e, err := h.s.RequestExtension(as(h.justice), a.ID, a.Version, "2022-09-30", "Chờ hướng dẫn")
		if err != nil {
			t.Fatal(err)
		}
		waits(h.chairman, "plan.extension 2022-06-30")
		waits(h.justice) // its own wish
		waits(h.health)
		waits(h.secretary)
		waits(identity.Actor{})
		if _, err = h.s.DecideExtension(as(h.chairman), e.ID, e.Version, true, "Đồng ý", ""); err != nil {
			t.Fatal(err)
		}
		waits(h.chairman)
		m, err := h.s.StartAmendment(as(h.secretary), h.plan.ID, "Kiện toàn tổ chức")
		if err != nil {
			t.Fatal(err)
		}
		waits(h.chairman)
		if m, err = h.s.ProposeCancel(as(h.secretary), m.ID, m.Version, h.task("NV04").ID); err != nil {
			t.Fatal(err)
		}
		if m, err = h.s.MoveAmendment(as(h.secretary), m.ID, m.Version, "present"); err != nil {
			t.Fatal(err)
		}
		waits(h.chairman, "plan.amend ")
		waits(h.secretary)
		if _, err = h.s.IssueAmendment(as(h.chairman), m.ID, m.Version, "15/KH-UBND", "2022-03-01", "Chủ tịch"); err != nil {
			t.Fatal(err)
		}
		waits(h.chairman)
	})
}
