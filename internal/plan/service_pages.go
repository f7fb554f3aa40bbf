package plan

import (
	"context"
	"slices"
	"strings"
	"time"

	"cchc/internal/audit"
	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/errs"
	"cchc/internal/file"
	"cchc/internal/identity"
	"cchc/internal/org"
)

// Named is an id with the name that people read.
type Named struct{ ID, Name string }

// PublicBoard is the provincial plan of a year as everybody may see it: tasks and
// their standing, no officer, no draft, no confidential task. Its counts are those of
// the rows shown, so that they agree.
type PublicBoard struct {
	Plan   Plan
	Day    string
	Plans  []Plan // the years there are
	Areas  []Area
	Counts Counts
	Rows   []TaskRow
}

// Public reads the public board of a year (0 is the latest that has begun), on a day
// ("" is today); a board without a plan when there is none.
func (s *Service) Public(ctx context.Context, year int, day string) (out PublicBoard, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		out = PublicBoard{}
		all, err := listPlans(tx, scope{account: everything}, 0)
		if err != nil {
			return err
		}
		now := s.clock()
		for _, p := range all {
			if p.Kind != Annual || p.Parent != "" || !p.open() && p.State != Closed {
				continue
			}
			out.Plans = append(out.Plans, p)
			if out.Plan.ID == "" && (p.Year == year || year == 0 && p.Year <= now.In(clock.Vietnam).Year()) {
				out.Plan = p
			}
		}
		if out.Plan.ID == "" {
			return nil
		}
		q, err := (view{tx: tx, now: now, scope: scope{account: everything}, plan: out.Plan}).ask(day, Filter{})
		if err != nil {
			return err
		}
		out.Day = q.day
		rows, err := taskRows(tx, q)
		if err != nil {
			return err
		}
		for _, r := range rows {
			if !r.Task.Confidential {
				out.Rows = append(out.Rows, r)
				out.Counts.add(r.Facts.has)
			}
		}
		out.Areas, err = listAreas(tx)
		return err
	})
	return out, err
}

// EachAgency stands, as the lead of a filter, for the tasks that every addressee
// answers for itself.
const EachAgency = "each"

// boardRows is the most that the board shows on one page; the sample plan has 38.
const boardRows = 500

// PlanBoard is Board for the page: all rows at once, and EachAgency as a lead.
func (s *Service) PlanBoard(ctx context.Context, id, day string, f BoardFilter) (Board, error) {
	each := f.Lead == EachAgency
	if each {
		f.Lead = ""
	}
	b, err := s.Board(ctx, id, day, f, 0, boardRows)
	if err == nil && each {
		b.Rows = slices.DeleteFunc(b.Rows, func(r TaskRow) bool { return r.Facts.Lead != "" })
		b.Total = len(b.Rows)
	}
	return b, err
}

// TaskPage is a task with what its page needs besides.
type TaskPage struct {
	TaskView
	Day      string
	Mine     string            // the reader's own assignment, "" for none
	Sees     map[string]bool   // agencies whose assignments open
	Names    map[string]string // agencies by id
	Approver string            // name of the agency that accepts
	MayEdit  bool
	MayAmend bool
}

// TaskPage reads one task for its page; see Task.
func (s *Service) TaskPage(ctx context.Context, id, day string) (out TaskPage, err error) {
	v, err := s.Task(ctx, id, day)
	if err != nil {
		return out, err
	}
	actor, now := identity.From(ctx), s.clock()
	err = s.db.Read(ctx, func(tx *db.Tx) (err error) {
		out = TaskPage{TaskView: v, Day: day}
		if out.Day == "" {
			out.Day = clock.Day(now)
		}
		if out.Sees, err = reachedAgencies(tx, scopeOf(actor, RightView, now), id); err != nil {
			return err
		}
		if out.Names, err = agencyNames(tx, id); err != nil {
			return err
		}
		for _, a := range v.Assignments {
			if a.Agency == actor.AgencyID && out.Mine == "" && a.Standing != Cancelled {
				out.Mine = a.ID
			}
		}
		if out.Approver, err = nameOf(tx, v.Plan.accepts(v.Task.LeadAgency)); err != nil {
			return err
		}
		out.MayEdit = v.Plan.editable() && may(tx, actor, RightDraft, v.Plan.Secretariat, now, &err)
		out.MayAmend = v.Plan.open() && !v.Task.Cancelled && may(tx, actor, RightIssue, v.Plan.Issuer, now, &err)
		return err
	})
	return out, err
}

