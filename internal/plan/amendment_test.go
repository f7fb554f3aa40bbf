package plan

import (
	"context"
	"slices"
	"strings"
	"testing"

	"cchc/internal/db"
	"cchc/internal/db/dbtest"

	"pgregory.net/rapid"
)

// task finds a task of the plan by its code.
func (h *house) task(code string) (t Task) {
	h.t.Helper()
	h.write(func(tx *db.Tx) error {
		tasks, err := listTasks(tx, h.plan.ID)
		i := slices.IndexFunc(tasks, func(t Task) bool { return t.Code == code })
		if err == nil && i < 0 {
			h.t.Fatalf("no task %s", code)
		}
		if err == nil {
			t = tasks[i]
		}
		return err
	})
	return t
}

// amend begins an amendment.
func (h *house) amend() Amendment {
	h.t.Helper()
	a, err := h.s.StartAmendment(as(h.secretary), h.plan.ID, "Theo chỉ đạo mới")
	if err != nil {
		h.t.Fatal(err)
	}
	return a
}

// propose puts a task into an amendment.
func (h *house) propose(a Amendment, t Task) Amendment {
	h.t.Helper()
	a, err := h.s.ProposeChange(as(h.secretary), a.ID, a.Version, t)
	if err != nil {
		h.t.Fatal(err)
	}
	return a
}

// sign issues an amendment as the chairman.
func (h *house) sign(a Amendment, number string) Amendment {
	h.t.Helper()
	a, err := h.s.IssueAmendment(as(h.chairman), a.ID, a.Version, number, "", "Chủ tịch")
	if err != nil {
		h.t.Fatal(err)
	}
	return a
}

func (h *house) status(day string) Status {
	h.t.Helper()
	st, err := h.s.Status(as(h.chairman), h.plan.ID, day, Filter{})
	if err != nil {
		h.t.Fatal(err)
	}
	return st
}

func TestAmendment_changesAddsAndCancelsInOneTransaction(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d).issued()
		h.set("2022-03-01")
		before := h.lead("NV02", "T")
		change := h.task("NV02")
		change.Product, change.DeadlineText, change.DueDay = "Quyết định công bố", "Quý III/2022", "2022-09-30"
		a := h.propose(h.amend(), change)
		a = h.propose(a, Task{Content: "Khảo sát mức độ hài lòng", Product: "Báo cáo", DeadlineText: "Tháng 11/2022", DueDay: "2022-11-30", Kind: OneOff, FanOut: Single,
			Priority: Normal, Area: 1, LeadAgency: h.id["Y"], LeadText: "Sở Y tế", Mentions: []Mention{{Role: Lead, Agency: h.id["Y"], Column: "lead"}}})
		a, err := h.s.ProposeCancel(as(h.secretary), a.ID, a.Version, h.task("NV03").ID)
		if err != nil {
			t.Fatal(err)
		}
		if got := h.status(""); got.Tasks != 4 || h.lead("NV02", "T").EffectiveDue != before.EffectiveDue {
			t.Fatal("an amendment that nobody signed holds already")
		}
		h.told = nil
		h.sign(a, "88/QĐ-UBND")
		got := h.lead("NV02", "T")
		if got.EffectiveDue != "2022-09-30" || got.OriginalDue != before.OriginalDue || got.Standing != before.Standing || got.ID != before.ID {
			t.Errorf("the changed task: %+v", got)
		}
		if now := h.task("NV02"); now.Product != "Quyết định công bố" || now.DueDay != "2022-09-30" {
			t.Errorf("the task is still %+v", now)
		}
		if h.lead("NV03", "S").Standing != Cancelled || !h.task("NV03").Cancelled {
			t.Error("the cancelled task goes on")
		}
		added := h.lead("NV05", "Y")
		if added.Standing != Assigned || added.EffectiveDue != "2022-11-30" || added.AssignedDay != "2022-03-01" {
			t.Errorf("the added task: %+v", added)
		}
		if st := h.status(""); st.Tasks != 4 { // one came, one went
			t.Errorf("%d tasks, want 4", st.Tasks)
		}
		if st := h.status("2022-02-28"); st.Tasks != 4 {
			t.Errorf("the day before: %d tasks, want 4", st.Tasks)
		}
		if p, _ := h.s.Plan(as(h.chairman), h.plan.ID); p.State != Amended {
			t.Errorf("the plan is %s", p.State)
		}
		to := map[string]int{}
		for _, n := range h.told {
			if to[n.To]++; n.Kind != "plan.amended" || n.Args["number"] != "88/QĐ-UBND" {
				t.Errorf("told %+v", n)
			}
		}
		for who, n := range to {
			if n > 1 {
				t.Errorf("%s was told %d times", who, n)
			}
		}
	})
}

