package plan

import (
	"testing"

	"cchc/internal/db"
	"cchc/internal/db/dbtest"
)

func TestAgencyPage_showsTheHeadWhatIsLateAndNothingOfOthers(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d).issued()
		h.set("2022-03-10") // NV01 was due on 31/1, NV02 is due on 30/6, NV04 without a date
		page, err := h.s.AgencyPage(as(h.justice), h.plan.ID, h.id["T"], "")
		if err != nil {
			t.Fatal(err)
		}
		if page.Head != "Người đứng đầu T" || page.Status.Assignments.Total != 2 || page.Status.Assignments.Overdue != 1 {
			t.Errorf("page %+v", page)
		}
		got := map[Figure]int{}
		for _, p := range page.Parts {
			got[p.Figure] = len(p.Lines)
			for _, l := range p.Lines {
				if l.Agency != h.id["T"] {
					t.Errorf("%s lists another agency's work: %+v", p.Figure, l)
				}
			}
		}
		if got[FigureOverdue] != 1 || got[FigureNotStarted] != 1 || got[FigureDueSoon] != 0 || got[FigureAwaiting] != 0 {
			t.Errorf("parts %v", got)
		}
		if page.SilentN != 2 || len(page.Silent) != 2 { // nobody said a word since 20/12
			t.Errorf("silent %d, listed %d", page.SilentN, len(page.Silent))
		}
		if _, err := h.s.RequestExtension(as(h.justice), h.lead("NV02", "T").ID, h.lead("NV02", "T").Version, "2022-07-31", "Chờ hướng dẫn của Bộ"); err != nil {
			t.Fatal(err)
		}
		if page, err = h.s.AgencyPage(as(h.secretary), h.plan.ID, h.id["T"], ""); err != nil || page.Requests != 1 {
			t.Errorf("requests %d, %v", page.Requests, err)
		}
		_, err = h.s.AgencyPage(as(h.health), h.plan.ID, h.id["T"], "")
		wantCode(t, err, "plan.agency_unknown")
		_, err = h.s.AgencyPage(as(h.secretary), h.plan.ID, "nobody", "")
		wantCode(t, err, "plan.agency_unknown")
		plan, agency, found, err := h.s.Own(as(h.justice))
		if err != nil || !found || plan != h.plan.ID || agency != h.id["T"] {
			t.Errorf("own: %s %s %v %v", plan, agency, found, err)
		}
	})
}
