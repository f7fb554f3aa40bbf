package plan

import (
	"context"
	"slices"
	"strings"
	"testing"

	"cchc/internal/db"
	"cchc/internal/db/dbtest"
	"cchc/internal/file"
	"cchc/internal/inbox"
	"cchc/internal/indicator"
)

// Every move from every standing: what the table allows goes through, everything else
// is refused with one code and changes nothing.
func TestMoves_throughTheServiceAgreeWithTheTableForEveryPair(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d).issued()
		id := h.lead("NV02", "T").ID
		moves := map[string]func(a Assignment) error{
			"acknowledge": func(a Assignment) error { _, err := h.s.Acknowledge(as(h.justice), a.ID, a.Version, ""); return err },
			"progress": func(a Assignment) error {
				_, err := h.s.ReportProgress(as(h.justice), a.ID, a.Version, Report{Percent: 10, Text: "Đã làm"})
				return err
			},
			"submit": func(a Assignment) error {
				_, err := h.s.Submit(as(h.justice), a.ID, a.Version, Report{Document: "1/QĐ"})
				return err
			},
			"return": func(a Assignment) error {
				_, err := h.s.Return(as(h.secretary), a.ID, a.Version, "Thiếu")
				return err
			},
			"approve": func(a Assignment) error { _, err := h.s.Approve(as(h.secretary), a.ID, a.Version, ""); return err },
			"pause":   func(a Assignment) error { _, err := h.s.Pause(as(h.chairman), a.ID, a.Version, "Chờ"); return err },
			"resume":  func(a Assignment) error { _, err := h.s.Resume(as(h.chairman), a.ID, a.Version); return err },
		}
		for _, from := range AssignmentMoves.States() {
			for name, move := range moves {
				var a Assignment
				h.write(func(tx *db.Tx) (err error) {
					if err := exec(tx, `UPDATE plan_assignment SET standing = $1, before_pause = '', submitted_day = '2021-12-20', submitted_by = '' WHERE id = $2`, string(from), id); err != nil {
						return err
					}
					a, err = findAssignment(tx, id)
					return err
				})
				err := move(a)
				if slices.Contains(AssignmentMoves.From(from), name) {
					if err != nil {
						t.Errorf("%s from %s: %v", name, from, err)
					}
					continue
				}
				wantCode(t, err, "plan.assignment_wrong_state")
				if got := h.lead("NV02", "T"); got.Version != a.Version {
					t.Errorf("%s from %s was refused and changed something", name, from)
				}
			}
		}
	})
}

func TestApprove_isRefusedUnderADelegationFromTheLeadingAgency(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d).issued()
		a := h.lead("NV03", "S")
		a, err := h.s.Submit(as(h.secretary), a.ID, a.Version, Report{Document: "1"})
		if err != nil {
			t.Fatal(err)
		}
		lent := h.office
		lent.For = h.secretary.AccountID
		_, err = h.s.Approve(as(lent), a.ID, a.Version, "")
		wantCode(t, err, "plan.own_work")
	})
}

func TestReport_takesOnlyEvidenceOfTheSameAgency(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d).issued()
		sha := strings.Repeat("a", 64)
		h.write(func(tx *db.Tx) error {
			if err := exec(tx, `INSERT INTO file_blob (sha256, size, media_type, saved_ms) VALUES ($1, 1, 'text/plain', 0)`, sha); err != nil {
				return err
			}
			for _, code := range []string{"T", "Y"} {
				if err := file.Attach(tx, file.Document{ID: "doc-" + code, SHA256: sha, Name: "a.txt", Title: "Quyết định", AgencyID: h.id[code], CreatedBy: "x"}); err != nil {
					return err
				}
			}
			return nil
		})
		a := h.lead("NV02", "T")
		_, err := h.s.ReportProgress(as(h.justice), a.ID, a.Version, Report{Text: "Có", Evidence: []string{"doc-Y"}})
		wantCode(t, err, "plan.evidence_of_another")
		if a, err = h.s.Submit(as(h.justice), a.ID, a.Version, Report{Evidence: []string{"doc-T"}}); err != nil {
			t.Fatal(err)
		}
		v, err := h.s.Assignment(as(h.secretary), a.ID)
		if err != nil || len(v.Evidence) != 1 || v.Evidence[0].ID != "doc-T" || !slices.Equal(v.Moves, []string{"return", "approve"}) {
			t.Errorf("%+v %v %v", v.Evidence, v.Moves, err)
		}
	})
}

func TestOwed_listsWorkToDoAndResultsToAcceptByDeadline(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d).issued()
		a := h.lead("NV02", "T")
		if _, err := h.s.Submit(as(h.justice), a.ID, a.Version, Report{Document: "1"}); err != nil {
			t.Fatal(err)
		}
		h.set("2022-02-01")
		h.write(func(tx *db.Tx) error {
			var kinds []string
			after := ""
			for {
				page, err := h.s.Owed(tx, h.secretary, h.now, after, 1)
				if err != nil || len(page) == 0 {
					if got := strings.Join(kinds, ", "); got != "NV01 plan.acknowledge 2022-01-31, NV02 plan.approve 2022-06-30, NV03 plan.acknowledge 2022-12-31" {
						t.Errorf("owed: %s", got)
					}
					return err
				}
				i := page[0]
				kinds = append(kinds, i.Code+" "+i.Kind+" "+i.DueDay)
				after = inbox.After(i.DueMs, i.ID)
			}
		})
	})
}

