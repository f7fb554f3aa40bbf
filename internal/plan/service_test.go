package plan

import (
	"context"
	"testing"

	"cchc/internal/db"
	"cchc/internal/db/dbtest"
	"cchc/internal/errs"
	"cchc/internal/identity"
	"cchc/internal/search"
)

func wantCode(t *testing.T, err error, code string) {
	t.Helper()
	if errs.CodeOf(err) != code {
		t.Errorf("got %v, want %s", err, code)
	}
}

func TestIssue_handsEveryTaskOutInOneTransaction(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d).issued()
		st, err := h.s.Status(as(h.secretary), h.plan.ID, "2022-01-05", Filter{})
		if err != nil {
			t.Fatal(err)
		}
		// 4 departments and 2 districts answer for NV01; three tasks of one agency.
		if st.Tasks != 4 || st.Assignments.Total != 9 {
			t.Errorf("tasks %d, assignments %d", st.Tasks, st.Assignments.Total)
		}
		if st.NotStarted != 3 || st.NoDeadline != 1 || st.Completion != "0.00" || st.OnTimeRate != "" {
			t.Errorf("status %+v", st)
		}
		if a := h.find("NV02", "C", Coordinating); a.Standing != Assigned {
			t.Errorf("coordinating: %+v", a)
		}
		task := h.lead("NV02", "T").TaskID
		h.write(func(tx *db.Tx) error {
			page, err := search.Find(tx, search.Query{Text: "van ban het hieu luc", Account: h.justice.AccountID, Right: RightView, Now: h.now})
			if len(page.Hits) != 1 || page.Hits[0].ID != task {
				t.Errorf("found %+v", page.Hits)
			}
			return err
		})
		before, err := h.s.Status(as(h.secretary), h.plan.ID, "2021-12-19", Filter{})
		if err != nil || before.Tasks != 0 || before.Completion != "" {
			t.Errorf("before issue: %+v, %v", before, err)
		}
	})
}

func TestIssue_listsEveryOpenDoubtAndEveryMissingClarity(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		h.write(func(tx *db.Tx) error {
			return exec(tx, `DELETE FROM org_holder WHERE person_name = 'Người đứng đầu Y'`)
		})
		rows := [][]string{planRows[0],
			{"NV01", "1", "Chỉ đạo", "Một việc", "", "Sở Y tế", "Hội nào đó", "Quý I"},
			{"NV02", "1", "Chỉ đạo", "Hai việc", "Báo cáo", "Sở Tư pháp", "", "Theo lộ trình"},
		}
		p, read, err := h.s.ImportPlan(as(h.secretary), Import{Code: "K", Title: "Kế hoạch", Year: 2022, Issuer: h.id["U"], Secretariat: h.id["S"], Office: h.id["V"], Rows: rows})
		if err != nil || len(read.Doubts) != 4 { // product, agency, head, deadline
			t.Fatalf("%+v, %v", read.Doubts, err)
		}
		_, err = h.s.Issue(as(h.chairman), p.ID, p.Version, "1/KH", "")
		codes := map[string]int{}
		for _, e := range errs.All(err) {
			codes[e.Code]++
		}
		if codes["plan.issue_doubt"] != 4 || codes["plan.issue_no_product"] != 1 || codes["plan.issue_no_head"] != 1 {
			t.Errorf("refused with %v", codes)
		}
		doubts, err := h.s.Doubts(as(h.secretary), p.ID, false)
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range doubts {
			choice := map[string]string{"product_missing": "text:Báo cáo", "agency_unknown": keepText, "head_missing": "text:Quyền Giám đốc", "deadline_open": noDay}[x.Code]
			if err := h.s.SettleDoubt(as(h.secretary), x.ID, x.Version, choice); err != nil {
				t.Fatalf("%s: %v", x.Code, err)
			}
			wantCode(t, h.s.SettleDoubt(as(h.secretary), x.ID, x.Version+1, choice), "plan.doubt_settled")
		}
		if _, err = h.s.Issue(as(h.chairman), p.ID, p.Version, "1/KH", ""); err != nil {
			t.Errorf("after settling: %v", err)
		}
	})
}

