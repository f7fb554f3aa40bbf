package plan

import (
	"context"
	"strconv"
	"time"

	"cchc/internal/audit"
	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/errs"
	"cchc/internal/event"
	"cchc/internal/identity"
	"cchc/internal/org"
	"cchc/internal/text"
)

// tree is the directory of the agencies that exist on one day.
type tree struct {
	tx      *db.Tx
	day     string
	members map[Group][]string
	names   map[string]string
	fail    error // the first failed statement: a directory cannot answer with an error
}

// onTree reads the tree of agencies of a day.
func onTree(tx *db.Tx, day string) (*tree, error) {
	all, err := org.List(tx, day)
	if err != nil {
		return nil, err
	}
	t := &tree{tx: tx, day: day, members: map[Group][]string{}, names: map[string]string{}}
	for _, a := range all {
		t.members[Group(a.Kind)] = append(t.members[Group(a.Kind)], a.ID)
		t.names[a.ID] = a.Name
	}
	return t, nil
}

// Resolve finds agencies by any name they carry on the day.
func (t *tree) Resolve(name string) (ids []string) {
	found, err := org.Resolve(t.tx, name, t.day)
	if err != nil && t.fail == nil {
		t.fail = err
	}
	for _, a := range found {
		ids = append(ids, a.ID)
	}
	return ids
}

// Members lists the agencies of a kind.
func (t *tree) Members(g Group) []string { return t.members[g] }

// Name is the agency's name.
func (t *tree) Name(id string) string { return t.names[id] }

// Head is the holder of the head's post on the day.
func (t *tree) Head(id string) (string, bool) {
	h, found, err := org.Head(t.tx, id, t.day)
	if err != nil && t.fail == nil {
		t.fail = err
	}
	if !found {
		return "", true
	}
	return h.PersonName, true
}

// Import is a plan file to read and where it belongs.
type Import struct {
	Code, Title, Number         string
	Year                        int
	Parent                      string // plan of the province that an agency's own plan carries out, '' for the province
	Issuer, Secretariat, Office string // agency ids
	Source                      string // file name
	Sample                      bool
	Rows                        [][]string
}

// PreviewImport reads a file against the tree of agencies and writes nothing.
func (s *Service) PreviewImport(ctx context.Context, rows [][]string, year int) (out Reading, err error) {
	actor := identity.From(ctx)
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		if err := identity.Require(tx, actor, RightDraft, actor.AgencyID, s.clock()); err != nil {
			return err
		}
		out, err = previewOn(tx, rows, year, dayOfYear(year, s.clock()))
		return err
	})
	return out, err
}

func previewOn(tx *db.Tx, rows [][]string, year int, day string) (Reading, error) {
	dir, err := onTree(tx, day)
	if err != nil {
		return Reading{}, err
	}
	out, err := Preview(rows, year, dir)
	if err == nil {
		err = dir.fail
	}
	return out, err
}

// dayOfYear is the day whose agencies a plan of a year is read against: today within
// the year, else its first day.
func dayOfYear(year int, now time.Time) string {
	if day := clock.Day(now); day[:4] == strconv.Itoa(year) {
		return day
	}
	return strconv.Itoa(year) + "-01-01"
}

// ImportPlan keeps a file as a draft plan with its tasks and doubts. Refusals:
// plan.import_no_columns, plan.code_taken, plan.import_fields.
func (s *Service) ImportPlan(ctx context.Context, in Import) (Plan, Reading, error) {
	actor, now := identity.From(ctx), s.clock()
	var p Plan
	var read Reading
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		for _, agency := range []string{in.Secretariat, in.Issuer} {
			if agency == "" {
				return errs.New(errs.Invalid, "plan.import_fields")
			}
			if err := identity.Require(tx, actor, RightDraft, agency, now); err != nil {
				return err
			}
		}
		var err error
		if in.Issuer == in.Secretariat { // an agency's own plan: it carries out the plan of the province
			if in.Parent, err = provincialOf(tx, in.Year); err != nil || in.Parent == "" {
				return orError(err, errs.OnField("year", "plan.parent_missing", "year", in.Year))
			}
			in.Office = in.Issuer
		}
		if p, read, err = importPlan(tx, in, dayOfYear(in.Year, now), actor.AccountID, now); err != nil {
			return err
		}
		return s.log.Record(tx, actor.Who(), audit.Entry{Kind: "plan.import", Subject: "plan_plan:" + p.ID, Agency: p.Secretariat,
			After: map[string]any{"code": p.Code, "source": p.Source, "tasks": read.Tasks, "doubts": len(read.Doubts)}})
	})
	return p, read, err
}

