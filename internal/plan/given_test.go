package plan

import (
	"testing"

	"cchc/internal/db"
	"cchc/internal/db/dbtest"
)

func TestGiveTask_livesInTheRegisterOfTheYearLikeAnyTask(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d).issued()
		h.set("2022-03-01")
		before := h.status("")
		var first, second string
		h.write(func(tx *db.Tx) (err error) {
			if first, err = h.s.GiveTask(tx, h.chairman.Who(), h.now, GivenTask{Issuer: h.id["U"], Number: "5/TB-UBND", Content: "Rà soát", Product: "Báo cáo", Lead: h.id["T"],
				Coordinating: []string{h.id["Y"]}, Due: "2022-03-31"}); err != nil {
				return err
			}
			second, err = h.s.GiveTask(tx, h.chairman.Who(), h.now, GivenTask{Issuer: h.id["U"], Number: "5/TB-UBND", Content: "Báo cáo tuần", Product: "Báo cáo", Lead: h.id["V"], Due: "2022-03-10"})
			return err
		})
		if got := h.status(""); got.Tasks != before.Tasks || got.Overdue != before.Overdue {
			t.Errorf("the yearly plan counts ordered tasks: %+v", got)
		}
		yearly := h.plan
		h.write(func(tx *db.Tx) error {
			id, err := planByCode(tx, "CD-2022")
			if err == nil {
				h.plan, err = findPlan(tx, id)
			}
			return err
		})
		if h.plan.Secretariat != yearly.Office || h.plan.Kind != Programme || !h.plan.open() {
			t.Fatalf("%+v", h.plan)
		}
		a, helper, office := h.lead("CD1", "T"), h.find("CD1", "Y", Coordinating), h.lead("CD2", "V")
		if a.TaskID != first || office.TaskID != second || a.EffectiveDue != "2022-03-31" || a.Approver != h.id["V"] || office.Approver != h.id["S"] || helper.TaskID != first {
			t.Errorf("%+v %+v %+v", a, office, helper)
		}
		a, err := h.s.Submit(as(h.justice), a.ID, a.Version, Report{Document: "1/BC"})
		if err == nil {
			_, err = h.s.Approve(as(h.office), a.ID, a.Version, "")
		}
		if err != nil {
			t.Fatal(err)
		}
		h.write(func(tx *db.Tx) error {
			list, err := h.s.TaskStandings(tx, []string{first, second, "", "none"}, "2022-03-11")
			got := map[string]Class{}
			for _, s := range list {
				got[s.Task] = s.Class
			}
			if len(list) != 2 || got[first] != DoneOnTime || got[second] != Overdue {
				t.Errorf("%+v", list)
			}
			return err
		})
		err = d.Write(t.Context(), func(tx *db.Tx) error {
			_, err := h.s.GiveTask(tx, h.chairman.Who(), h.now.AddDate(5, 0, 0), GivenTask{Issuer: h.id["U"], Number: "1", Content: "x", Product: "y", Lead: h.id["T"], Due: "2027-03-31"})
			return err
		})
		wantCode(t, err, "plan.parent_missing")
	})
}
