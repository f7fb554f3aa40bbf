package app

import (
	"slices"
	"time"

	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/dossier"
	"cchc/internal/mining"
	"cchc/internal/process"
)

// ways tells where dossiers spent their time, in the words of whoever studies it.
type ways struct{ dossiers *dossier.Service }

func wayQuery(q mining.Query, after string, limit int) dossier.WayQuery {
	return dossier.WayQuery{Account: q.Account, Right: q.Right, NowMs: q.NowMs, Key: q.Key, FromDay: q.FromDay, ToDay: q.ToDay, Agency: q.Agency, Version: q.Version, After: after, Limit: limit}
}

// Procedures lists what was decided.
func (w ways) Procedures(tx *db.Tx, r mining.Reader, fromDay, toDay string) ([]mining.Procedure, error) {
	list, err := w.dossiers.Finished(tx, wayQuery(mining.Query{Reader: r, FromDay: fromDay, ToDay: toDay}, "", 0))
	out := make([]mining.Procedure, 0, len(list))
	for _, f := range list {
		out = append(out, mining.Procedure{Key: f.Key, Code: f.Code, Name: f.Name, N: f.N, Late: f.Late})
	}
	return out, err
}

// Versions lists the versions under which it was decided, by their first receipt.
func (w ways) Versions(tx *db.Tx, q mining.Query) ([]mining.Version, error) {
	list, err := w.dossiers.FinishedVersions(tx, wayQuery(q, "", 0))
	out := make([]mining.Version, 0, len(list))
	for _, f := range list {
		out = append(out, mining.Version{ID: f.VersionID, FromDay: clock.Day(clock.FromMs(f.FirstMs)), N: f.N})
	}
	return out, err
}

// Traces gives the ways themselves. A step of the counter is timed by the receiving
// office's hours only so far as the competent one shares them: what is studied is the
// work of the agency that decides.
func (w ways) Traces(tx *db.Tx, q mining.Query, after string, limit int) ([]mining.Trace, string, error) {
	list, next, err := w.dossiers.Ways(tx, wayQuery(q, after, limit))
	if err != nil {
		return nil, "", err
	}
	out := make([]mining.Trace, 0, len(list))
	for _, d := range list {
		t := mining.Trace{Code: d.Code, Version: d.VersionID, Received: clock.FromMs(d.ReceivedMs), Ended: clock.FromMs(d.FinishedMs), Late: d.Late}
		var pauses []mining.Pause
		for _, p := range d.Pauses {
			pauses = append(pauses, mining.Pause{From: clock.FromMs(p.FromMs), To: instant(p.ToMs)})
		}
		for _, r := range d.Runs {
			if r.DoneMs == 0 || r.Group == string(process.Counter) && r.EnteredMs >= d.FinishedMs { // the hand-out is not the decision
				continue
			}
			outcome := "advanced"
			if r.End == "back" {
				outcome = "sent_back"
			}
			t.Visits = append(t.Visits, mining.Visit{Step: r.No, Name: r.Do, Agency: d.Competent, Entered: clock.FromMs(r.EnteredMs), Started: started(r), Done: clock.FromMs(r.DoneMs),
				Outcome: outcome, Pauses: slices.Clone(pauses)})
		}
		out = append(out, t)
	}
	return out, next, nil
}

// started is when a step was taken up. One that nobody took, and that was ended in the
// same act, says nothing about waiting.
func started(r dossier.StepRun) time.Time {
	if r.StartedMs == 0 || r.StartedMs == r.DoneMs {
		return time.Time{}
	}
	return clock.FromMs(r.StartedMs)
}

// buildMining makes the room that studies where time goes.
func (a *App) buildMining() *mining.Service {
	return &mining.Service{DB: a.db, Clock: a.clock, Source: ways{a.rooms.dossier}}
}