func importPlan(tx *db.Tx, in Import, day, account string, now time.Time) (Plan, Reading, error) {
	if in.Year < 2000 || in.Year > 2100 || text.Clean(in.Title) == "" || in.Issuer == "" || in.Office == "" || in.Office == in.Secretariat && in.Parent == "" {
		return Plan{}, Reading{}, errs.New(errs.Invalid, "plan.import_fields")
	}
	read, err := previewOn(tx, in.Rows, in.Year, day)
	if err != nil {
		return Plan{}, read, err
	}
	p := Plan{ID: db.NewID(), Code: text.Clean(in.Code), Kind: Annual, Year: in.Year, YearTo: in.Year, Title: text.Clean(in.Title), Number: text.Clean(in.Number),
		Issuer: in.Issuer, Secretariat: in.Secretariat, Office: in.Office, Parent: in.Parent, Source: in.Source, Sample: in.Sample, State: Draft,
		CreatedMs: now.UnixMilli(), Version: 1}
	if p.Code == "" {
		p.Code = "KH-" + strconv.Itoa(in.Year) + "-" + p.ID[len(p.ID)-6:]
	}
	if err := addPlan(tx, p, account); err != nil {
		return p, read, err
	}
	for _, a := range read.Areas {
		if err := addArea(tx, a); err != nil {
			return p, read, err
		}
	}
	ids := map[string]string{}
	for i := range read.Draft {
		t := &read.Draft[i]
		t.ID, t.PlanID = db.NewID(), p.ID
		ids[t.Code] = t.ID
		if err := addTask(tx, *t, now.UnixMilli()); err != nil {
			return p, read, err
		}
	}
	for i, d := range read.Doubts {
		d.TaskID = ids[d.Task]
		if err := addDoubt(tx, p.ID, i, d); err != nil {
			return p, read, err
		}
	}
	return p, read, nil
}

// onPlan runs fn on a plan in one transaction, after the checks of reach, right and
// version. Refusals: plan.plan_unknown, plan.changed_meanwhile and those of identity.
func (s *Service) onPlan(ctx context.Context, id string, version int64, right string, fn func(*db.Tx, *Plan, identity.Actor, time.Time) error) (Plan, error) {
	actor, now := identity.From(ctx), s.clock()
	var out Plan
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		p, err := findPlan(tx, id)
		if err != nil {
			return err
		}
		missing := errs.New(errs.NotFound, "plan.plan_unknown")
		over := p.Secretariat
		if right == RightIssue {
			over = p.Issuer
		}
		if err := identity.Require(tx, actor, right, over, now); errs.KindOf(err) == errs.Forbidden {
			if ok, readErr := mayRead(tx, scopeOf(actor, RightView, now), p); readErr != nil || !ok {
				return orError(readErr, missing)
			}
			return err
		} else if err != nil {
			return err
		}
		if version != p.Version && version != anyVersion {
			return errs.New(errs.Conflict, "plan.changed_meanwhile")
		}
		if err := fn(tx, &p, actor, now); err != nil {
			return err
		}
		out = p
		return nil
	})
	return out, err
}

func orError(err error, otherwise *errs.Error) error {
	if err != nil {
		return err
	}
	return otherwise
}

