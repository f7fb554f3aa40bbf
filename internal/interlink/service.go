package interlink

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"cchc/internal/audit"
	"cchc/internal/calendar"
	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/errs"
	"cchc/internal/identity"
	"cchc/internal/org"
	"cchc/internal/text"
)

// Definition is a group as it counts on a day.
type Definition struct {
	Key, Name, Basis string
	Leads            bool
	Amount           int // of the promise
	Unit             calendar.Unit
	Known            bool // whether there is a promise
	Members          []Member
}

// Applicant is who declares; room dossier checks and keeps it.
type Applicant struct {
	Kind     string `json:"kind"`
	Name     string `json:"name"`
	IDKind   string `json:"id_kind"`
	IDNumber string `json:"id_number"`
	Phone    string `json:"phone"`
	Email    string `json:"email"`
	Address  string `json:"address"`
}

// Filing asks for one member dossier. Agencies are codes.
type Filing struct {
	Group, Procedure, Receiving, Competent string
	Online                                 bool
	Applicant                              Applicant
	Content                                string
}

// Catalogue finds groups; app wires it to the procedures.
type Catalogue interface {
	Find(tx *db.Tx, key, day string) (Definition, error)
	// Open lists the groups of a day by key and name.
	Open(tx *db.Tx, day string) ([]Definition, error)
}

// Dossiers receives and ends member dossiers in the name of the program; app wires it.
type Dossiers interface {
	Receive(tx *db.Tx, who audit.Who, now time.Time, f Filing) (id, code string, err error)
	// Stop ends a dossier that is under way; document is the code of the group.
	Stop(tx *db.Tx, who audit.Who, now time.Time, id, document, reason string) error
}

// Service runs group cases.
type Service struct {
	DB       *db.DB
	Clock    clock.Clock
	Log      *audit.Log
	Groups   Catalogue
	Dossiers Dossiers
	// Words gives a sentence to the people who read it in the record, by its locale key.
	Words func(key string, args ...any) string
}

// Declaration is what an applicant hands in for a whole group.
type Declaration struct {
	Group     string // key
	Code      string // of the national program where it leads, "" takes ours
	Agency    string // code of the agency that receives
	Applicant Applicant
	Content   string
	Competent map[string]string // member key -> code of the agency that decides; "" is who receives
	Skip      map[string]string // member key -> document of an earlier result that serves
}

// kept is what of a declaration later members need.
type kept struct {
	Applicant Applicant `json:"applicant"`
	Content   string    `json:"content"`
	Receiving string    `json:"receiving"`
}

// mostContent is how long the words of a declaration are at most, in characters.
const mostContent = 1000

// Declare receives a declaration and starts the members that wait for nothing, in one
// transaction: all of it or nothing. Refusals: interlink.group_unknown and those of the
// catalogue, interlink.code_missing, interlink.code_taken, interlink.name_missing,
// interlink.skip_unknown, interlink.skip_document, and those of a receipt.
func (s *Service) Declare(ctx context.Context, in Declaration) (c Case, err error) {
	a, now := identity.From(ctx), s.Clock()
	if !a.SignedIn() {
		return c, errs.New(errs.Unauthenticated, "identity.sign_in_first")
	}
	in.Code, in.Content, in.Applicant.Name = text.Clean(in.Code), text.Clean(in.Content), text.Clean(in.Applicant.Name)
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		day := clock.Day(now)
		agency, found, err := org.FindByCode(tx, in.Agency, day)
		if err != nil {
			return err
		}
		if !found {
			return errs.OnField("agency", "interlink.agency_unknown", "code", in.Agency)
		}
		if err := identity.Require(tx, a, RightDeclare, agency.ID, now); err != nil {
			return err
		}
		d, err := s.Groups.Find(tx, in.Group, day)
		if err != nil {
			return err
		}
		if err := in.faults(d); err != nil {
			return err
		}
		if c, err = s.begin(tx, d, in, agency, now); err != nil {
			return err
		}
		if err := s.advance(tx, a.Who(), now, &c); err != nil {
			return err
		}
		return s.record(tx, a.Who(), "interlink.declare", c, "")
	})
	return c, err
}

func (in Declaration) faults(d Definition) error {
	var l errs.List
	if in.Applicant.Name == "" {
		l = append(l, errs.OnField("name", "interlink.name_missing"))
	}
	if !d.Leads && in.Code == "" {
		l = append(l, errs.OnField("code", "interlink.code_missing"))
	}
	if n := len([]rune(in.Content)); n > mostContent || len(in.Code) > 60 {
		l = append(l, errs.OnField("content", "interlink.too_long", "max", mostContent))
	}
	for key, document := range in.Skip {
		if !slices.ContainsFunc(d.Members, func(m Member) bool { return m.Key == key }) {
			l = append(l, errs.OnField("skip", "interlink.skip_unknown", "member", key))
		} else if text.Clean(document) == "" {
			l = append(l, errs.OnField("skip_"+key, "interlink.skip_document"))
		}
	}
	return l.Err()
}