func TestAmendment_aChangeOfLeadEndsOneAssignmentAndBeginsAnother(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d).issued()
		h.set("2022-03-01")
		h.sign(h.propose(h.amend(), h.task("NV02").withLead(h.id["Y"])), "1/QĐ")
		if old := h.lead("NV02", "T"); old.Standing != Cancelled {
			t.Errorf("the old lead is %s", old.Standing)
		}
		if fresh := h.lead("NV02", "Y"); fresh.Standing != Assigned || fresh.AssignedDay != "2022-03-01" {
			t.Errorf("the new lead: %+v", fresh)
		}
		if help := h.find("NV02", "Y", Coordinating); help.Standing != Cancelled {
			t.Errorf("who leads goes on coordinating: %s", help.Standing)
		}
		h.sign(h.propose(h.amend(), h.task("NV02").withLead(h.id["T"])), "2/QĐ")
		if again := h.lead("NV02", "T"); again.Standing != Assigned || again.AssignedDay != "2022-03-01" {
			t.Errorf("the lead that got it back: %+v", again)
		}
		a := h.propose(h.amend(), h.task("NV02").withLead(h.id["Y"]))
		_, err := h.s.IssueAmendment(as(h.chairman), a.ID, a.Version, "3/QĐ", "", "")
		wantCode(t, err, "plan.amend_same_day")
		h.set("2022-03-02")
		h.sign(a, "3/QĐ")
		if st := h.status(""); st.Tasks != 4 {
			t.Errorf("%d tasks, want 4: each is counted once whoever led it", st.Tasks)
		}
	})
}

func TestAmendment_isRefusedWithASentence(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d).issued()
		h.set("2022-03-01")
		_, err := h.s.StartAmendment(as(h.justice), h.plan.ID, "x")
		wantCode(t, err, "identity.right_missing")
		_, err = h.s.StartAmendment(as(h.secretary), h.plan.ID, " ")
		wantCode(t, err, "plan.reason_missing")
		a := h.amend()
		_, err = h.s.StartAmendment(as(h.secretary), h.plan.ID, "Lần nữa")
		wantCode(t, err, "plan.amendment_open")
		_, err = h.s.MoveAmendment(as(h.secretary), a.ID, a.Version, "present")
		wantCode(t, err, "plan.amend_empty")
		_, err = h.s.IssueAmendment(as(h.chairman), a.ID, a.Version, "1", "", "")
		wantCode(t, err, "plan.amend_empty")
		change := func(edit func(*Task)) error {
			task := h.task("NV02")
			edit(&task)
			_, err := h.s.ProposeChange(as(h.secretary), a.ID, a.Version, task)
			return err
		}
		wantCode(t, change(func(*Task) {}), "plan.amend_nothing")
		wantCode(t, change(func(t *Task) { t.Area = 1 }), "plan.amend_fixed")
		wantCode(t, change(func(t *Task) { t.Kind = Quarterly }), "plan.amend_fixed")
		wantCode(t, change(func(t *Task) { t.Content = "" }), "plan.task_content_missing")
		recurring := h.task("NV04")
		recurring.DeadlineText = "Hằng tháng"
		_, err = h.s.ProposeChange(as(h.secretary), a.ID, a.Version, recurring)
		wantCode(t, err, "plan.amend_recurring")
		_, err = h.s.ProposeChange(as(h.justice), a.ID, a.Version, h.task("NV02"))
		wantCode(t, err, "identity.right_missing")
		_, err = h.s.Recoordinate(as(h.secretary), h.task("NV02"), "Sở Không Có")
		wantCode(t, err, "plan.amend_agency_unknown")

		task := h.task("NV02")
		task.Product = ""
		stale := a
		a = h.propose(a, task)
		_, err = h.s.ProposeCancel(as(h.secretary), a.ID, stale.Version, task.ID)
		wantCode(t, err, "plan.changed_meanwhile")
		_, err = h.s.IssueAmendment(as(h.chairman), a.ID, a.Version, "1", "", "")
		wantCode(t, err, "plan.issue_no_product")
		task.Product = "Nghị quyết"
		a = h.propose(a, task)
		_, err = h.s.IssueAmendment(as(h.chairman), a.ID, a.Version, " ", "", "")
		wantCode(t, err, "plan.amendment_number_missing")
		_, err = h.s.IssueAmendment(as(h.chairman), a.ID, a.Version, "1", "2022-03-02", "")
		wantCode(t, err, "plan.amendment_day")
		_, err = h.s.IssueAmendment(as(h.secretary), a.ID, a.Version, "1", "", "")
		wantCode(t, err, "identity.right_missing")
		if a, err = h.s.MoveAmendment(as(h.secretary), a.ID, a.Version, "present"); err != nil {
			t.Fatal(err)
		}
		_, err = h.s.ProposeChange(as(h.secretary), a.ID, a.Version, task)
		wantCode(t, err, "plan.amendment_not_draft")
		if _, err := h.s.AmendmentPage(as(h.justice), a.ID); err == nil {
			t.Error("an agency reads an amendment in the making")
		} else {
			wantCode(t, err, "plan.amendment_unknown")
		}
		if err := h.s.CancelTask(as(h.chairman), task.ID, h.task("NV02").Version, Amendment{Number: "9", Reason: "x"}); err != nil {
			t.Fatal(err)
		}
		_, err = h.s.IssueAmendment(as(h.chairman), a.ID, a.Version, "1", "", "")
		wantCode(t, err, "plan.amend_task_changed")
		if a, err = h.s.MoveAmendment(as(h.secretary), a.ID, a.Version, "drop"); err != nil || a.State != AmendmentDropped {
			t.Fatalf("%+v %v", a, err)
		}
		_, err = h.s.MoveAmendment(as(h.secretary), a.ID, a.Version, "present")
		wantCode(t, err, "plan.amendment_wrong_state")
	})
}

