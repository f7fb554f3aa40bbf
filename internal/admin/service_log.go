package admin

import (
	"context"
	"strings"
	"time"

	"cchc/internal/audit"
	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/errs"
	"cchc/internal/identity"
)

// LogQuery narrows the audit log. Who is a login as typed, Account an id as a link
// carries it; Agency is typed by code or name; days are as stored, both included.
type LogQuery struct{ Who, Account, Kind, Subject, Agency, From, To, After string }

// LogList is one page of the log, newest first.
type LogList struct {
	names
	Query LogQuery
	Rows  []audit.Row
	Kinds []string
	Next  string
}

// LogEntries lists what was done to the agencies in reach.
func (s *Service) LogEntries(ctx context.Context, q LogQuery) (l LogList, err error) {
	err = s.read(ctx, func(tx *db.Tx, a identity.Actor) error {
		l = LogList{Query: q}
		now := s.Clock()
		if l.Kinds, err = entryKinds(tx); err != nil {
			return err
		}
		if badAfter(q.After) {
			return errs.New(errs.NotFound, "admin.page_unknown")
		}
		f := audit.Filter{Kind: q.Kind, Subject: q.Subject, Account: q.Account, From: dayStart(q.From), To: dayEnd(q.To),
			Reader: a.Reach(RightLog), Right: RightLog, Now: now, After: q.After, Limit: pageSize}
		if f.Agency, err = s.agencyNamed(tx, "agency", q.Agency); err != nil {
			return err
		}
		if q.Who != "" {
			if f.Account, err = s.accountNamed(tx, q.Who); err != nil {
				return err
			}
		}
		page, err := s.Log.List(tx, f)
		if err != nil {
			return err
		}
		l.Rows, l.Next = page.Rows, page.Next
		return l.name(tx)
	})
	return l, err
}

// badAfter says whether a page key is none of ours: the log would call it a fault.
func badAfter(after string) bool {
	ms, id, ok := strings.Cut(after, ".")
	return after != "" && (!ok || id == "" || ms == "" || strings.Trim(ms, "0123456789") != "" || len(ms) > 15)
}

// accountNamed finds who acted by login; parts of the program carry a colon.
func (s *Service) accountNamed(tx *db.Tx, login string) (string, error) {
	if strings.Contains(login, ":") {
		return login, nil
	}
	acc, found, err := s.Identity.AccountByLogin(tx, login)
	if err == nil && !found {
		err = errs.OnField("who", "admin.login_unknown", "text", login)
	}
	return acc.ID, err
}

// name reads what the lines call agencies, people and records.
func (l *LogList) name(tx *db.Tx) (err error) {
	places, who := []string{}, []string{l.Query.Account}
	for _, r := range l.Rows {
		places, who = append(places, r.Agency, agencyOf(r.Subject)), append(who, r.Who.For, accountOf(r.Subject))
	}
	if l.agency, err = agencies(tx, places); err != nil {
		return err
	}
	l.account, err = people(tx, who)
	return err
}

// accountOf and agencyOf are the account and the agency that a subject names, "" for
// another record.
func accountOf(subject string) string { return idOf(subject, "identity_account:") }

func agencyOf(subject string) string { return idOf(subject, "org_agency:") }

func idOf(subject, kind string) string {
	id, found := strings.CutPrefix(subject, kind)
	if !found {
		return ""
	}
	return id
}

// object is the name of a record of the common ground, "" for a record of a room.
func (n names) object(subject string) string {
	kind, id, _ := strings.Cut(subject, ":")
	switch kind {
	case "identity_account":
		return n.account[id].Name
	case "org_agency":
		return n.agency[id].Name
	case "identity_role":
		return id
	}
	return ""
}

// LogEntry is one entry with its place in the log.
type LogEntry struct {
	names
	audit.Row
	Changes []audit.Change
	URL     string // of the record it is about, "" for none
	Proof   string // proof file, "" while no checkpoint covers the entry
}

// LogEntry opens one entry in reach.
func (s *Service) LogEntry(ctx context.Context, id string) (e LogEntry, err error) {
	err = s.read(ctx, func(tx *db.Tx, a identity.Actor) error {
		e = LogEntry{}
		row, found, err := entryInReach(tx, id, a.Reach(RightLog), s.Clock().UnixMilli())
		if err != nil {
			return err
		}
		if !found {
			return errs.New(errs.NotFound, "audit.entry_unknown")
		}
		e.Row, e.Changes = row, audit.Changes(row.Before, row.After)
		if e.agency, err = agencies(tx, []string{row.Agency, row.Who.Agency, agencyOf(row.Subject)}); err != nil {
			return err
		}
		if e.account, err = people(tx, []string{row.Who.For, accountOf(row.Subject)}); err != nil {
			return err
		}
		e.URL = s.subjectURL(row.Subject)
		file, err := audit.Prove(tx, id)
		if errs.CodeOf(err) == "audit.not_sealed_yet" {
			return nil
		}
		e.Proof = string(file)
		return err
	})
	return e, err
}

// subjectURL is the page of a record that the log names.
func (s *Service) subjectURL(subject string) string {
	kind, id, _ := strings.Cut(subject, ":")
	switch kind {
	case "identity_account":
		return "/admin/accounts/" + id
	case "identity_role":
		return "/admin/roles/" + id
	}
	if s.SubjectURL == nil {
		return ""
	}
	return s.SubjectURL(subject)
}

// Checkpoint is one signed checkpoint (mốc niêm phong).
type Checkpoint struct {
	Size int64
	At   time.Time
	Note string
}

// Sealing is how far the log is sealed.
type Sealing struct {
	Size, Waiting, Aside int64 // Waiting and Aside are exact to 1,000
	Checkpoints          []Checkpoint
	PublicKey            string
}

const checkpointsShown = 20

// Sealing reads the newest checkpoints. They hold no record: whoever reads the log of
// one agency may check the seal of the whole.
func (s *Service) Sealing(ctx context.Context) (l Sealing, err error) {
	err = s.read(ctx, func(tx *db.Tx, _ identity.Actor) (err error) {
		l = Sealing{PublicKey: s.PublicKey}
		if l.Size, l.Waiting, l.Aside, err = logState(tx); err != nil {
			return err
		}
		kept, err := newestCheckpoints(tx, checkpointsShown)
		for _, c := range kept {
			l.Checkpoints = append(l.Checkpoints, Checkpoint{Size: c.size, At: clock.FromMs(c.atMs), Note: c.note})
		}
		return err
	})
	return l, err
}

// CheckProof says whether a proof file bears this program's seal, as an auditor does
// off line with the public key.
func (s *Service) CheckProof(file string) error {
	if strings.TrimSpace(file) == "" {
		return errs.OnField("proof", "admin.proof_missing")
	}
	err := audit.VerifyProof([]byte(file), s.PublicKey)
	if all := errs.All(err); len(all) == 1 {
		one := *all[0]
		one.Field = "proof"
		return &one
	}
	return err
}
