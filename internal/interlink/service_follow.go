package interlink

import (
	"context"
	"time"

	"cchc/internal/audit"
	"cchc/internal/db"
	"cchc/internal/errs"
	"cchc/internal/event"
	"cchc/internal/identity"
	"cchc/internal/text"
)

// Follow is told of every move of a dossier. A member that was approved lets its
// successors start; one that ended otherwise cancels them. Told twice, it does nothing.
func (s *Service) Follow(tx *db.Tx, f event.DossierMoved) error {
	outcome, settles := outcomes[f.State]
	if !settles {
		return nil
	}
	id, key, found, err := memberOf(tx, f.DossierID)
	if err != nil || !found {
		return err
	}
	c, err := findCase(tx, id)
	if err != nil {
		return err
	}
	if c.member(key).ended() {
		return nil
	}
	reason := ""
	if outcome == MemberRefused {
		reason = s.Words("interlink.outcome." + f.State)
	}
	return s.settle(tx, audit.System("interlink"), s.Clock(), &c, key, outcome, "", reason)
}

// Note records what an authority outside this program decided on a member: approved with
// the number of its result, or refused with the reason. The version is that of the case.
// Refusals: interlink.unknown, interlink.changed_meanwhile, interlink.member_unknown,
// interlink.member_ours, interlink.member_not_running, interlink.document_missing,
// interlink.reason_missing.
func (s *Service) Note(ctx context.Context, id string, version int64, key string, approved bool, document, reason string) (c Case, err error) {
	a, now := identity.From(ctx), s.Clock()
	if !a.SignedIn() {
		return c, errs.New(errs.Unauthenticated, "identity.sign_in_first")
	}
	document, reason = text.Clean(document), text.Clean(reason)
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		if c, err = findCase(tx, id); err != nil {
			return err
		}
		if err := identity.RequireSeen(tx, a, RightView, RightRecord, c.Agency, now, errs.New(errs.NotFound, "interlink.unknown")); err != nil {
			return err
		}
		if c.Version != version {
			return errs.New(errs.Conflict, "interlink.changed_meanwhile")
		}
		m := c.member(key)
		switch {
		case m == nil:
			return errs.New(errs.NotFound, "interlink.member_unknown", "member", key)
		case m.Ours: // its dossier says what was decided
			return errs.New(errs.Conflict, "interlink.member_ours", "code", m.Dossier)
		case m.State != MemberRunning:
			return errs.New(errs.Conflict, "interlink.member_not_running")
		case approved && document == "":
			return errs.OnField("document", "interlink.document_missing")
		case !approved && reason == "":
			return errs.OnField("reason", "interlink.reason_missing")
		}
		outcome := MemberRefused
		if approved {
			outcome = MemberApproved
		}
		return s.settle(tx, a.Who(), now, &c, key, outcome, document, reason)
	})
	return c, err
}

// settle ends one member and does what follows from it.
func (s *Service) settle(tx *db.Tx, who audit.Who, now time.Time, c *Case, key string, outcome MemberState, document, reason string) error {
	m := c.member(key)
	m.State, m.Document, m.Reason, m.EndedMs = outcome, document, reason, now.UnixMilli()
	if err := saveMember(tx, c.ID, *m); err != nil {
		return err
	}
	if outcome == MemberRefused {
		if err := s.cancel(tx, who, now, c, key, reason); err != nil {
			return err
		}
	}
	if err := s.advance(tx, who, now, c); err != nil {
		return err
	}
	return s.record(tx, who, "interlink.settle", *c, reason)
}

// cancel ends what depended on a refused member and tells the applicant, once a case.
func (s *Service) cancel(tx *db.Tx, who audit.Who, now time.Time, c *Case, key, reason string) error {
	why := s.Words("interlink.cancelled_because", "member", c.member(key).Name)
	var names []string
	for _, k := range c.after(key) {
		m := c.member(k)
		if m.DossierID != "" {
			if err := s.Dossiers.Stop(tx, who, now, m.DossierID, c.Code, why); err != nil {
				return err
			}
		}
		m.State, m.Reason, m.EndedMs = MemberCancelled, why, now.UnixMilli()
		if err := saveMember(tx, c.ID, *m); err != nil {
			return err
		}
		names = append(names, m.Name)
	}
	first, err := addNotice(tx, c.ID, Notice{Member: c.member(key).Name, Reason: reason, Cancelled: names, AtMs: now.UnixMilli()})
	if err != nil || !first {
		return err
	}
	return event.Post(tx, now, event.InterlinkBlocked{CaseID: c.ID, Code: c.Code, Member: key, Cancelled: c.cancelledKeys()})
}

func (c Case) cancelledKeys() []string {
	keys := []string{}
	for _, m := range c.Members {
		if m.State == MemberCancelled {
			keys = append(keys, m.Key)
		}
	}
	return keys
}