func TestIssueAmendment_isRefusedToWhoDraftedIt(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d).issued()
		both := h.person("ca.hai", "S", "", "secretariat")
		h.write(func(tx *db.Tx) error {
			return exec(tx, `INSERT INTO identity_grant (id, account_id, role_code, agency_id, from_ms, to_ms, granted_by, created_ms) VALUES ($1, $2, 'chairman', NULL, 0, 9999999999999, 'test', 0)`, db.NewID(), both.AccountID)
		})
		a, err := h.s.StartAmendment(as(both), h.plan.ID, "Điều chỉnh")
		if err != nil {
			t.Fatal(err)
		}
		if a, err = h.s.ProposeCancel(as(both), a.ID, a.Version, h.task("NV03").ID); err != nil {
			t.Fatal(err)
		}
		_, err = h.s.IssueAmendment(as(both), a.ID, a.Version, "1", "", "")
		wantCode(t, err, "plan.amend_own_draft")
		h.sign(a, "1/QĐ")
	})
}

func TestVersions_areComparedAndShowEachReaderHisPart(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d).issued()
		h.set("2022-03-01")
		first := h.task("NV02")
		first.DeadlineText, first.DueDay = "Quý III/2022", "2022-09-30"
		h.sign(h.propose(h.amend(), first), "1/QĐ")
		second := h.task("NV02")
		second.DeadlineText, second.DueDay = "Quý IV/2022", "2022-12-31"
		a := h.propose(h.amend(), second)
		a = h.propose(a, Task{Content: "Việc mới", Product: "Báo cáo", DeadlineText: "Quý IV", DueDay: "2022-12-31", Kind: OneOff, FanOut: Single, Priority: Normal, Area: 1,
			LeadAgency: h.id["Y"], LeadText: "Sở Y tế", Mentions: []Mention{{Role: Lead, Agency: h.id["Y"], Column: "lead"}}})
		h.sign(a, "2/QĐ")
		v, err := h.s.Versions(as(h.secretary), h.plan.ID)
		if err != nil || len(v.List) != 3 || v.List[2].Added != 1 || v.List[2].Changed != 1 || v.List[1].Number != "1/QĐ" {
			t.Fatalf("%+v %v", v.List, err)
		}
		c, err := h.s.CompareVersions(as(h.secretary), h.plan.ID, 1, 3)
		if err != nil || len(c.Changes) != 2 {
			t.Fatalf("%d changes, %v", len(c.Changes), err)
		}
		want := []Difference{{"deadline_text", "Quý II/2022", "Quý IV/2022"}, {"due", "2022-06-30", "2022-12-31"}}
		if got := c.Changes[0].Differences(c.Names); !slices.Equal(got, want) {
			t.Errorf("got %+v, want %+v", got, want)
		}
		back := h.task("NV02")
		back.DeadlineText, back.DueDay = "Quý II/2022", "2022-06-30"
		h.sign(h.propose(h.amend(), back), "3/QĐ")
		if c, err = h.s.CompareVersions(as(h.secretary), h.plan.ID, 1, 4); err != nil || len(c.Changes) != 1 || c.Changes[0].Kind != AddTask {
			t.Errorf("what came back to what it was is no change: %+v %v", c.Changes, err)
		}
		for _, p := range []struct {
			who  string
			sees int
		}{{"T", 1}, {"L1", 0}, {"Y", 2}} {
			who := map[string]context.Context{"T": as(h.justice), "L1": as(h.district), "Y": as(h.health)}[p.who]
			c, err := h.s.CompareVersions(who, h.plan.ID, 2, 3)
			if err != nil || len(c.Changes) != p.sees {
				t.Errorf("%s sees %d changes, want %d: %v", p.who, len(c.Changes), p.sees, err)
			}
		}
		for _, n := range [][2]int{{0, 2}, {2, 2}, {3, 1}, {1, 9}} {
			_, err := h.s.CompareVersions(as(h.secretary), h.plan.ID, n[0], n[1])
			wantCode(t, err, "plan.version_unknown")
		}
	})
}

