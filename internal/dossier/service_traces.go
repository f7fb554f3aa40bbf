package dossier

import (
	"strconv"
	"strings"
	"time"

	"cchc/internal/clock"
	"cchc/internal/db"
)

// Way is the way of one finished dossier through its steps, for who looks where time goes.
// It names no person.
type Way struct {
	Code, VersionID, Competent string
	ReceivedMs, FinishedMs     int64
	Late                       bool
	Runs                       []StepRun
	Pauses                     []Pause
}

// WayQuery asks for finished dossiers of one procedure within a reader's reach; days are
// those of the end, both included. Agency and Version narrow, "" is all.
type WayQuery struct {
	Account, Right         string
	NowMs                  int64
	Key, FromDay, ToDay    string
	Agency, Version, After string
	Limit                  int
}

// span is from the first moment of a day to the last of another.
func (q WayQuery) span() (fromMs, toMs int64, err error) {
	from, err := clock.ParseDay(q.FromDay)
	if err != nil {
		return 0, 0, err
	}
	to, err := clock.ParseDay(q.ToDay)
	return from.UnixMilli(), to.Add(24 * time.Hour).UnixMilli(), err
}

// Finished lists the procedures of which dossiers were decided in the days asked, the
// busiest first.
func (s *Service) Finished(tx *db.Tx, q WayQuery) ([]FinishedOf, error) {
	from, to, err := q.span()
	if err != nil {
		return nil, err
	}
	return finishedByProcedure(tx, q.Account, q.Right, q.NowMs, from, to)
}

// FinishedVersions lists the versions under which dossiers of a procedure were decided,
// in the order in which they began.
func (s *Service) FinishedVersions(tx *db.Tx, q WayQuery) ([]FinishedUnder, error) {
	from, to, err := q.span()
	if err != nil {
		return nil, err
	}
	return finishedByVersion(tx, q.Account, q.Right, q.NowMs, from, to, q.Key, q.Agency)
}

// Ways reads decided dossiers of one procedure with their steps, the last decided first;
// next goes on from there, "" at the end.
func (s *Service) Ways(tx *db.Tx, q WayQuery) (list []Way, next string, err error) {
	from, to, err := q.span()
	if err != nil {
		return nil, "", err
	}
	afterMs, afterID := Forever, last
	if ms, id, there := strings.Cut(q.After, "/"); there {
		if afterMs, err = strconv.ParseInt(ms, 10, 64); err != nil {
			return nil, "", err
		}
		afterID = id
	}
	rows, err := finishedWays(tx, q.Account, q.Right, q.NowMs, from, to, q.Key, q.Agency, q.Version, afterMs, afterID, q.Limit+1)
	if err != nil {
		return nil, "", err
	}
	if len(rows) > q.Limit {
		rows = rows[:q.Limit]
		end := rows[q.Limit-1]
		next = strconv.FormatInt(end.FinishedMs, 10) + "/" + end.ID
	}
	for _, r := range rows {
		w := Way{Code: r.Code, VersionID: r.VersionID, Competent: r.Competent, ReceivedMs: r.ReceivedMs, FinishedMs: r.FinishedMs, Late: r.DueMs > 0 && r.FinishedMs > r.DueMs}
		t, err := s.termsOf(tx, r.Terms)
		if err != nil {
			return nil, "", err
		}
		if w.Runs, err = s.runs(tx, Dossier{ID: r.ID}, t); err != nil {
			return nil, "", err
		}
		if w.Pauses, err = pausesOf(tx, r.ID); err != nil {
			return nil, "", err
		}
		list = append(list, w)
	}
	return list, next, nil
}
