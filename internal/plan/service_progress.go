package plan

import (
	"context"
	"slices"

	"cchc/internal/audit"
	"cchc/internal/db"
	"cchc/internal/errs"
	"cchc/internal/event"
	"cchc/internal/file"
	"cchc/internal/text"
)

// Acknowledge records that the agency takes the assignment (nhận việc) and who works on it.
func (s *Service) Acknowledge(ctx context.Context, id string, version int64, officer string) (Assignment, error) {
	return s.on(ctx, id, version, RightReport, func(x *act) error { return x.acknowledge(officer) })
}

func (x *act) acknowledge(officer string) error {
	if err := x.move("acknowledge"); err != nil {
		return err
	}
	x.a.Officer = officer
	return x.finish(Entry{Move: "acknowledge"}, audit.Entry{Kind: "plan.assignment_acknowledge"}, nil)
}

// Report is what an agency says about its progress, or its result.
type Report struct {
	Percent    int      // 0..100; ignored when milestones say it
	Text       string   // what was done
	Difficulty string   // khó khăn, vướng mắc
	Proposal   string   // kiến nghị
	Document   string   // number of the product: required to hand in
	Evidence   []string // ids of documents already kept
	Reached    []string // ids of milestones reached
}

func (r Report) entry(move string) Entry {
	return Entry{Move: move, Percent: r.Percent, Text: text.Clean(r.Text), Difficulty: text.Clean(r.Difficulty), Proposal: text.Clean(r.Proposal), Document: text.Clean(r.Document)}
}

// ReportProgress records how far a leading agency is (cập nhật tiến độ). Refusals:
// plan.progress_percent, plan.report_text_missing, plan.only_the_lead, plan.milestone_unknown.
func (s *Service) ReportProgress(ctx context.Context, id string, version int64, r Report) (Assignment, error) {
	return s.on(ctx, id, version, RightReport, func(x *act) error { return x.progress(r) })
}

func (x *act) progress(r Report) error {
	if err := x.leads(); err != nil {
		return err
	}
	if r.Percent < 0 || r.Percent > 100 {
		return errs.OnField("percent", "plan.progress_percent")
	}
	if text.Clean(r.Text) == "" && len(r.Reached) == 0 {
		return errs.OnField("text", "plan.report_text_missing")
	}
	if err := x.move("progress"); err != nil {
		return err
	}
	x.a.Progress = r.Percent
	if err := x.reach(r.Reached); err != nil {
		return err
	}
	if err := x.prove(r.Evidence); err != nil {
		return err
	}
	r.Percent = x.a.Progress
	return x.finish(r.entry("progress"), audit.Entry{Kind: "plan.assignment_progress"}, nil)
}

// reach marks milestones and lets their weights say the progress: a percentage is
// never typed over milestones.
func (x *act) reach(ids []string) error {
	for _, id := range ids {
		if !slices.ContainsFunc(x.task.Milestones, func(m MilestoneStep) bool { return m.ID == id }) {
			return errs.New(errs.NotFound, "plan.milestone_unknown")
		}
		if err := addReached(x.tx, x.a.ID, id, x.day); err != nil {
			return err
		}
	}
	if len(x.task.Milestones) < 2 {
		return nil
	}
	reached, err := reachedOf(x.tx, x.a.ID)
	if err != nil {
		return err
	}
	x.a.Progress = weigh(x.task.Milestones, reached)
	return nil
}

// weigh is the progress that milestones say.
func weigh(steps []MilestoneStep, reached map[string]string) int {
	percent := 0
	for _, m := range steps {
		if reached[m.ID] != "" {
			percent += m.Weight
		}
	}
	return min(percent, 100)
}

// prove ties kept documents of the same agency to the assignment. Refusal:
// plan.evidence_of_another, for a document that belongs to another agency.
func (x *act) prove(documents []string) error {
	for _, id := range documents {
		d, err := file.Get(x.tx, id)
		if err != nil {
			return err
		}
		if d.AgencyID != x.a.Agency {
			return errs.OnField("evidence", "plan.evidence_of_another")
		}
		if err := file.Prove(x.tx, id, "plan_assignment:"+x.a.ID); err != nil {
			return err
		}
	}
	return nil
}

// Submit hands the result in (nộp kết quả). The day of handing in is the day that
// counts once the result is accepted. It needs the number of the product's document
// or a document as evidence. Refusals: plan.submit_no_evidence, plan.submit_periods_open,
// plan.only_the_lead.
func (s *Service) Submit(ctx context.Context, id string, version int64, r Report) (Assignment, error) {
	return s.on(ctx, id, version, RightReport, func(x *act) error { return x.submit(r) })
}

