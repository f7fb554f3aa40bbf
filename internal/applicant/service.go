package applicant

import (
	"context"
	"strconv"
	"time"

	"cchc/internal/audit"
	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/errs"
	"cchc/internal/event"
	"cchc/internal/file"
	"cchc/internal/identity"
	"cchc/internal/notice"
	"cchc/internal/org"
)

// Sending is a dossier as it leaves the citizen. Agencies are ids.
type Sending struct {
	Procedure, Variant           string
	Agency                       string
	Party, IDNumber              string
	Phone, Email, Address, Words string
	Files                        []File
}

// Shop is the one-stop shop; app wires it. What Standing tells is for the owner only.
type Shop interface {
	Standing(tx *db.Tx, id string) (Standing, error)
	Send(tx *db.Tx, who audit.Who, now time.Time, in Sending) (id, code string, err error)
	Supply(tx *db.Tx, who audit.Who, now time.Time, id string, files []File) error
	Withdraw(tx *db.Tx, who audit.Who, now time.Time, id string, version int64, reason string) error
}

// Catalogue is the procedures that a citizen may send.
type Catalogue interface {
	Find(ctx context.Context, words string, limit int) ([]Offer, error)
	Offer(tx *db.Tx, key, variant, day string) (Offer, error)
}

// Payments says where an open order of a dossier is paid; "" when nothing is owed.
type Payments interface {
	PayPath(tx *db.Tx, dossier string) (string, error)
}

// Service is what citizens do.
type Service struct {
	DB        *db.DB
	Clock     clock.Clock
	Log       *audit.Log
	Tell      *notice.Service
	Files     *file.Store
	Shop      Shop
	Catalogue Catalogue
	Payments  Payments
}

func (s *Service) write(ctx context.Context, fn func(*db.Tx, identity.Actor, time.Time) error) error {
	a, now := identity.From(ctx), s.Clock()
	if !a.SignedIn() {
		return errs.New(errs.Unauthenticated, "identity.sign_in_first")
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error { return fn(tx, a, now) })
}

func (s *Service) read(ctx context.Context, fn func(*db.Tx, identity.Actor, time.Time) error) error {
	a, now := identity.From(ctx), s.Clock()
	if !a.SignedIn() {
		return errs.New(errs.Unauthenticated, "identity.sign_in_first")
	}
	return s.DB.Read(ctx, func(tx *db.Tx) error { return fn(tx, a, now) })
}

// Entry says whether dossiers are taken directly.
func (s *Service) Entry(ctx context.Context) (e Entry, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error { e, err = entry(tx); return err })
	return e, err
}

// SetEntry opens or closes the direct entry. Refusal: applicant.changed_meanwhile.
func (s *Service) SetEntry(ctx context.Context, e Entry) error {
	return s.write(ctx, func(tx *db.Tx, a identity.Actor, now time.Time) error {
		if err := identity.Require(tx, a, RightSetup, "", now); err != nil {
			return err
		}
		if err := saveEntry(tx, e); err != nil {
			return err
		}
		return s.Log.Record(tx, a.Who(), audit.Entry{Kind: "applicant.entry", Subject: "applicant_entry:only", After: map[string]any{"direct": e.Direct}})
	})
}

// Home is what the page of a citizen shows.
type Home struct {
	Drafts []Draft
	Cases  []Standing
	Quiet  bool
	Entry  Entry
}

// Home lists one's own drafts and dossiers.
func (s *Service) Home(ctx context.Context) (h Home, err error) {
	err = s.read(ctx, func(tx *db.Tx, a identity.Actor, _ time.Time) error {
		if h.Drafts, err = ownDrafts(tx, a.AccountID); err != nil {
			return err
		}
		ids, err := ownCases(tx, a.AccountID)
		if err != nil {
			return err
		}
		for _, id := range ids {
			st, err := s.Shop.Standing(tx, id)
			if err != nil {
				return err
			}
			h.Cases = append(h.Cases, st)
		}
		if h.Quiet, err = quiet(tx, a.AccountID); err != nil {
			return err
		}
		h.Entry, err = entry(tx)
		return err
	})
	return h, err
}

// SetQuiet turns messages about one's dossiers off or on.
func (s *Service) SetQuiet(ctx context.Context, on bool) error {
	return s.write(ctx, func(tx *db.Tx, a identity.Actor, now time.Time) error {
		if err := setQuiet(tx, a.AccountID, on, now.UnixMilli()); err != nil {
			return err
		}
		return s.Log.Record(tx, a.Who(), audit.Entry{Kind: "applicant.quiet", Subject: "identity_account:" + a.AccountID, After: map[string]any{"quiet": on}})
	})
}

// Case is one's own dossier as its page shows it.
type Case struct {
	Standing
	Pay    string // path of the page to pay, "" for nothing owed
	Rating Rating
	Rated  bool
}

