package applicant

import (
	"context"
	"io"
	"strings"
	"time"

	"cchc/internal/audit"
	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/errs"
	"cchc/internal/file"
	"cchc/internal/identity"
	"cchc/internal/org"
	"cchc/internal/text"
)

// mostFiles and mostBytes bound what one draft holds.
const (
	mostFiles = 40
	mostBytes = 20 << 20
	mostDraft = 20 // open drafts of one account
)

// Choose reads a procedure that can be sent, with the agencies that handle it. Refusals:
// those of the catalogue, applicant.entry_closed, applicant.not_online.
func (s *Service) Choose(ctx context.Context, key, variant string) (o Offer, list []org.Agency, err error) {
	err = s.read(ctx, func(tx *db.Tx, _ identity.Actor, now time.Time) error {
		if o, err = s.offer(tx, key, variant, now); err != nil {
			return err
		}
		list, err = handlers(tx, o, now)
		return err
	})
	return o, list, err
}

func (s *Service) offer(tx *db.Tx, key, variant string, now time.Time) (Offer, error) {
	e, err := entry(tx)
	if err != nil {
		return Offer{}, err
	}
	if !e.Direct {
		return Offer{}, errs.New(errs.Conflict, "applicant.entry_closed")
	}
	o, err := s.Catalogue.Offer(tx, key, variant, clock.Day(now))
	if err == nil && !o.Online {
		err = errs.New(errs.Conflict, "applicant.not_online", "name", o.Name)
	}
	return o, err
}

// handlers are the agencies of the level that handles a procedure.
func handlers(tx *db.Tx, o Offer, now time.Time) ([]org.Agency, error) {
	var kinds []org.Kind
	if o.Province || !o.Commune {
		kinds = append(kinds, org.Department)
	}
	if o.Commune {
		kinds = append(kinds, org.Commune)
	}
	return org.List(tx, clock.Day(now), kinds...)
}

// Find searches the procedures by words.
func (s *Service) Find(ctx context.Context, words string) ([]Offer, error) {
	return s.Catalogue.Find(ctx, words, 30)
}

// Begin starts a draft. Refusals: those of Choose, applicant.agency_unknown,
// applicant.drafts_many.
func (s *Service) Begin(ctx context.Context, key, variant, agency string) (d Draft, err error) {
	err = s.write(ctx, func(tx *db.Tx, a identity.Actor, now time.Time) error {
		o, err := s.offer(tx, key, variant, now)
		if err != nil {
			return err
		}
		to, err := agencyOf(tx, agency, now)
		if err != nil {
			return err
		}
		list, err := ownDrafts(tx, a.AccountID)
		if err != nil {
			return err
		}
		if len(list) >= mostDraft {
			return errs.New(errs.Conflict, "applicant.drafts_many", "most", int64(mostDraft))
		}
		d = Draft{ID: db.NewID(), Account: a.AccountID, Procedure: o.Key, Variant: variant, Name: o.Name, Agency: to.ID, AgencyName: to.Name, Party: a.Name, State: "open", ChangedMs: now.UnixMilli(), Version: 1}
		if err := addDraft(tx, d); err != nil {
			return err
		}
		return s.record(tx, a, "applicant.draft", d)
	})
	return d, err
}

// Answer begins, or goes on with, the papers that were asked for a dossier of one's own.
// Refusals: applicant.case_unknown, applicant.nothing_asked.
func (s *Service) Answer(ctx context.Context, code string) (d Draft, err error) {
	err = s.write(ctx, func(tx *db.Tx, a identity.Actor, now time.Time) error {
		id, err := caseByCode(tx, code, a.AccountID)
		if err != nil {
			return err
		}
		st, err := s.Shop.Standing(tx, id)
		if err != nil {
			return err
		}
		if !st.Supplies() {
			return errs.New(errs.Conflict, "applicant.nothing_asked")
		}
		if old, found, err := answerTo(tx, a.AccountID, id); err != nil || found {
			d.ID = old
			return err
		}
		d = Draft{ID: db.NewID(), Account: a.AccountID, Name: st.Procedure, Agency: st.CompetentID, Dossier: id, State: "open", ChangedMs: now.UnixMilli(), Version: 1}
		if err := addDraft(tx, d); err != nil {
			return err
		}
		return s.record(tx, a, "applicant.draft", d)
	})
	return d, err
}

