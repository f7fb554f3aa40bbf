package plan

import (
	"slices"
	"strings"
	"testing"

	"cchc/internal/db"
	"cchc/internal/db/dbtest"
)

// handIn takes the lead assignment of an agency to an accepted result.
func (h *house) handIn(code, agency string) {
	h.t.Helper()
	a := h.lead(code, agency)
	actor := h.justice
	switch agency {
	case "Y":
		actor = h.health
	case "L1":
		actor = h.district
	}
	a, err := h.s.Submit(as(actor), a.ID, a.Version, Report{Document: "1/QĐ"})
	if err == nil {
		_, err = h.s.Approve(as(h.secretary), a.ID, a.Version, "")
	}
	if err != nil {
		h.t.Fatal(err)
	}
}

func TestClose_freezesTheFiguresOfTheYear(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d).issued()
		h.set("2022-06-20")
		h.handIn("NV02", "T")
		h.set("2022-12-31")
		p, err := h.s.Plan(as(h.chairman), h.plan.ID)
		if err != nil {
			t.Fatal(err)
		}
		before, err := h.s.Closing(as(h.chairman), p.ID)
		if err != nil || before.Frozen || !before.MayClose || before.Figures.Tasks.Done != 1 || before.Figures.Tasks.Overdue != 1 {
			t.Fatalf("%+v %v", before, err)
		}
		_, err = h.s.Closing(as(h.justice), p.ID)
		wantCode(t, err, "plan.plan_unknown")
		_, err = h.s.Move(as(h.secretary), p.ID, p.Version, "close")
		wantCode(t, err, "identity.right_missing")
		if p, err = h.s.Move(as(h.chairman), p.ID, p.Version, "close"); err != nil {
			t.Fatal(err)
		}
		_, err = h.s.Move(as(h.chairman), p.ID, p.Version, "close")
		wantCode(t, err, "plan.plan_wrong_state")
		a := h.lead("NV01", "T")
		_, err = h.s.ReportProgress(as(h.justice), a.ID, a.Version, Report{Percent: 10, Text: "x"})
		wantCode(t, err, "plan.plan_not_open")
		h.set("2023-06-01")
		frozen, err := h.s.Closing(as(h.secretary), p.ID)
		if err != nil || !frozen.Frozen || !frozen.Same || frozen.Figures.Day != "2022-12-31" || frozen.Figures.Tasks != before.Figures.Tasks || len(frozen.Figures.Rows) != 4 {
			t.Fatalf("%+v %v", frozen, err)
		}
		touched := h.lead("NV02", "T").ID
		h.write(func(tx *db.Tx) error { // somebody who reaches the database moves a history
			return exec(tx, `UPDATE plan_phase SET done_day = '2022-12-30', due_day = '2022-01-01' WHERE assignment_id = $1`, touched)
		})
		if frozen, err = h.s.Closing(as(h.secretary), p.ID); err != nil || frozen.Same {
			t.Errorf("a changed history counts like the frozen figures: %v", err)
		}
	})
}

func TestMoveYears_movesDeadlinesAndNamedYearsOnly(t *testing.T) {
	t.Parallel()
	for words, want := range map[string]string{"Quý II/2022": "Quý II/2025", "Trước 15/11/2022": "Trước 15/11/2025", "Tháng 01/2023": "Tháng 01/2026", "2022-06-30": "2025-06-30", "Theo lộ trình đến 2030": "Theo lộ trình đến 2030"} {
		if got := moveYears(words, 2022, 2025); got != want {
			t.Errorf("%q became %q, want %q", words, got, want)
		}
	}
	for words, want := range map[string]string{"Kế hoạch năm 2022": "Kế hoạch năm 2025", "theo Quyết định 468/QĐ-TTg ngày 27/3/2022": "theo Quyết định 468/QĐ-TTg ngày 27/3/2022",
		"Năm 2023 và năm 2030": "Năm 2026 và năm 2030"} {
		if got := moveNamedYears(words, 2022, 2025); got != want {
			t.Errorf("%q became %q, want %q", words, got, want)
		}
	}
}