func TestWordsChanged_holdBothTextsWordByWord(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SliceOfN(rapid.SampledFrom([]string{"báo", "cáo", "quý", "năm", "sở"}), 0, 12)
		before, after := words.Draw(t, "before"), words.Draw(t, "after")
		var old, fresh []string
		for _, p := range wordsChanged(strings.Join(before, " "), strings.Join(after, " ")) {
			if !p.New {
				old = append(old, strings.Fields(p.Text)...)
			}
			if !p.Old {
				fresh = append(fresh, strings.Fields(p.Text)...)
			}
		}
		if !slices.Equal(old, before) || !slices.Equal(fresh, after) {
			t.Fatalf("%q and %q came back as %q and %q", before, after, old, fresh)
		}
	})
	if got := wordsChanged("Quý II/2022", "Quý III/2022"); !slices.Equal(got, []Piece{{Text: "Quý"}, {Text: "II/2022", Old: true}, {Text: "III/2022", New: true}}) {
		t.Errorf("got %+v", got)
	}
}

func TestAmendmentPages_leadFromTheDraftToTheSignature(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := openDoor(t, d)
		w.issued()
		w.set("2022-03-01")
		versions := "/plan/" + w.plan.ID + "/versions"
		w.as(w.secretary)
		w.want(w.get(versions), 200, "Soạn bản điều chỉnh", "Như khi ban hành")
		w.want(w.post("/plan/amendments", "plan", w.plan.ID, "reason", ""), 422, "Vì sao phải điều chỉnh")
		path := w.post("/plan/amendments", "plan", w.plan.ID, "reason", "Theo chỉ đạo").Header().Get("Location")
		task := w.task("NV02")
		w.want(w.get(path), 200, "Chưa có thay đổi nào", "NV02")
		w.want(w.get(path+"/tasks/"+task.ID), 200, "Sở Y tế; Công an tỉnh")
		fields := func(coordinating string) []string {
			return []string{"version", "1", "content", task.Content, "product", task.Product, "lead", task.LeadAgency, "coordinating", coordinating,
				"deadline_text", "Quý III/2022", "due_day", "30/9/2022", "priority", "important"}
		}
		w.want(w.post(path+"/tasks/"+task.ID, fields("Sở Y tế; Sở Lạ")...), 422, "Sở Lạ")
		w.want(w.post(path+"/tasks/"+task.ID, fields("Sở Y tế")...), 303)
		w.want(w.get(path), 200, "<del>", "Công an tỉnh", "III/2022", "Đủ nội dung để trình")
		w.want(w.post(path+"/tasks/new", "version", "2", "content", "Việc của mọi nơi", "product", "Kế hoạch", "fan_out", "per_agency", "deadline_text", "Tháng 6/2022", "due_day", "30/6/2022",
			"kind", "one_off", "priority", "normal", "area", "1"), 303)
		w.want(w.post(path+"/cancel", "version", "3", "task", w.task("NV03").ID), 303)
		w.want(w.get(path), 200, "Việc của mọi nơi", "NV05", "Đưa ra khỏi kế hoạch")
		w.want(w.post(path+"/move", "version", "4", "move", "present"), 303)
		w.want(w.get(path+"/issue"), 403)
		w.as(w.chairman)
		w.want(w.get("/plan/"+w.plan.ID), 200, "Có bản điều chỉnh kế hoạch chờ ký")
		w.want(w.get(path+"/issue"), 200)
		w.want(w.post(path+"/issue", "version", "5", "number", "7/QĐ", "signed_day", "1/3/2022"), 422, "Ký ban hành điều chỉnh")
		w.want(w.post(path+"/issue", "version", "5", "number", "7/QĐ", "signed_day", "1/3/2022", "sure", "yes"), 303)
		w.want(w.get(versions+"?from=1&to=2"), 200, "7/QĐ", "NV05")
		w.as(w.district)
		w.want(w.get(path), 200, "Việc của mọi nơi")
		if body := w.get(path).Body.String(); strings.Contains(body, "NV02") {
			t.Error("a district reads what changed in a task of others")
		}
		w.as(w.justice)
		w.want(w.get("/plan/assignments/"+w.lead("NV02", "T").ID), 200, "Điều chỉnh kế hoạch", "7/QĐ")
	})
}