func (x *act) submit(r Report) error {
	if err := x.leads(); err != nil {
		return err
	}
	if err := x.move("submit"); err != nil {
		return err
	}
	if err := x.prove(r.Evidence); err != nil {
		return err
	}
	proven, err := file.Of(x.tx, "plan_assignment:"+x.a.ID)
	if err != nil {
		return err
	}
	if text.Clean(r.Document) == "" && len(proven) == 0 {
		return errs.OnField("document", "plan.submit_no_evidence")
	}
	if open, err := openPeriods(x.tx, x.a.ID); err != nil {
		return err
	} else if open > 0 {
		return errs.New(errs.Conflict, "plan.submit_periods_open", "count", open)
	}
	all := make([]string, 0, len(x.task.Milestones))
	for _, m := range x.task.Milestones {
		all = append(all, m.ID)
	}
	if err := x.reach(all); err != nil {
		return err
	}
	x.a.Progress, x.a.SubmittedDay, x.a.SubmittedBy = 100, x.day, x.who.Account
	r.Percent = 100
	return x.finish(r.entry("submit"), audit.Entry{Kind: "plan.assignment_submit"},
		event.PlanResultSubmitted{AssignmentID: x.a.ID, AgencyID: x.a.Agency, ApproverID: x.a.Approver})
}

// Return hands a result back with the reason (trả lại); the clock of the deadline
// never stopped. Refusals: plan.reason_missing and those of independence.
func (s *Service) Return(ctx context.Context, id string, version int64, reason string) (Assignment, error) {
	return s.on(ctx, id, version, RightApprove, func(x *act) error { return x.giveBack(reason) })
}

func (x *act) giveBack(reason string) error {
	if reason = text.Clean(reason); reason == "" {
		return errs.OnField("reason", "plan.reason_missing")
	}
	if err := x.independent(); err != nil {
		return err
	}
	if err := x.move("return"); err != nil {
		return err
	}
	x.a.SubmittedDay, x.a.SubmittedBy, x.a.Progress = NoDay, "", min(x.a.Progress, 90)
	return x.finish(Entry{Move: "return", Text: reason}, audit.Entry{Kind: "plan.assignment_return", Reason: reason},
		event.PlanResultReturned{AssignmentID: x.a.ID, AgencyID: x.a.Agency})
}

// Approve accepts a result (xác nhận hoàn thành). Nobody accepts the work of their
// own agency: what Sở Nội vụ leads is accepted by Văn phòng UBND. Refusals:
// plan.own_work, plan.approve_other_agency.
func (s *Service) Approve(ctx context.Context, id string, version int64, note string) (Assignment, error) {
	return s.on(ctx, id, version, RightApprove, func(x *act) error { return x.approve(note) })
}

func (x *act) approve(note string) error {
	if err := x.independent(); err != nil {
		return err
	}
	if err := x.move("approve"); err != nil {
		return err
	}
	if err := lapseExtensions(x.tx, x.a.ID, x.now.UnixMilli()); err != nil {
		return err
	}
	done := x.a.SubmittedDay
	x.a.ApprovedDay, x.a.Progress = x.day, 100
	return x.finish(Entry{Move: "approve", Text: text.Clean(note), Percent: 100}, audit.Entry{Kind: "plan.assignment_approve"},
		event.PlanResultApproved{AssignmentID: x.a.ID, TaskID: x.a.TaskID, AgencyID: x.a.Agency, DoneDay: done, Late: done > x.a.EffectiveDue})
}

// independent refuses who belongs to the leading agency or a unit of it, whoever is
// acted for, and who is not the agency that accepts (or the issuer of the plan).
func (x *act) independent() error {
	agencies := []string{x.who.Agency}
	if x.who.For != "" {
		of, err := agencyOfAccount(x.tx, x.who.For)
		if err != nil {
			return err
		}
		agencies = append(agencies, of)
	}
	for _, agency := range agencies {
		if own, err := x.ownWork(agency); err != nil {
			return err
		} else if own || x.who.Account == x.a.SubmittedBy || x.who.For != "" && x.who.For == x.a.SubmittedBy {
			return errs.New(errs.Forbidden, "plan.own_work")
		}
	}
	last := agencies[len(agencies)-1] // the one in whose name it is done
	if last != x.a.Approver && last != x.plan.Issuer {
		return errs.New(errs.Forbidden, "plan.approve_other_agency")
	}
	return nil
}