func TestApprove_isRefusedToTheAgencyThatLeads(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d).issued()
		// Sở Nội vụ leads NV03: it submits, and only Văn phòng accepts.
		a := h.lead("NV03", "S")
		if a.Approver != h.id["V"] {
			t.Errorf("approver %s", a.Approver)
		}
		a, err := h.s.Submit(as(h.secretary), a.ID, a.Version, Report{Document: "12/QĐ-UBND", Text: "Đã ban hành"})
		if err != nil {
			t.Fatal(err)
		}
		_, err = h.s.Approve(as(h.secretary), a.ID, a.Version, "")
		wantCode(t, err, "plan.own_work")
		if a, err = h.s.Approve(as(h.office), a.ID, a.Version, ""); err != nil || a.Standing != Approved {
			t.Fatalf("%+v, %v", a, err)
		}
		// Sở Tư pháp's work is Sở Nội vụ's to accept, not Văn phòng's.
		b := h.lead("NV02", "T")
		if b, err = h.s.Submit(as(h.justice), b.ID, b.Version, Report{Document: "1"}); err != nil {
			t.Fatal(err)
		}
		_, err = h.s.Approve(as(h.office), b.ID, b.Version, "")
		wantCode(t, err, "plan.approve_other_agency")
		if _, err = h.s.Approve(as(h.secretary), b.ID, b.Version, ""); err != nil {
			t.Error(err)
		}
	})
}

func TestAct_hidesForeignAssignmentsAndRefusesStaleForms(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d).issued()
		a := h.lead("NV02", "T")
		_, err := h.s.Acknowledge(as(h.health), a.ID, a.Version, "")
		if errs.KindOf(err) != errs.NotFound {
			t.Errorf("another agency's assignment: %v", err)
		}
		_, err = h.s.Assignment(as(h.health), a.ID)
		wantCode(t, err, "plan.assignment_unknown")
		_, err = h.s.Acknowledge(context.Background(), a.ID, a.Version, "")
		wantCode(t, err, "identity.sign_in_first")
		_, err = h.s.Acknowledge(as(h.office), "no-such-id", 1, "")
		wantCode(t, err, "plan.assignment_unknown")
		_, err = h.s.Acknowledge(as(h.justice), a.ID, a.Version+3, "")
		wantCode(t, err, "plan.changed_meanwhile")
		_, err = h.s.Approve(as(h.justice), a.ID, a.Version, "") // a head may approve, but never what the own agency did
		wantCode(t, err, "plan.own_work")
		_, err = h.s.Approve(as(h.person("chuyen.vien", "T", "T", "focal_point")), a.ID, a.Version, "")
		wantCode(t, err, "identity.right_missing")
	})
}

func TestTask_isSeenByWhoCoordinatesAndNotByOthers(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d).issued()
		task := h.lead("NV02", "T").TaskID
		v, err := h.s.Task(as(h.stranger), task, "") // Công an tỉnh coordinates
		if err != nil || len(v.Assignments) != 3 || v.LeadName != "Sở Tư pháp" {
			t.Errorf("coordinator: %+v, %v", v.Assignments, err)
		}
		_, err = h.s.Task(as(h.district), task, "")
		wantCode(t, err, "plan.task_unknown")
		c := h.find("NV02", "C", Coordinating)
		if _, err = h.s.AddInput(as(h.stranger), c.ID, c.Version, "Góp ý: thống nhất", nil); err != nil {
			t.Error(err)
		}
		_, err = h.s.Submit(as(h.stranger), c.ID, c.Version+1, Report{Document: "1"})
		wantCode(t, err, "plan.only_the_lead")
		plans, err := h.s.Plans(as(h.district), 2022)
		if err != nil || len(plans) != 1 {
			t.Errorf("plans %v, %v", plans, err)
		}
		st, err := h.s.Status(as(h.district), h.plan.ID, "2022-01-10", Filter{})
		if err != nil || st.Assignments.Total != 1 || st.Tasks != 1 {
			t.Errorf("a district sees only its own: %+v, %v", st.Assignments, err)
		}
	})
}

