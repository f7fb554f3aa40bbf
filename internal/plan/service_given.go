package plan

import (
	"context"
	"strconv"
	"time"

	"cchc/internal/audit"
	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/errs"
	"cchc/internal/i18n"
	"cchc/internal/org"
)

// GivenTask is a task that comes from outside the yearly plan: an order of the chairman.
type GivenTask struct {
	Issuer, Number, Signer string // in whose name, by which document
	Content, Product, Lead string
	Coordinating           []string
	Due                    string // day
}

// registerArea is where ordered tasks stand: direction and management.
const registerArea = 1

// GiveTask puts an ordered task into the register of the year (sổ nhiệm vụ giao) and
// hands it out. The register is a plan beside the yearly one: it follows from it who
// accepts, except that the province's office follows it. Refusals: plan.parent_missing
// where the province has no plan in that year, plan.plan_not_open.
func (s *Service) GiveTask(tx *db.Tx, who audit.Who, now time.Time, in GivenTask) (string, error) {
	register, err := s.register(tx, who, now, in.Issuer)
	if err != nil {
		return "", err
	}
	if !register.open() {
		return "", errs.New(errs.Conflict, "plan.plan_not_open", "state", string(register.State))
	}
	sort, err := highestSort(tx, register.ID)
	if err != nil {
		return "", err
	}
	name, err := nameOf(tx, in.Lead)
	if err != nil {
		return "", err
	}
	day, err := clock.ParseDay(in.Due)
	if err != nil {
		return "", errs.OnField("due", "plan.day_unreadable", "day", in.Due)
	}
	t := Task{ID: db.NewID(), PlanID: register.ID, Sort: int(sort) + 1, Area: registerArea, Code: "CD" + strconv.FormatInt(sort+1, 10), Content: in.Content, Product: in.Product,
		LeadText: name, LeadAgency: in.Lead, DeadlineText: day.Format("2/1/2006"), DueDay: in.Due, Kind: OneOff, FanOut: Single, Priority: Important, LegalRef: in.Number,
		Mentions: []Mention{{Role: Lead, Agency: in.Lead, Text: name, Column: "lead"}}}
	for _, agency := range in.Coordinating {
		t.Mentions = append(t.Mentions, Mention{Role: Coordinating, Agency: agency, Column: "coordinating"})
	}
	if err := addTask(tx, t, now.UnixMilli()); err != nil {
		return "", err
	}
	dir, err := onTree(tx, clock.Day(now))
	if err != nil {
		return "", err
	}
	heads := map[string]org.Holder{}
	for _, agency := range append([]string{in.Lead}, in.Coordinating...) {
		h, _, err := org.Head(tx, agency, clock.Day(now))
		if err != nil {
			return "", err
		}
		heads[agency] = h
	}
	register.Number = in.Number // the history names the document that ordered it
	if _, err := handOut(tx, register, t, dir, heads, who, now); err != nil {
		return "", err
	}
	return t.ID, s.log.Record(tx, who, audit.Entry{Kind: "plan.task_give", Subject: "plan_task:" + t.ID, Agency: register.Secretariat,
		After: map[string]any{"code": t.Code, "lead": in.Lead, "due": in.Due, "document": in.Number}})
}

// register finds the register of a year and begins it with the first order.
func (s *Service) register(tx *db.Tx, who audit.Who, now time.Time, issuer string) (Plan, error) {
	year := now.In(clock.Vietnam).Year()
	code := "CD-" + strconv.Itoa(year)
	if err := tx.Lock("plan.register." + code); err != nil {
		return Plan{}, err
	}
	id, err := planByCode(tx, code)
	if err != nil {
		return Plan{}, err
	}
	if id != "" {
		return findPlan(tx, id)
	}
	yearly, err := provincialOf(tx, year)
	if err != nil || yearly == "" {
		return Plan{}, orError(err, errs.New(errs.Conflict, "plan.parent_missing", "year", year))
	}
	of, err := findPlan(tx, yearly)
	if err != nil {
		return Plan{}, err
	}
	p := Plan{ID: db.NewID(), Code: code, Kind: Programme, Year: year, YearTo: year, Title: i18n.T(i18n.WithLang(context.Background(), i18n.Vi), "plan.register", "year", strconv.Itoa(year)),
		IssuedDay: clock.Day(now), Issuer: issuer, Secretariat: of.Office, Office: of.Secretariat, Source: of.Code, Sample: of.Sample, State: Issued, CreatedMs: now.UnixMilli(), Version: 1}
	return p, addPlan(tx, p, who.Account)
}

// TaskStanding is where one task stands on a day.
type TaskStanding struct {
	Task, Code string
	Class      Class
	Due        string // NoDay without a date
	Done       bool
	Progress   int
}

// TaskStandings says where tasks stand at the end of a day, from history; a cancelled
// task, or one that was not given yet, is left out. The caller has checked who may ask.
func (s *Service) TaskStandings(tx *db.Tx, tasks []string, day string) ([]TaskStanding, error) {
	wanted := map[string]bool{}
	for _, id := range tasks {
		wanted[id] = true
	}
	plans, err := plansOf(tx, tasks)
	if err != nil {
		return nil, err
	}
	var out []TaskStanding
	for _, id := range plans {
		p, err := findPlan(tx, id)
		if err != nil {
			return nil, err
		}
		q, err := (view{tx: tx, now: s.clock(), scope: scope{account: everything}, plan: p}).ask(day, Filter{})
		if err != nil {
			return nil, err
		}
		rows, err := taskRows(tx, q)
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			if wanted[r.Task.ID] {
				out = append(out, TaskStanding{Task: r.Task.ID, Code: r.Task.Code, Class: r.Facts.Class, Due: r.Facts.DueDay, Done: r.Facts.Done, Progress: r.Progress})
			}
		}
	}
	return out, nil
}