// ownWork says whether somebody of an agency would judge its own work. In an agency's
// own plan the head judges what the people of the agency hand in: there the person
// counts, not the agency.
func (x *act) ownWork(agency string) (bool, error) {
	if x.plan.Parent != "" && agency == x.plan.Issuer {
		return false, nil
	}
	return within(x.tx, x.a.Agency, agency)
}

// AddInput records what a coordinating agency contributes, or a remark of anybody who
// reports for the agency (ý kiến). It changes no standing.
func (s *Service) AddInput(ctx context.Context, id string, version int64, words string, evidence []string) (Assignment, error) {
	return s.on(ctx, id, version, RightReport, func(x *act) error {
		if words = text.Clean(words); words == "" {
			return errs.OnField("text", "plan.report_text_missing")
		}
		if x.a.Standing == Cancelled {
			return errs.New(errs.Conflict, "plan.assignment_wrong_state", "state", string(x.a.Standing), "move", "input")
		}
		if err := x.prove(evidence); err != nil {
			return err
		}
		return x.finish(Entry{Move: "input", Text: words}, audit.Entry{Kind: "plan.assignment_input"}, nil)
	})
}

// SubmitPeriodItem hands in what is owed for one period (nộp theo kỳ). The first item
// starts the assignment. Refusals: plan.period_unknown, plan.period_wrong_state,
// plan.report_text_missing.
func (s *Service) SubmitPeriodItem(ctx context.Context, id string, version int64, words string, evidence []string) (item PeriodItem, err error) {
	err = s.onPeriod(ctx, id, version, RightReport, func(x *act, i PeriodItem) error {
		item, err = x.submitPeriod(i, words, evidence)
		return err
	})
	return item, err
}

func (x *act) submitPeriod(i PeriodItem, words string, evidence []string) (PeriodItem, error) {
	if i.State != PeriodOpen {
		return i, errs.New(errs.Conflict, "plan.period_wrong_state", "state", string(i.State))
	}
	if i.Text = text.Clean(words); i.Text == "" {
		return i, errs.OnField("text", "plan.report_text_missing")
	}
	if err := x.move("progress"); err != nil {
		return i, err
	}
	if err := x.prove(evidence); err != nil {
		return i, err
	}
	i.State, i.SubmittedDay = PeriodSubmitted, x.day
	if err := savePeriod(x.tx, i, x.who.Account); err != nil {
		return i, err
	}
	i.Version++
	if err := x.progressOfPeriods(); err != nil {
		return i, err
	}
	return i, x.finish(Entry{Move: "progress", Text: i.Text, Document: i.Key}, audit.Entry{Kind: "plan.period_submit"}, nil)
}

// ApprovePeriodItem accepts what came for one period; the same independence as Approve.
func (s *Service) ApprovePeriodItem(ctx context.Context, id string, version int64) (item PeriodItem, err error) {
	err = s.onPeriod(ctx, id, version, RightApprove, func(x *act, i PeriodItem) error {
		item, err = x.approvePeriod(i)
		return err
	})
	return item, err
}

func (x *act) approvePeriod(i PeriodItem) (PeriodItem, error) {
	if i.State != PeriodSubmitted {
		return i, errs.New(errs.Conflict, "plan.period_wrong_state", "state", string(i.State))
	}
	if err := x.independent(); err != nil {
		return i, err
	}
	i.State, i.ApprovedDay = PeriodApproved, x.day
	if err := savePeriod(x.tx, i, ""); err != nil {
		return i, err
	}
	i.Version++
	return i, x.finish(Entry{Move: "accept_period", Document: i.Key}, audit.Entry{Kind: "plan.period_approve"}, nil)
}

// onPeriod is on for a period item: the version is that of the item.
func (s *Service) onPeriod(ctx context.Context, id string, version int64, right string, fn func(*act, PeriodItem) error) error {
	var assignment string
	err := s.db.Read(ctx, func(tx *db.Tx) error {
		item, err := findPeriod(tx, id)
		assignment = item.Assignment
		return err
	})
	if err != nil {
		return err
	}
	_, err = s.on(ctx, assignment, anyVersion, right, func(x *act) error {
		fresh, err := findPeriod(x.tx, id)
		if err != nil {
			return err
		}
		if fresh.Version != version {
			return errs.New(errs.Conflict, "plan.changed_meanwhile")
		}
		return fn(x, fresh)
	})
	return err
}

// progressOfPeriods is the share of periods that came.
func (x *act) progressOfPeriods() error {
	items, err := periodsOf(x.tx, x.a.ID)
	if err != nil || len(items) == 0 {
		return err
	}
	came := 0
	for _, i := range items {
		if i.SubmittedDay != NoDay {
			came++
		}
	}
	x.a.Progress = 100 * came / len(items)
	return nil
}
