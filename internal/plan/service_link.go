package plan

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"time"

	"cchc/internal/audit"
	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/errs"
	"cchc/internal/identity"
)

// linkLife is how long the link of a reminder works: until the next weekly one, at most.
const linkLife = 7 * 24 * time.Hour

// LinkPath is where the page of a link lives.
const LinkPath = "/update/"

// People finds who an account is, whole with rights; identity.Service is one.
type People interface {
	ActorOf(tx *db.Tx, account string) (a identity.Actor, found bool, err error)
}

// ReportFrom lets links act: without it none is made.
func (s *Service) ReportFrom(people People) { s.people = people }

// mailLink is a stored link. The token itself is nowhere: whoever reads the database
// cannot report in somebody's name.
type mailLink struct {
	Hash, Account, Assignment string
	ExpiresMs, UsedMs         int64
}

func hashOf(token string) string {
	sum := sha256.Sum256([]byte("cchc plan link:" + token))
	return hex.EncodeToString(sum[:])
}

// Link makes the path of a page on which this person can report once on an assignment
// without signing in (cập nhật qua thư); "" when the person may not report on it, or it
// does not move by a report now. It runs inside the sender's transaction.
func (s *Service) Link(tx *db.Tx, account, assignment string) (path string, err error) {
	if s.people == nil {
		return "", nil
	}
	actor, found, err := s.people.ActorOf(tx, account)
	if err != nil || !found {
		return "", err
	}
	now := s.clock()
	a, err := findAssignment(tx, assignment)
	if err != nil {
		return "", err
	}
	if err := reportable(tx, actor, a, now); err != nil {
		if errs.KindOf(err) != "" {
			return "", nil // a reminder without a link says the same
		}
		return "", err
	}
	token := rand.Text()
	err = addLink(tx, mailLink{Hash: hashOf(token), Account: account, Assignment: assignment, ExpiresMs: now.Add(linkLife).UnixMilli()}, now.UnixMilli())
	return LinkPath + token, err
}

// reportable refuses what cannot be reported on by percent and words: another's work,
// another standing, milestones and periods, which have forms of their own.
func reportable(tx *db.Tx, actor identity.Actor, a Assignment, now time.Time) error {
	if err := seen(tx, actor, RightReport, a, now); err != nil {
		return err
	}
	if a.Role != Lead {
		return errs.New(errs.Forbidden, "plan.only_the_lead")
	}
	if _, err := AssignmentMoves.Next(a.Standing, "progress", "plan.assignment_wrong_state"); err != nil {
		return err
	}
	t, err := findTask(tx, a.TaskID)
	if err != nil {
		return err
	}
	periods, err := periodsOf(tx, a.ID)
	if err == nil && (len(t.Milestones) > 0 || len(periods) > 0) {
		err = errs.New(errs.Conflict, "plan.link_not_enough")
	}
	return err
}

// LinkPage is what somebody with a link sees: one assignment and nothing else.
type LinkPage struct {
	Person, Agency string
	PlanTitle      string
	Assignment     Assignment
	Task           Task
	Expires        time.Time
}

// openLink finds a link that still works and who it belongs to. A link that never was,
// one that is used up and one that is too old each say so; none says whose it was.
func (s *Service) openLink(tx *db.Tx, token string, now time.Time) (l mailLink, actor identity.Actor, err error) {
	l, found, err := findLink(tx, hashOf(token))
	switch {
	case err != nil:
		return l, actor, err
	case !found:
		return l, actor, errs.New(errs.NotFound, "plan.link_unknown")
	case l.UsedMs > 0:
		return l, actor, errs.New(errs.Conflict, "plan.link_used")
	case now.UnixMilli() >= l.ExpiresMs:
		return l, actor, errs.New(errs.Conflict, "plan.link_expired")
	}
	actor, found, err = s.people.ActorOf(tx, l.Account)
	if err == nil && !found { // locked or left meanwhile
		err = errs.New(errs.NotFound, "plan.link_unknown")
	}
	return l, actor, err
}

// OpenLink reads the page of a link; it uses nothing up. Refusals: plan.link_unknown,
// plan.link_used, plan.link_expired, and those of reporting.
func (s *Service) OpenLink(ctx context.Context, token string) (out LinkPage, err error) {
	if s.people == nil {
		return out, errs.New(errs.NotFound, "plan.link_unknown")
	}
	now := s.clock()
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		l, actor, err := s.openLink(tx, token, now)
		if err != nil {
			return err
		}
		a, err := findAssignment(tx, l.Assignment)
		if err != nil {
			return err
		}
		if err := reportable(tx, actor, a, now); err != nil {
			return err
		}
		out = LinkPage{Person: actor.Name, Assignment: a, Expires: clock.FromMs(l.ExpiresMs)}
		if out.Task, err = findTask(tx, a.TaskID); err != nil {
			return err
		}
		p, err := findPlan(tx, a.PlanID)
		if err != nil {
			return err
		}
		out.PlanTitle = p.Title
		out.Agency, err = nameOf(tx, a.Agency)
		return err
	})
	return out, err
}

// ReportByLink records progress in the name of the person whose link it is and uses the
// link up, in one transaction: a link whose report is refused still works. from is the
// address that it came from. Refusals: those of OpenLink and of ReportProgress.
func (s *Service) ReportByLink(ctx context.Context, token string, version int64, r Report, from string) error {
	if s.people == nil {
		return errs.New(errs.NotFound, "plan.link_unknown")
	}
	now := s.clock()
	return s.db.Write(ctx, func(tx *db.Tx) error {
		l, actor, err := s.openLink(tx, token, now)
		if err != nil {
			return err
		}
		actor.From = from
		a, err := findAssignment(tx, l.Assignment)
		if err != nil {
			return err
		}
		if err := reportable(tx, actor, a, now); err != nil {
			return err
		}
		used, err := useLink(tx, l.Hash, now.UnixMilli())
		if err != nil {
			return err
		}
		if !used {
			return errs.New(errs.Conflict, "plan.link_used")
		}
		_, err = s.onTx(tx, actor, now, a, version, func(x *act) error {
			return x.progress(Report{Percent: r.Percent, Text: r.Text, Difficulty: r.Difficulty})
		})
		if err != nil {
			return err
		}
		return s.log.Record(tx, actor.Who(), audit.Entry{Kind: "plan.link_used", Subject: "plan_assignment:" + a.ID, Agency: a.Agency})
	})
}
