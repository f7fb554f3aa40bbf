package plan

import (
	"testing"

	"cchc/internal/db"
	"cchc/internal/db/dbtest"
	"cchc/internal/errs"
	"cchc/internal/identity"
)

func picksOf(list []Assignment) (picks []Pick, ids []string) {
	for _, a := range list {
		picks, ids = append(picks, Pick{ID: a.ID, Version: a.Version}), append(ids, a.ID)
	}
	return picks, ids
}

func TestActOnAll_doesWhatEachMayAndSaysWhyNotOfTheRest(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d).issued()
		people := map[string]identity.Actor{"T": h.justice, "Y": h.health, "S": h.secretary, "V": h.office}
		handIn := func(code, agency string) Assignment {
			a := h.lead(code, agency)
			a, err := h.s.Submit(as(people[agency]), a.ID, a.Version, Report{Document: "1/KH"})
			if err != nil {
				t.Fatal(err)
			}
			return a
		}
		t1, y1 := handIn("NV01", "T"), handIn("NV01", "Y")
		own, idle := handIn("NV01", "S"), h.lead("NV01", "L1")
		stale := handIn("NV01", "V")
		picks, ids := picksOf([]Assignment{t1, y1, own, idle, stale, t1})
		picks[4].Version-- // somebody changed it since the page was shown

		chosen, err := h.s.Choose(as(h.secretary), ids)
		if err != nil || len(chosen) != 5 {
			t.Fatalf("%d chosen, %v", len(chosen), err)
		}
		can := map[string]string{}
		for _, c := range chosen {
			can[c.AgencyName] = ""
			for _, a := range c.Acts {
				can[c.AgencyName] += a + " "
			}
		}
		if can["Sở Tư pháp"] != "approve " || can["Sở Nội vụ"] != "" || can["UBND huyện An Lão"] != "acknowledge remind " {
			t.Errorf("offered: %v", can)
		}
		done, err := h.s.ActOnAll(as(h.secretary), "approve", picks, "Đạt")
		if err != nil {
			t.Fatal(err)
		}
		got := map[string]string{}
		for _, c := range done {
			got[c.AgencyName] = errs.CodeOf(c.Err)
		}
		want := map[string]string{"Sở Tư pháp": "", "Sở Y tế": "", "Sở Nội vụ": "plan.own_work", "UBND huyện An Lão": "plan.assignment_wrong_state", "Văn phòng UBND tỉnh": "plan.changed_meanwhile"}
		for name, code := range want {
			if got[name] != code {
				t.Errorf("%s: got %q, want %q", name, got[name], code)
			}
		}
		if a := h.lead("NV01", "T"); a.Standing != Approved {
			t.Errorf("not approved: %+v", a)
		}
		if a := h.lead("NV01", "S"); a.Standing != Submitted {
			t.Errorf("own work moved: %+v", a)
		}
	})
}

func TestActOnAll_takesNothingOutOfReachNorTooMuchNorAnUnknownAct(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d).issued()
		picks, ids := picksOf([]Assignment{h.lead("NV01", "T"), h.lead("NV01", "Y")})
		chosen, err := h.s.Choose(as(h.health), ids)
		if err != nil || len(chosen) != 1 || chosen[0].AgencyName != "Sở Y tế" {
			t.Errorf("Sở Y tế sees %+v, %v", chosen, err)
		}
		_, err = h.s.Choose(as(h.health), ids[:1])
		wantCode(t, err, "plan.bulk_nothing")
		_, err = h.s.ActOnAll(as(h.health), "submit", picks, "")
		wantCode(t, err, "plan.bulk_act_unknown")
		_, err = h.s.ActOnAll(as(h.health), "acknowledge", nil, "")
		wantCode(t, err, "plan.bulk_nothing")
		_, err = h.s.Choose(as(h.health), make([]string, BulkMost+1))
		wantCode(t, err, "plan.bulk_too_many")
		if _, err := h.s.ActOnAll(as(h.health), "acknowledge", picks, ""); err != nil {
			t.Fatal(err)
		}
		if a, b := h.lead("NV01", "T"), h.lead("NV01", "Y"); a.Standing != Assigned || b.Standing != Acknowledged {
			t.Errorf("T %s, Y %s", a.Standing, b.Standing)
		}
	})
}