func TestCloneYear_movesDeadlinesAndDoubtsWhatDoesNotFit(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d).issued()
		h.set("2022-11-01")
		h.write(func(tx *db.Tx) error { // Sở Tư pháp is gone next year, and a task names its year
			if err := exec(tx, `UPDATE org_agency SET to_day = '2022-12-31' WHERE id = $1`, h.id["T"]); err != nil {
				return err
			}
			if err := exec(tx, `UPDATE org_alias SET to_day = '2022-12-31' WHERE agency_id = $1`, h.id["T"]); err != nil {
				return err
			}
			return exec(tx, `UPDATE plan_task SET content = 'Chấm điểm chỉ số năm 2022' WHERE code = 'NV03'`)
		})
		_, _, err := h.s.CloneYear(as(h.secretary), h.plan.ID, 2022, "")
		wantCode(t, err, "plan.clone_year")
		_, _, err = h.s.CloneYear(as(h.justice), h.plan.ID, 2023, "")
		wantCode(t, err, "identity.right_missing")
		p, read, err := h.s.CloneYear(as(h.secretary), h.plan.ID, 2023, "")
		if err != nil {
			t.Fatal(err)
		}
		if p.Year != 2023 || p.State != Draft || p.Title != "Kế hoạch CCHC năm 2023" || read.Tasks != 4 {
			t.Errorf("%+v, %d tasks", p, read.Tasks)
		}
		tasks, err := h.s.DraftTasks(as(h.secretary), p.ID)
		if err != nil || len(tasks) != 4 || tasks[1].DeadlineText != "Quý II/2023" || tasks[1].DueDay != "2023-06-30" {
			t.Fatalf("%+v %v", tasks, err)
		}
		doubts, err := h.s.Doubts(as(h.secretary), p.ID, false)
		if err != nil {
			t.Fatal(err)
		}
		var codes []string
		for _, d := range doubts {
			codes = append(codes, d.Task+" "+d.Code)
			if d.Code == "year_in_words" {
				if err := h.s.SettleDoubt(as(h.secretary), d.ID, d.Version, d.Proposal); err != nil {
					t.Fatal(err)
				}
			}
		}
		for _, want := range []string{"NV02 agency_unknown", "NV03 year_in_words"} {
			if !slices.Contains(codes, want) {
				t.Errorf("no doubt %s in %v", want, codes)
			}
		}
		tasks, _ = h.s.DraftTasks(as(h.secretary), p.ID)
		if tasks[2].Content != "Chấm điểm chỉ số năm 2023" {
			t.Errorf("settled, the task reads %q", tasks[2].Content)
		}
	})
}