// begin writes the case with its members, all waiting but those that are skipped.
func (s *Service) begin(tx *db.Tx, d Definition, in Declaration, agency org.Agency, now time.Time) (c Case, err error) {
	c = Case{ID: db.NewID(), Code: in.Code, Group: d.Key, Name: d.Name, Basis: d.Basis, Leads: d.Leads, Agency: agency.ID, State: Waiting, DeclaredMs: now.UnixMilli(), Version: 1}
	if c.Leads {
		if c.Code, err = nextCode(tx, agency, now); err != nil {
			return c, err
		}
	} else if taken, err := codeTaken(tx, c.Code); err != nil || taken {
		if err == nil {
			err = errs.OnField("code", "interlink.code_taken", "code", c.Code)
		}
		return c, err
	}
	if d.Known {
		cal, err := calendar.Load(tx, agency.ID)
		if err != nil {
			return c, err
		}
		due, err := cal.DueTime(now, d.Amount, d.Unit)
		if err != nil {
			return c, err
		}
		c.DueMs = due.UnixMilli()
	}
	for _, m := range d.Members {
		m.State, m.Competent = MemberWaiting, in.Competent[m.Key]
		if document, skip := in.Skip[m.Key]; skip {
			m.State, m.Document, m.StartedMs, m.EndedMs = MemberSkipped, text.Clean(document), now.UnixMilli(), now.UnixMilli()
		}
		c.Members = append(c.Members, m)
	}
	raw, err := json.Marshal(kept{in.Applicant, in.Content, in.Agency})
	if err != nil {
		return c, fmt.Errorf("declaration: %w", err)
	}
	return c, addCase(tx, c, string(raw))
}

// nextCode numbers the groups of an agency and a day: LT-GL.X001-261014-01.
func nextCode(tx *db.Tx, agency org.Agency, now time.Time) (string, error) {
	stem := "LT-" + agency.Code + "-" + now.In(clock.Vietnam).Format("060102") + "-"
	if err := tx.Lock("interlink_code:" + stem); err != nil {
		return "", err
	}
	n, err := countCodes(tx, stem)
	return fmt.Sprintf("%s%02d", stem, n+1), err
}

// advance starts what may start and settles the state of the case. Members outside this
// program only begin to be waited for.
func (s *Service) advance(tx *db.Tx, who audit.Who, now time.Time, c *Case) error {
	for range c.Members {
		keys := c.ready()
		if len(keys) == 0 {
			break
		}
		for _, key := range keys {
			if err := s.start(tx, who, now, c, c.member(key)); err != nil {
				return err
			}
		}
	}
	c.State = c.stands()
	if c.over() && c.EndedMs == 0 {
		c.EndedMs = now.UnixMilli()
	}
	if err := saveCase(tx, *c, c.over()); err != nil {
		return err
	}
	c.Version++
	return nil
}

func (s *Service) start(tx *db.Tx, who audit.Who, now time.Time, c *Case, m *Member) error {
	m.State, m.StartedMs = MemberRunning, now.UnixMilli()
	if m.Ours {
		k, err := declarationOf(tx, c.ID)
		if err != nil {
			return err
		}
		competent := m.Competent
		if competent == "" {
			competent = k.Receiving
		}
		f := Filing{Group: c.Code, Procedure: m.Key, Receiving: k.Receiving, Competent: competent, Online: !c.Leads, Applicant: k.Applicant, Content: k.Content}
		if m.DossierID, m.Dossier, err = s.Dossiers.Receive(tx, who, now, f); err != nil {
			return err
		}
	}
	return saveMember(tx, c.ID, *m)
}

func (s *Service) record(tx *db.Tx, who audit.Who, kind string, c Case, reason string) error {
	members := map[string]MemberState{}
	for _, m := range c.Members {
		members[m.Key] = m.State
	}
	return s.Log.Record(tx, who, audit.Entry{Kind: kind, Subject: "interlink_case:" + c.ID, Agency: c.Agency, Reason: reason,
		After: map[string]any{"code": c.Code, "group": c.Group, "state": c.State, "members": members}})
}

// List reads the cases of agencies within reach, newest first; after is the cursor.
func (s *Service) List(ctx context.Context, after []string, limit int) (list []Case, err error) {
	a, now := identity.From(ctx), s.Clock()
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		list, err = listCases(tx, a.Reach(RightView), RightView, now.UnixMilli(), after, limit)
		return err
	})
	return list, err
}

// View is a case as its page shows it.
type View struct {
	Case
	Notice   *Notice // what the applicant was told, nil when nothing was refused
	MayNote  bool    // the reader may record what others decided
	NowMs    int64
	Promised bool
}

// Notice is what an applicant is told once.
type Notice struct {
	Member, Reason string
	Cancelled      []string
	AtMs           int64
}

// Open reads a case within reach. Refusal: interlink.unknown.
func (s *Service) Open(ctx context.Context, id string) (v View, err error) {
	a, now := identity.From(ctx), s.Clock()
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		if v, err = s.view(tx, id, now); err != nil {
			return err
		}
		if identity.Require(tx, a, RightView, v.Agency, now) != nil {
			return errs.New(errs.NotFound, "interlink.unknown")
		}
		v.MayNote = identity.Require(tx, a, RightRecord, v.Agency, now) == nil
		return nil
	})
	return v, err
}

// Public reads a case by its code for whoever has it. Nothing in it says whose it is:
// reasons, in which people write names, and numbers of results are left out. Refusal:
// interlink.unknown.
func (s *Service) Public(ctx context.Context, code string) (v View, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		id, err := caseByCode(tx, text.Clean(code))
		if err != nil {
			return err
		}
		v, err = s.view(tx, id, s.Clock())
		return err
	})
	for i := range v.Members {
		m := &v.Members[i]
		m.Reason, m.Document, m.Dossier, m.DossierID = "", "", "", ""
	}
	if v.Notice != nil {
		v.Notice.Reason = ""
	}
	return v, err
}

func (s *Service) view(tx *db.Tx, id string, now time.Time) (v View, err error) {
	if v.Case, err = findCase(tx, id); err != nil {
		return v, err
	}
	v.NowMs, v.Promised = now.UnixMilli(), v.DueMs > 0
	v.Notice, err = noticeOf(tx, id)
	return v, err
}

// OpenGroups lists the groups that may be declared today.
func (s *Service) OpenGroups(ctx context.Context) (list []Definition, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		list, err = s.Groups.Open(tx, clock.Day(s.Clock()))
		return err
	})
	return list, err
}
