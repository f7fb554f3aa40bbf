package app

import (
	"context"
	"time"

	"cchc/internal/db"
	"cchc/internal/job"
	"cchc/internal/org"
	"cchc/internal/plan"
	"cchc/internal/urge"
)

// planWork is what the plans owe, in the words of whoever urges.
type planWork struct{ plan *plan.Service }

// Kind names it as the evidence and the log do.
func (planWork) Kind() string { return "plan_assignment" }

// Open lists open assignments.
func (w planWork) Open(tx *db.Tx, after urge.Key, limit int) ([]urge.Item, error) {
	list, err := w.plan.OpenToUrge(tx, after.Agency, after.Due, after.ID, limit)
	items := make([]urge.Item, 0, len(list))
	for _, u := range list {
		items = append(items, urge.Item{Kind: w.Kind(), ID: u.ID, Code: u.Code, Title: u.Title, URL: "/plan/assignments/" + u.ID, Agency: u.Agency, Follower: u.Follower,
			Officer: u.Officer, Due: u.Due, Assigned: u.Assigned, Updated: u.Updated, Acknowledged: u.Acknowledged, Paused: u.Paused})
	}
	return items, err
}

// Done says which are done or cancelled.
func (w planWork) Done(tx *db.Tx, ids []string) (map[string]bool, error) {
	return w.plan.Ended(tx, ids)
}

// Link makes the link of a reminder for an assignment.
func (w planWork) Link(tx *db.Tx, account, kind, id string) (string, error) {
	if kind != w.Kind() {
		return "", nil
	}
	return w.plan.Link(tx, account, id)
}

// urgeArgs asks for the day's walk up the ladder of reminders.
type urgeArgs struct{}

// Kind names the job.
func (urgeArgs) Kind() string { return "urge.run" }

// urgeEvery is how often the job looks whether today's walk is still to be made.
const urgeEvery = 30 * time.Minute

// buildUrge makes the room that urges, and its job.
func (a *App) buildUrge() *urge.Service {
	s := &urge.Service{DB: a.db, Clock: a.clock, Log: a.log, Tell: a.rooms.notice, Works: []urge.Work{planWork{a.rooms.plan}},
		Links: planWork{a.rooms.plan}, BaseURL: a.cfg.baseURL(),
		Province: func(tx *db.Tx, day string) (string, error) {
			provinces, err := org.List(tx, day, org.Province)
			if err != nil || len(provinces) == 0 {
				return "", err
			}
			return provinces[0].ID, nil
		}}
	a.rooms.inbox.Add("urge", s)
	job.Register(a.jobs, func(ctx context.Context, _ *job.Run, _ urgeArgs) error { return s.Due(ctx) })
	a.jobs.Every("urge.run", urgeEvery, func(time.Time) job.Args { return urgeArgs{} })
	return s
}