// Case reads one's own dossier. Refusal: applicant.case_unknown, also for somebody else's.
func (s *Service) Case(ctx context.Context, code string) (c Case, err error) {
	err = s.read(ctx, func(tx *db.Tx, a identity.Actor, _ time.Time) error {
		id, err := caseByCode(tx, code, a.AccountID)
		if err != nil {
			return err
		}
		if c.Standing, err = s.Shop.Standing(tx, id); err != nil {
			return err
		}
		if c.Pay, err = s.Payments.PayPath(tx, id); err != nil {
			return err
		}
		c.Rating, c.Rated, err = ratingOf(tx, id)
		return err
	})
	return c, err
}

// Withdraw takes one's own dossier back. Refusals: applicant.case_unknown,
// applicant.reason_missing, applicant.not_withdrawable and those of the shop.
func (s *Service) Withdraw(ctx context.Context, code string, version int64, reason string) error {
	return s.write(ctx, func(tx *db.Tx, a identity.Actor, now time.Time) error {
		id, err := caseByCode(tx, code, a.AccountID)
		if err != nil {
			return err
		}
		st, err := s.Shop.Standing(tx, id)
		switch {
		case err != nil:
			return err
		case !st.Withdrawable():
			return errs.New(errs.Conflict, "applicant.not_withdrawable")
		case reason == "":
			return errs.OnField("reason", "applicant.reason_missing")
		}
		return s.Shop.Withdraw(tx, a.Who(), now, id, version, reason)
	})
}

// Rate keeps what the owner of a dossier thinks of it, once, after the result was handed
// out. Whoever belongs to an agency rates nothing by that account: officers cannot make
// their own figures. Refusals: applicant.case_unknown, applicant.officer_rates,
// applicant.not_returned, applicant.score_missing, applicant.rated.
func (s *Service) Rate(ctx context.Context, code string, score int64, comment string) error {
	return s.write(ctx, func(tx *db.Tx, a identity.Actor, now time.Time) error {
		id, err := caseByCode(tx, code, a.AccountID)
		if err != nil {
			return err
		}
		st, err := s.Shop.Standing(tx, id)
		switch {
		case err != nil:
			return err
		case a.AgencyID != "":
			return errs.New(errs.Forbidden, "applicant.officer_rates")
		case st.State != "returned":
			return errs.New(errs.Conflict, "applicant.not_returned")
		case score < 1 || score > 3:
			return errs.OnField("score", "applicant.score_missing")
		}
		r := Rating{Dossier: id, Code: st.Code, Name: st.Procedure, Agency: st.CompetentID, Score: score, Comment: comment, Day: clock.Day(now), AtMs: now.UnixMilli()}
		kept, err := addRating(tx, r)
		if err == nil && !kept {
			err = errs.New(errs.Conflict, "applicant.rated")
		}
		if err != nil {
			return err
		}
		return s.Log.Record(tx, a.Who(), audit.Entry{Kind: "applicant.rate", Subject: "applicant_rating:" + id, Agency: r.Agency, After: map[string]any{"code": r.Code, "score": score}})
	})
}

// Ratings lists what was said of agencies within reach, newest first.
func (s *Service) Ratings(ctx context.Context, afterMs int64, afterID string, limit int) (list []Rating, err error) {
	err = s.read(ctx, func(tx *db.Tx, a identity.Actor, now time.Time) error {
		list, err = ratings(tx, a.Reach(RightView), now.UnixMilli(), afterMs, afterID, limit)
		return err
	})
	return list, err
}

// Moved tells the owner of a dossier what happened to it; it listens to the one-stop
// shop's announcements. Two of the same move are told apart by their moment.
func (s *Service) Moved(tx *db.Tx, m event.DossierMoved) error {
	account, found, err := caseOf(tx, m.DossierID)
	if err != nil || !found {
		return err
	}
	known := false
	for _, t := range told {
		known = known || t == m.Move
	}
	off, err := quiet(tx, account)
	if err != nil || off || !known {
		return err
	}
	st, err := s.Shop.Standing(tx, m.DossierID)
	if err != nil {
		return err
	}
	at := int64(0)
	for _, e := range st.Events {
		if e.Move == m.Move {
			at = e.AtMs
		}
	}
	return s.Tell.Send(tx, notice.Notice{Key: "applicant.moved:" + m.DossierID + ":" + m.Move + ":" + strconv.FormatInt(at, 10), To: account, Kind: "applicant." + m.Move, Subject: "applicant_case:" + m.DossierID,
		URL: CasePath + m.Code, Args: map[string]string{"code": m.Code, "name": st.Procedure}})
}

// agencyOf reads an agency that exists today.
func agencyOf(tx *db.Tx, id string, now time.Time) (org.Agency, error) {
	o, err := org.Find(tx, id)
	if err != nil && errs.KindOf(err) != errs.NotFound {
		return o, err
	}
	if err != nil || !o.On(clock.Day(now)) {
		return o, errs.OnField("agency", "applicant.agency_unknown")
	}
	return o, nil
}