// record writes the audit entry of a draft: nothing of what is in it.
func (s *Service) record(tx *db.Tx, a identity.Actor, kind string, d Draft) error {
	return s.Log.Record(tx, a.Who(), audit.Entry{Kind: kind, Subject: "applicant_draft:" + d.ID, Agency: d.Agency, After: map[string]any{"procedure": d.Procedure, "state": d.State, "files": len(d.Files)}})
}

// Opened is a draft with what its procedure asks for.
type Opened struct {
	Draft
	Offer   Offer // of a new dossier
	Asked   string
	Lacking []Paper
	Faults  []string // parts that are not complete: "party", "papers"
}

// Open reads one's own draft. Refusals: applicant.draft_unknown and those of the catalogue.
func (s *Service) Open(ctx context.Context, id string) (o Opened, err error) {
	err = s.read(ctx, func(tx *db.Tx, a identity.Actor, now time.Time) error {
		o, err = s.opened(tx, a, id, now)
		return err
	})
	return o, err
}

func (s *Service) opened(tx *db.Tx, a identity.Actor, id string, now time.Time) (o Opened, err error) {
	if o.Draft, err = ownDraft(tx, id, a.AccountID); err != nil {
		return o, err
	}
	if o.Dossier != "" {
		st, err := s.Shop.Standing(tx, o.Dossier)
		if err != nil {
			return o, err
		}
		o.Asked, o.Offer.Papers = st.Asked, st.Papers
		if len(o.Files) == 0 {
			o.Faults = append(o.Faults, "papers")
		}
		return o, nil
	}
	if o.Offer, err = s.Catalogue.Offer(tx, o.Procedure, o.Variant, clock.Day(now)); err != nil {
		return o, err
	}
	o.Lacking = lacking(o.Offer, o.Files)
	if o.Party == "" || o.IDNumber == "" || o.Phone == "" {
		o.Faults = append(o.Faults, "party")
	}
	if len(o.Lacking) > 0 {
		o.Faults = append(o.Faults, "papers")
	}
	return o, nil
}

// on changes one's own draft.
func (s *Service) on(ctx context.Context, id string, version int64, fn func(*db.Tx, *Opened, identity.Actor, time.Time) error) error {
	return s.write(ctx, func(tx *db.Tx, a identity.Actor, now time.Time) error {
		o, err := s.opened(tx, a, id, now)
		if err != nil {
			return err
		}
		if o.Version != version {
			return errs.New(errs.Conflict, "applicant.changed_meanwhile")
		}
		if err := fn(tx, &o, a, now); err != nil {
			return err
		}
		o.ChangedMs = now.UnixMilli()
		if err := saveDraft(tx, o.Draft); err != nil {
			return err
		}
		return s.record(tx, a, "applicant.draft", o.Draft)
	})
}

// WriteParty keeps who the dossier is for; it may be left and gone on with another day.
// Refusals: applicant.name_missing, applicant.id_number_form, applicant.phone_form.
func (s *Service) WriteParty(ctx context.Context, id string, version int64, in Draft) error {
	return s.on(ctx, id, version, func(_ *db.Tx, o *Opened, _ identity.Actor, _ time.Time) error {
		o.Party, o.Address, o.Email, o.Content = text.Clean(in.Party), text.Clean(in.Address), strings.TrimSpace(in.Email), strings.TrimSpace(text.NFC(in.Content))
		o.IDNumber, o.Phone = strings.ReplaceAll(text.Clean(in.IDNumber), " ", ""), strings.NewReplacer(" ", "", ".", "").Replace(text.Clean(in.Phone))
		var l errs.List
		if o.Party == "" {
			l = append(l, errs.OnField("party", "applicant.name_missing"))
		}
		if len(o.IDNumber) != 12 || strings.Trim(o.IDNumber, "0123456789") != "" {
			l = append(l, errs.OnField("id_number", "applicant.id_number_form"))
		}
		if len(o.Phone) < 9 || len(o.Phone) > 13 || strings.Trim(o.Phone, "+0123456789") != "" {
			l = append(l, errs.OnField("phone", "applicant.phone_form"))
		}
		return l.Err()
	})
}