func TestIndicators_countWhatTheyOpen(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d).issued()
		a := h.lead("NV02", "T")
		h.set("2022-01-10")
		a, err := h.s.Submit(as(h.justice), a.ID, a.Version, Report{Document: "1"})
		if err != nil {
			t.Fatal(err)
		}
		h.set("2022-01-13")
		if _, err = h.s.Approve(as(h.secretary), a.ID, a.Version, ""); err != nil {
			t.Fatal(err)
		}
		h.set("2022-07-01")
		want := map[string]string{"plan.completion": "11.11", "plan.on_time": "14.29", "plan.on_time_original": "14.29", "plan.overdue_open": "6", "plan.acceptance_lag": "3.0",
			"plan.results_submitted": "1", "plan.results_returned": "0", "plan.results_approved": "1", "plan.silent": "8", "plan.targets_met": ""}
		for _, i := range h.s.Indicators() {
			h.write(func(tx *db.Tx) error {
				sc := indicator.Scope{Now: h.now}
				got, err := i.Read(tx, sc, indicator.Period{FromDay: "2022-01-01", ToDay: "2022-07-01", OnDay: "2022-07-01"})
				if err != nil {
					return err
				}
				if got.Value != want[i.Code] {
					t.Errorf("%s = %s, want %s", i.Code, got.Value, want[i.Code])
				}
				n, after := int64(0), ""
				for {
					page, err := i.Open(tx, sc, indicator.Period{FromDay: "2022-01-01", ToDay: "2022-07-01", OnDay: "2022-07-01"}, after, 2)
					if err != nil {
						return err
					}
					n += int64(len(page.Rows))
					if after = page.Next; after == "" {
						if n != page.Total.N || i.Kind != indicator.Median && n != got.Numerator {
							t.Errorf("%s: opened %d of %d, counted %d", i.Code, n, page.Total.N, got.Numerator)
						}
						break
					}
				}
				none, err := i.Read(tx, indicator.Scope{Now: h.now, Right: RightView}, indicator.Period{FromDay: "2022-01-01", ToDay: "2022-07-01", OnDay: "2022-07-01"})
				if i.Unit == "percent" && none.Value != "" {
					t.Errorf("%s is read without reach: %s", i.Code, none.Value)
				}
				return err
			})
		}
	})
}

func TestUpdateTask_isForDraftsOnly(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		p, _, err := h.s.ImportPlan(as(h.secretary), Import{Code: "K", Title: "Kế hoạch", Year: 2022, Issuer: h.id["U"], Secretariat: h.id["S"], Office: h.id["V"], Rows: planRows})
		if err != nil {
			t.Fatal(err)
		}
		_, _, err = h.s.ImportPlan(as(h.secretary), Import{Code: "K", Title: "Kế hoạch", Year: 2022, Issuer: h.id["U"], Secretariat: h.id["S"], Office: h.id["V"], Rows: planRows})
		wantCode(t, err, "plan.code_taken")
		_, _, err = h.s.ImportPlan(as(h.justice), Import{Code: "L", Title: "Kế hoạch", Year: 2022, Issuer: h.id["U"], Secretariat: h.id["S"], Office: h.id["V"], Rows: planRows})
		wantCode(t, err, "identity.right_missing")
		_, err = h.s.Plan(as(h.justice), p.ID) // a draft is not for agencies yet
		wantCode(t, err, "plan.plan_unknown")
		_, err = h.s.PublicPlan(context.Background(), p.ID)
		wantCode(t, err, "plan.plan_unknown")
		tasks, err := h.s.DraftTasks(as(h.secretary), p.ID)
		if err != nil {
			t.Fatal(err)
		}
		task := tasks[1]
		task.Content = ""
		_, err = h.s.UpdateTask(as(h.secretary), task)
		wantCode(t, err, "plan.task_content_missing")
		task.Content = "Nội dung mới"
		if task, err = h.s.UpdateTask(as(h.secretary), task); err != nil || task.Version != 2 {
			t.Errorf("%+v, %v", task, err)
		}
		task.Version = 1
		_, err = h.s.UpdateTask(as(h.secretary), task)
		wantCode(t, err, "plan.changed_meanwhile")
		if p, err = h.s.Move(as(h.secretary), p.ID, p.Version, "present"); err != nil || p.State != Presented {
			t.Fatalf("%+v, %v", p, err)
		}
		task.Version = 2
		_, err = h.s.UpdateTask(as(h.secretary), task)
		wantCode(t, err, "plan.plan_not_draft")
		_, err = h.s.Move(as(h.secretary), p.ID, p.Version, "consult")
		wantCode(t, err, "plan.plan_wrong_state")
		_, err = h.s.Move(as(h.secretary), p.ID, p.Version, "close")
		wantCode(t, err, "identity.right_missing")
		_, err = h.s.Issue(as(h.chairman), p.ID, p.Version, " ", "")
		wantCode(t, err, "plan.issue_number_missing")
		if p, err = h.s.Issue(as(h.chairman), p.ID, p.Version, "1/KH", ""); err != nil {
			t.Fatal(err)
		}
		if p, err = h.s.Move(as(h.chairman), p.ID, p.Version, "close"); err != nil || p.State != Closed {
			t.Fatalf("%+v, %v", p, err)
		}
		h.plan = p
		a := h.lead("NV02", "T")
		_, err = h.s.Acknowledge(as(h.justice), a.ID, a.Version, "")
		wantCode(t, err, "plan.plan_not_open")
		rows, err := h.s.Export(as(h.secretary), p.ID)
		if err != nil || len(rows) != 5 || rows[2][3] != "Nội dung mới" {
			t.Errorf("export: %v, %v", rows, err)
		}
	})
}
