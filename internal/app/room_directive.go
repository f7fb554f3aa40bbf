package app

import (
	"time"

	"cchc/internal/audit"
	"cchc/internal/db"
	"cchc/internal/directive"
	"cchc/internal/errs"
	"cchc/internal/org"
	"cchc/internal/plan"
)

// planGiver makes the items of directives into tasks of the plans' engine.
type planGiver struct{ plan *plan.Service }

// Give makes one task.
func (g planGiver) Give(tx *db.Tx, who audit.Who, now time.Time, in directive.Given) (string, error) {
	return g.plan.GiveTask(tx, who, now, plan.GivenTask{Issuer: in.Issuer, Number: in.Number, Signer: in.Signer, Content: in.Text, Product: in.Product, Lead: in.Lead,
		Coordinating: in.Helpers, Due: in.Due})
}

// Standings says where tasks stand.
func (g planGiver) Standings(tx *db.Tx, tasks []string, day string) (map[string]directive.Standing, error) {
	list, err := g.plan.TaskStandings(tx, tasks, day)
	out := make(map[string]directive.Standing, len(list))
	for _, t := range list {
		out[t.Task] = directive.Standing{Code: t.Code, URL: "/plan/tasks/" + t.Task, Class: string(t.Class), Due: t.Due, Done: t.Done, Progress: t.Progress}
	}
	return out, err
}

// provinceOn finds the province of a day; the directory of a day has one.
func provinceOn(tx *db.Tx, day string) (string, error) {
	provinces, err := org.List(tx, day, org.Province)
	if err != nil {
		return "", err
	}
	if len(provinces) == 0 {
		return "", errs.New(errs.Conflict, "directive.no_province")
	}
	return provinces[0].ID, nil
}

// buildDirective makes the room that keeps directives; what waits in it stands in the inbox.
func (a *App) buildDirective() *directive.Service {
	s := &directive.Service{DB: a.db, Clock: a.clock, Log: a.log, Tasks: planGiver{a.rooms.plan}, Province: provinceOn}
	a.rooms.inbox.Add("directive", s)
	return s
}