func TestExtension_keepsTheOriginalAndIsAskedBeforeTheDay(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d).issued()
		a := h.lead("NV02", "T")
		h.set("2022-06-20")
		_, err := h.s.RequestExtension(as(h.justice), a.ID, a.Version, "2022-06-30", "Chờ hướng dẫn")
		wantCode(t, err, "plan.extension_day")
		e, err := h.s.RequestExtension(as(h.justice), a.ID, a.Version, "2022-09-30", "Chờ hướng dẫn")
		if err != nil {
			t.Fatal(err)
		}
		a = h.lead("NV02", "T")
		_, err = h.s.RequestExtension(as(h.justice), a.ID, a.Version, "2022-10-30", "Nữa")
		wantCode(t, err, "plan.extension_waiting")
		_, err = h.s.DecideExtension(as(h.secretary), e.ID, e.Version, true, "", "")
		wantCode(t, err, "identity.right_missing")
		_, err = h.s.DecideExtension(as(h.chairman), e.ID, e.Version, false, "", "")
		wantCode(t, err, "plan.reason_missing")
		if e, err = h.s.DecideExtension(as(h.chairman), e.ID, e.Version, true, "Đồng ý", "2841/UBND-NC"); err != nil {
			t.Fatal(err)
		}
		_, err = h.s.DecideExtension(as(h.chairman), e.ID, e.Version, true, "", "")
		wantCode(t, err, "plan.extension_decided")
		a = h.lead("NV02", "T")
		if a.OriginalDue != "2022-06-30" || a.EffectiveDue != "2022-09-30" {
			t.Errorf("original %s, effective %s", a.OriginalDue, a.EffectiveDue)
		}
		st, err := h.s.Status(as(h.secretary), h.plan.ID, "2022-07-15", Filter{Task: a.TaskID})
		if err != nil || st.Overdue != 0 || st.Due != 0 || st.DueOrig != 1 || st.OnTimeOriginal != "0.00" {
			t.Errorf("%+v, %v", st, err)
		}
		h.set("2022-10-05")
		_, err = h.s.RequestExtension(as(h.justice), a.ID, a.Version, "2022-12-30", "Muộn")
		wantCode(t, err, "plan.extension_after_due")
	})
}

func TestApprove_countsFromTheDayOfSubmission(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d).issued()
		a := h.lead("NV02", "T")
		h.set("2022-06-30")
		a, err := h.s.Submit(as(h.justice), a.ID, a.Version, Report{Document: "9/QĐ"})
		if err != nil {
			t.Fatal(err)
		}
		h.set("2022-08-01")
		on := func(day string) Status {
			st, err := h.s.Status(as(h.secretary), h.plan.ID, day, Filter{Task: a.TaskID})
			if err != nil {
				t.Fatal(err)
			}
			return st
		}
		if st := on("2022-07-20"); st.Overdue != 1 || st.Awaiting != 1 {
			t.Errorf("while it waits: %+v", st)
		}
		if a, err = h.s.Approve(as(h.secretary), a.ID, a.Version, ""); err != nil {
			t.Fatal(err)
		}
		if st := on("2022-07-20"); st.OnTime != 1 || st.Awaiting != 0 || st.OnTimeRate != "100.00" {
			t.Errorf("as known later: %+v", st)
		}
		if st := on("2022-06-29"); st.Done != 0 || st.NotStarted != 1 {
			t.Errorf("the day before: %+v", st)
		}
		if a.DoneDay != "2022-06-30" || a.ApprovedDay != "2022-08-01" {
			t.Errorf("%+v", a)
		}
	})
}

func TestReturn_putsTheAssignmentBackToWork(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d).issued()
		a := h.lead("NV02", "T")
		a, err := h.s.Submit(as(h.justice), a.ID, a.Version, Report{})
		wantCode(t, err, "plan.submit_no_evidence")
		a = h.lead("NV02", "T")
		if a, err = h.s.Submit(as(h.justice), a.ID, a.Version, Report{Document: "9/QĐ"}); err != nil {
			t.Fatal(err)
		}
		_, err = h.s.Return(as(h.secretary), a.ID, a.Version, " ")
		wantCode(t, err, "plan.reason_missing")
		if a, err = h.s.Return(as(h.secretary), a.ID, a.Version, "Thiếu phụ lục"); err != nil || a.Standing != InProgress || a.SubmittedDay != NoDay {
			t.Errorf("%+v, %v", a, err)
		}
		v, err := h.s.Assignment(as(h.justice), a.ID)
		if err != nil || len(v.History) != 3 || v.History[0].Text != "Thiếu phụ lục" || len(v.Audit) != 2 {
			t.Errorf("history %+v, audit %d, %v", v.History, len(v.Audit), err)
		}
	})
}