// Proof is the audit proof of one entry of an assignment's log.
type Proof struct {
	Assignment AssignmentView
	Row        audit.Row
	Text       string // the proof file; "" while no checkpoint covers the entry
}

// Proof makes the proof of one log entry of an assignment or its task that the reader
// sees. Refusals: plan.assignment_unknown, audit.entry_unknown.
func (s *Service) Proof(ctx context.Context, assignment, entry string) (out Proof, err error) {
	v, err := s.Assignment(ctx, assignment)
	if err != nil {
		return out, err
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		out = Proof{Assignment: v}
		i := slices.IndexFunc(v.Audit, func(r audit.Row) bool { return r.ID == entry })
		if i < 0 { // of another record, or there is none: the same answer
			return errs.New(errs.NotFound, "audit.entry_unknown")
		}
		out.Row = v.Audit[i]
		raw, err := audit.Prove(tx, entry)
		if errs.CodeOf(err) == "audit.not_sealed_yet" {
			return nil
		}
		out.Text = string(raw)
		return err
	})
	return out, err
}

// Document finds a document that proves an assignment which the reader sees. Refusal:
// file.missing for every other one, so that a guessed id tells nothing.
func (s *Service) Document(ctx context.Context, id string) (d file.Document, err error) {
	actor, now := identity.From(ctx), s.clock()
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		if d, err = file.Get(tx, id); err != nil {
			return err
		}
		subjects, err := file.Subjects(tx, id)
		if err != nil {
			return err
		}
		for _, subject := range subjects {
			of, ok := strings.CutPrefix(subject, "plan_assignment:")
			if !ok {
				continue
			}
			a, err := findAssignment(tx, of)
			if err == nil {
				err = seen(tx, actor, RightView, a, now)
			}
			if err == nil {
				return nil
			}
			if errs.KindOf(err) != errs.NotFound {
				return err
			}
		}
		return errs.New(errs.NotFound, "file.missing")
	})
	return d, err
}

// KeepDocument keeps what an upload holds as a document of the assignment's agency;
// the act that follows ties it to the assignment. Who may not report is refused as in
// ReportProgress.
func (s *Service) KeepDocument(ctx context.Context, assignment string, d file.Document) (string, error) {
	actor, now := identity.From(ctx), s.clock()
	id := db.NewID()
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		a, err := findAssignment(tx, assignment)
		if err != nil {
			return err
		}
		if err := seen(tx, actor, RightReport, a, now); err != nil {
			return err
		}
		d.ID, d.AgencyID, d.CreatedBy, d.CreatedMs = id, a.Agency, actor.AccountID, now.UnixMilli()
		return file.Attach(tx, d)
	})
	return id, err
}

// AgenciesOn lists the agencies of a day, for forms.
func (s *Service) AgenciesOn(ctx context.Context, day string) (list []org.Agency, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error { list, err = org.List(tx, day); return err })
	return list, err
}

// may says whether the actor holds a right over an agency; other faults go to err.
func may(tx *db.Tx, actor identity.Actor, right, agency string, now time.Time, err *error) bool {
	fault := identity.Require(tx, actor, right, agency, now)
	if fault != nil && errs.KindOf(fault) == "" && *err == nil {
		*err = fault
	}
	return fault == nil
}