// SettleDoubt decides one doubt of an import (xử lý nghi vấn). The choice is one that
// the doubt offers, with a value where it needs one. Refusals: plan.doubt_unknown,
// plan.doubt_settled, plan.doubt_choice_unknown, plan.doubt_choice_day, plan.plan_not_draft.
func (s *Service) SettleDoubt(ctx context.Context, id string, version int64, choice string) error {
	var planID string
	if err := s.db.Read(ctx, func(tx *db.Tx) (err error) { _, planID, err = findDoubt(tx, id); return err }); err != nil {
		return err
	}
	_, err := s.onPlan(ctx, planID, anyVersion, RightDraft, func(tx *db.Tx, p *Plan, actor identity.Actor, now time.Time) error {
		d, _, err := findDoubt(tx, id)
		if err != nil {
			return err
		}
		switch {
		case !p.editable():
			return errs.New(errs.Conflict, "plan.plan_not_draft")
		case d.Version != version:
			return errs.New(errs.Conflict, "plan.changed_meanwhile")
		case d.Settled:
			return errs.New(errs.Conflict, "plan.doubt_settled")
		}
		if err := settleOne(tx, d, choice, dayOfYear(p.Year, now), actor.AccountID, now); err != nil {
			return err
		}
		return s.log.Record(tx, actor.Who(), audit.Entry{Kind: "plan.doubt_settle", Subject: "plan_plan:" + p.ID, Agency: p.Secretariat,
			Before: map[string]any{"row": d.Row, "field": d.Field, "code": d.Code, "text": d.Text}, After: map[string]any{"choice": choice}})
	})
	return err
}

func settleOne(tx *db.Tx, d Doubt, choice, day, account string, now time.Time) error {
	if d.TaskID != "" {
		dir, err := onTree(tx, day)
		if err != nil {
			return err
		}
		t, err := findTask(tx, d.TaskID)
		if err != nil {
			return err
		}
		after, err := settle(t, d, choice, standard(dir))
		if err != nil {
			return err
		}
		for _, m := range after.Mentions {
			if m.Agency != "" && dir.Name(m.Agency) == "" {
				return errs.OnField("choice", "plan.doubt_choice_unknown", "choice", choice)
			}
		}
		if err := saveTask(tx, after, now.UnixMilli()); err != nil {
			return err
		}
		if err := saveParts(tx, after); err != nil {
			return err
		}
	}
	d.Choice = choice
	return saveDoubt(tx, d, account, now.UnixMilli())
}

// UpdateTask changes a task of a draft. Content, product, deadline, lead and kind of
// an issued plan change only by an amendment. Refusals: plan.plan_not_draft,
// plan.task_content_missing, plan.task_kind, plan.task_milestones.
func (s *Service) UpdateTask(ctx context.Context, t Task) (Task, error) {
	_, err := s.onPlan(ctx, t.PlanID, anyVersion, RightDraft, func(tx *db.Tx, p *Plan, actor identity.Actor, now time.Time) error {
		before, err := findTask(tx, t.ID)
		if err != nil {
			return err
		}
		if before.PlanID != p.ID {
			return errs.New(errs.NotFound, "plan.task_unknown")
		}
		if !p.editable() {
			return errs.New(errs.Conflict, "plan.plan_not_draft")
		}
		if err := t.wellFormed(); err != nil {
			return err
		}
		if err := saveTask(tx, t, now.UnixMilli()); err != nil {
			return err
		}
		if err := saveParts(tx, t); err != nil {
			return err
		}
		return s.log.Record(tx, actor.Who(), audit.Entry{Kind: "plan.task_update", Subject: "plan_task:" + t.ID, Agency: p.Secretariat, Before: before, After: t})
	})
	t.Version++
	return t, err
}

// Move takes a plan along its table of moves other than issue: consult, present,
// take_back, close. Refusal: plan.plan_wrong_state.
func (s *Service) Move(ctx context.Context, id string, version int64, name string) (Plan, error) {
	right := RightDraft
	if name == "close" {
		right = RightIssue
	}
	return s.onPlan(ctx, id, version, right, func(tx *db.Tx, p *Plan, actor identity.Actor, now time.Time) error {
		if name == "issue" || name == "amend" {
			return errs.New(errs.Invalid, "plan.plan_wrong_state", "state", string(p.State), "move", name)
		}
		before := p.State
		to, err := Moves.Next(p.State, name, "plan.plan_wrong_state")
		if err != nil {
			return err
		}
		p.State = to
		if err := savePlan(tx, *p, now.UnixMilli()); err != nil {
			return err
		}
		p.Version++
		if to == Closed {
			if err := s.freeze(tx, *p, actor.AccountID, now); err != nil {
				return err
			}
			if err := event.Post(tx, now, event.PlanClosed{PlanID: p.ID, Year: p.Year}); err != nil {
				return err
			}
		}
		return s.log.Record(tx, actor.Who(), audit.Entry{Kind: "plan.move", Subject: "plan_plan:" + p.ID, Agency: p.Secretariat,
			Before: map[string]any{"state": before}, After: map[string]any{"state": to}})
	})
}