func TestPeriods_startTheAssignmentAndGateItsEnd(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d).issued()
		a := h.lead("NV04", "Y")
		v, err := h.s.Assignment(as(h.health), a.ID)
		if err != nil || len(v.Periods) != 4 || v.Class != NoDeadline {
			t.Fatalf("%+v, %v", v.Periods, err)
		}
		h.set("2022-03-15") // a day late
		i := v.Periods[0]
		i, err = h.s.SubmitPeriodItem(as(h.health), i.ID, i.Version, "Báo cáo quý I", nil)
		if err != nil || i.SubmittedDay != "2022-03-15" {
			t.Fatalf("%+v, %v", i, err)
		}
		_, err = h.s.SubmitPeriodItem(as(h.health), i.ID, i.Version-1, "Lần nữa", nil)
		wantCode(t, err, "plan.changed_meanwhile")
		_, err = h.s.ApprovePeriodItem(as(h.health), i.ID, i.Version)
		wantCode(t, err, "plan.own_work")
		if _, err = h.s.ApprovePeriodItem(as(h.secretary), i.ID, i.Version); err != nil {
			t.Fatal(err)
		}
		a = h.lead("NV04", "Y")
		if a.Standing != InProgress || a.Progress != 25 {
			t.Errorf("%+v", a)
		}
		_, err = h.s.Submit(as(h.health), a.ID, a.Version, Report{Document: "1"})
		wantCode(t, err, "plan.submit_periods_open")
		st, err := h.s.Status(as(h.secretary), h.plan.ID, "2022-06-14", Filter{})
		if err != nil || st.Periods.Due != 2 || st.Periods.Received != 1 || st.Periods.OnTime != 0 || st.Periods.ReceivedRate != "50.00" {
			t.Errorf("%+v, %v", st.Periods, err)
		}
	})
}

func TestRemind_tellsTheHeadOnceADayAndLevel(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d).issued()
		h.write(func(tx *db.Tx) error {
			return exec(tx, `UPDATE org_holder SET account_id = $1 WHERE person_name = 'Người đứng đầu T'`, h.justice.AccountID)
		})
		a := h.lead("NV02", "T")
		if _, err := h.s.Remind(as(h.secretary), a.ID, 2, "Đề nghị báo cáo"); err != nil {
			t.Fatal(err)
		}
		_, err := h.s.Remind(as(h.secretary), a.ID, 2, "Nữa")
		wantCode(t, err, "plan.remind_twice")
		_, err = h.s.Remind(as(h.secretary), a.ID, 9, "")
		wantCode(t, err, "plan.remind_level")
		_, err = h.s.Remind(as(h.justice), a.ID, 1, "")
		wantCode(t, err, "identity.right_missing")
		if len(h.told) != 1 || h.told[0].To != h.justice.AccountID || h.told[0].Args["task"] != "NV02" {
			t.Errorf("told %+v", h.told)
		}
	})
}

func TestCancelTask_needsAnAmendmentAndLeavesTheHistory(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d).issued()
		a := h.lead("NV02", "T")
		h.set("2022-03-01")
		wantCode(t, h.s.CancelTask(as(h.chairman), a.TaskID, 1, Amendment{Reason: "x"}), "plan.amendment_number_missing")
		wantCode(t, h.s.CancelTask(as(h.justice), a.TaskID, 1, Amendment{Number: "1", Reason: "x"}), "identity.right_missing")
		if err := h.s.CancelTask(as(h.chairman), a.TaskID, 1, Amendment{Number: "5/QĐ-UBND", Reason: "Trùng nhiệm vụ"}); err != nil {
			t.Fatal(err)
		}
		for day, want := range map[string]int64{"2022-02-28": 4, "2022-03-01": 3} {
			st, err := h.s.Status(as(h.secretary), h.plan.ID, day, Filter{})
			if err != nil || st.Tasks != want {
				t.Errorf("%s: %d tasks, want %d, %v", day, st.Tasks, want, err)
			}
		}
		p, err := h.s.Plan(as(h.secretary), h.plan.ID)
		if err != nil || p.State != Amended {
			t.Errorf("%+v, %v", p, err)
		}
	})
}