// AddFile receives one file for a paper: stored under its hash first, then named in the
// draft, so that what is shown as received is on the disk. Refusals: those of package
// file, applicant.component_unknown, applicant.files_many.
func (s *Service) AddFile(ctx context.Context, id string, version int64, component string, in io.Reader, name string) error {
	if _, err := s.Open(ctx, id); err != nil { // nobody stores anything for a draft that is not theirs
		return err
	}
	blob, err := s.Files.Save(ctx, in, name, mostBytes)
	if err != nil {
		return err
	}
	return s.on(ctx, id, version, func(tx *db.Tx, o *Opened, a identity.Actor, now time.Time) error {
		known := o.Dossier != "" && component == ""
		title := ""
		for _, p := range o.Offer.Papers {
			if p.Code == component {
				known, title = true, p.Name
			}
		}
		switch {
		case !known:
			return errs.OnField("component", "applicant.component_unknown")
		case len(o.Files) >= mostFiles:
			return errs.OnField("file", "applicant.files_many", "most", int64(mostFiles))
		}
		f := File{Document: db.NewID(), Component: component, Name: blob.Name, SHA256: blob.SHA256, Size: blob.Size, AddedMs: now.UnixMilli()}
		err := file.Attach(tx, file.Document{ID: f.Document, SHA256: f.SHA256, Name: f.Name, Title: title, Kind: "dossier_paper", AgencyID: o.Agency, CreatedBy: a.AccountID, CreatedMs: f.AddedMs},
			"applicant_draft:"+o.ID)
		if err != nil {
			return err
		}
		o.Files = append(o.Files, f)
		return addFile(tx, o.ID, f)
	})
}

// DropFile takes a file out of a draft. Refusal: applicant.file_unknown.
func (s *Service) DropFile(ctx context.Context, id string, version int64, document string) error {
	return s.on(ctx, id, version, func(tx *db.Tx, o *Opened, _ identity.Actor, _ time.Time) error {
		n, err := dropFile(tx, o.ID, document)
		if err == nil && n == 0 {
			err = errs.New(errs.NotFound, "applicant.file_unknown")
		}
		if err != nil {
			return err
		}
		return file.Release(tx, document, "applicant_draft:"+o.ID)
	})
}

// Drop gives a draft up.
func (s *Service) Drop(ctx context.Context, id string, version int64) error {
	return s.on(ctx, id, version, func(_ *db.Tx, o *Opened, _ identity.Actor, _ time.Time) error { o.State = "dropped"; return nil })
}

// Send hands the draft to the one-stop shop, in one transaction: a new dossier waits for
// its answer within eight working hours; papers that were asked for let the clock go on.
// It returns the dossier's code. Refusals: applicant.incomplete, applicant.entry_closed,
// applicant.nothing_asked and those of the shop.
func (s *Service) Send(ctx context.Context, id string, version int64) (code string, err error) {
	err = s.on(ctx, id, version, func(tx *db.Tx, o *Opened, a identity.Actor, now time.Time) error {
		if len(o.Faults) > 0 {
			return errs.New(errs.Conflict, "applicant.incomplete")
		}
		o.State = "sent"
		if o.Dossier != "" {
			st, err := s.Shop.Standing(tx, o.Dossier)
			if err != nil {
				return err
			}
			if !st.Supplies() {
				return errs.New(errs.Conflict, "applicant.nothing_asked")
			}
			code = st.Code
			return s.Shop.Supply(tx, a.Who(), now, o.Dossier, o.Files)
		}
		if _, err := s.offer(tx, o.Procedure, o.Variant, now); err != nil {
			return err
		}
		dossier, fresh, err := s.Shop.Send(tx, a.Who(), now, Sending{Procedure: o.Procedure, Variant: o.Variant, Agency: o.Agency, Party: o.Party, IDNumber: o.IDNumber, Phone: o.Phone,
			Email: o.Email, Address: o.Address, Words: o.Content, Files: o.Files})
		if err != nil {
			return err
		}
		code = fresh
		return addCase(tx, dossier, code, a.AccountID, now.UnixMilli())
	})
	return code, err
}