func TestDerivePlan_isTheAgencysOwnAndCountsNothingTwice(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d).issued()
		officer := h.person("tu.phap.cv", "T", "T", "focal_point")
		h.set("2022-01-10")
		before := h.status("")
		p, err := h.s.DerivePlan(as(officer), h.plan.ID, "")
		if err != nil {
			t.Fatal(err)
		}
		if p.Parent != h.plan.ID || p.Issuer != h.id["T"] || !strings.Contains(p.Title, "Sở Tư pháp") {
			t.Errorf("%+v", p)
		}
		_, err = h.s.DerivePlan(as(officer), h.plan.ID, "")
		wantCode(t, err, "plan.derive_twice")
		_, err = h.s.DerivePlan(as(h.stranger), h.plan.ID, "")
		wantCode(t, err, "plan.derive_nothing")
		own, err := h.s.AddTask(as(officer), Task{PlanID: p.ID, Content: "Tập huấn nội bộ", Product: "Báo cáo", DeadlineText: "Quý I/2022", DueDay: "2022-03-31", Kind: OneOff, FanOut: Single,
			Priority: Normal, Area: 1, LeadAgency: h.id["T"], Mentions: []Mention{{Role: Lead, Agency: h.id["T"], Column: "lead"}}})
		if err != nil || own.Code != "NV03" {
			t.Fatalf("%+v %v", own, err)
		}
		_, err = h.s.AddTask(as(h.health), own)
		wantCode(t, err, "plan.plan_unknown")
		tasks, err := h.s.DraftTasks(as(officer), p.ID)
		if err != nil || len(tasks) != 3 || tasks[0].From == "" || tasks[2].From != "" {
			t.Fatalf("%+v %v", tasks, err)
		}
		if _, err := h.s.RemoveTask(as(officer), tasks[1].ID, tasks[1].Version); err != nil {
			t.Fatal(err)
		}
		_, err = h.s.Issue(as(officer), p.ID, p.Version, "1/KH-STP", "")
		wantCode(t, err, "identity.right_missing")
		if p, err = h.s.Issue(as(h.justice), p.ID, p.Version, "1/KH-STP", "Giám đốc"); err != nil {
			t.Fatal(err)
		}
		if got := h.status(""); got.Tasks != before.Tasks || got.Overdue != before.Overdue {
			t.Errorf("the figures of the province changed: %+v, were %+v", got, before)
		}
		if provincial, found := "", false; true {
			h.write(func(tx *db.Tx) (err error) {
				got, ok, err := h.s.Provincial(tx, h.chairman, 2022)
				provincial, found = got.ID, ok
				return err
			})
			if !found || provincial != h.plan.ID {
				t.Error("an agency's plan stands for the province")
			}
		}
		provinces := h.plan
		h.plan = p
		a := h.lead("NV03", "T")
		if a, err = h.s.Submit(as(officer), a.ID, a.Version, Report{Document: "9/BC"}); err != nil {
			t.Fatal(err)
		}
		_, err = h.s.Approve(as(h.secretary), a.ID, a.Version, "")
		wantCode(t, err, "plan.approve_other_agency")
		if _, err = h.s.Approve(as(h.justice), a.ID, a.Version, ""); err != nil {
			t.Fatal(err)
		}
		b := h.lead("NV01", "T")
		if b, err = h.s.Submit(as(h.justice), b.ID, b.Version, Report{Document: "9/BC"}); err != nil {
			t.Fatal(err)
		}
		_, err = h.s.Approve(as(h.justice), b.ID, b.Version, "") // not even the head accepts what he handed in
		wantCode(t, err, "plan.own_work")
		h.set("2022-02-20") // NV01 of the province is late by now, and so is the agency's own
		late, err := h.s.Overdue(as(h.justice), nil, 50)
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range late {
			if l.Assignment == b.ID {
				t.Error("what an agency owes itself is in the list of the province")
			}
		}
		h.plan = provinces
	})
}

func TestYearPages_closeCloneAndDerive(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := openDoor(t, d)
		w.issued()
		w.set("2022-02-01")
		board, closing := "/plan/"+w.plan.ID, "/plan/"+w.plan.ID+"/closing"
		w.as(w.justice)
		w.want(w.get(board), 200, "Lập kế hoạch của cơ quan")
		w.want(w.get(closing), 404)
		draft := w.post("/plan/derive/" + w.plan.ID).Header().Get("Location")
		w.want(w.get(draft), 200, "Sở Tư pháp", "Bổ sung nhiệm vụ")
		w.want(w.get(draft+"/tasks/new"), 200)
		w.want(w.post(draft+"/tasks/new", "version", "1", "content", "", "kind", "one_off", "priority", "normal", "area", "1"), 422)
		w.want(w.post(draft+"/tasks/new", "version", "1", "content", "Việc riêng", "product", "Báo cáo", "fan_out", "single", "lead", w.house.id["T"], "deadline_text", "Quý I", "due_day", "31/3/2022",
			"kind", "one_off", "priority", "normal", "area", "1"), 303)
		w.want(w.get(draft), 200, "Việc riêng")
		w.as(w.secretary)
		w.want(w.get(draft), 200)
		w.want(w.get("/plan/clone/"+w.plan.ID), 200, "Kế hoạch CCHC năm 2023")
		w.want(w.post("/plan/clone/"+w.plan.ID, "year", "2021"), 422, "2022")
		w.want(w.post("/plan/clone/"+w.plan.ID, "year", "2023"), 303)
		w.want(w.get(closing), 200, "Chưa chốt")
		w.want(w.post("/plan/closing/"+w.plan.ID, "version", "2", "sure", "yes"), 403)
		w.as(w.chairman)
		w.want(w.post("/plan/closing/"+w.plan.ID, "version", "2"), 422)
		w.want(w.post("/plan/closing/"+w.plan.ID, "version", "2", "sure", "yes"), 303)
		w.want(w.get(closing), 200, "Tính lại từ lịch sử: khớp")
	})
}