func TestPause_keepsTheClassThatTheAssignmentHad(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d).issued()
		a := h.lead("NV02", "T")
		h.set("2022-06-01")
		_, err := h.s.Pause(as(h.justice), a.ID, a.Version, "Tự dừng")
		wantCode(t, err, "identity.right_missing")
		if a, err = h.s.Pause(as(h.chairman), a.ID, a.Version, "Chờ luật"); err != nil {
			t.Fatal(err)
		}
		h.set("2022-08-01")
		st, err := h.s.Status(as(h.secretary), h.plan.ID, "2022-07-20", Filter{Task: a.TaskID})
		if err != nil || st.NotStarted != 1 || st.Overdue != 0 {
			t.Errorf("paused: %+v, %v", st, err)
		}
		if a, err = h.s.Resume(as(h.chairman), a.ID, a.Version); err != nil || a.Standing != Assigned {
			t.Errorf("%+v, %v", a, err)
		}
		if st, err = h.s.Status(as(h.secretary), h.plan.ID, "2022-08-02", Filter{Task: a.TaskID}); err != nil || st.Overdue != 1 {
			t.Errorf("resumed: %+v, %v", st, err)
		}
	})
}

func TestHandOver_givesOpenWorkToTheSuccessorWithoutANewClock(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d).issued()
		a := h.lead("NV02", "T")
		h.set("2022-05-01")
		a, err := h.s.ReportProgress(as(h.justice), a.ID, a.Version, Report{Percent: 40, Text: "Đã rà soát"})
		if err != nil {
			t.Fatal(err)
		}
		h.set("2022-07-05")
		h.write(func(tx *db.Tx) error {
			work, err := h.s.Open(tx, h.id["T"])
			if err != nil {
				return err
			}
			var ids []string
			for _, w := range work {
				ids = append(ids, w.ID)
			}
			if len(ids) != 3 { // NV01, NV02, and NV03 which it coordinates
				t.Errorf("open work %+v", work)
			}
			return h.s.HandOver(tx, identity.Actor{AccountID: "admin"}.Who(), h.id["T"], h.id["Y"], ids, "BB-01")
		})
		b := h.lead("NV02", "Y")
		if b.Standing != InProgress || b.OriginalDue != "2022-06-30" || b.Progress != 40 {
			t.Errorf("taken over: %+v", b)
		}
		for _, day := range []string{"2022-07-04", "2022-07-05"} {
			st, err := h.s.Status(as(h.secretary), h.plan.ID, day, Filter{})
			want := int64(9)
			if day == "2022-07-05" {
				want = 8 // Sở Y tế led NV01 already: its own goes on
			}
			if err != nil || st.Assignments.Total != want || st.Tasks != 4 {
				t.Errorf("%s: %+v, %v", day, st.Assignments, err)
			}
		}
	})
}

func TestMoves_fromEveryStandingAreTheTableAndNothingElse(t *testing.T) {
	t.Parallel()
	allowed := map[Standing]string{
		Assigned: "acknowledge progress submit pause cancel", Acknowledged: "progress submit pause cancel", InProgress: "progress submit pause cancel",
		Submitted: "return approve pause cancel", Approved: "", Paused: "resume cancel", Cancelled: "",
	}
	for from, want := range allowed {
		got := ""
		for _, m := range AssignmentMoves.From(from) {
			if got += m + " "; m == "" {
				t.Error("empty move")
			}
		}
		if len(got) > 0 {
			got = got[:len(got)-1]
		}
		if got != want {
			t.Errorf("%s: %q, want %q", from, got, want)
		}
	}
}
