package app

import (
	"context"
	"encoding/json"
	"time"

	"cchc/internal/applicant"
	"cchc/internal/audit"
	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/dossier"
	"cchc/internal/event"
	"cchc/internal/identity"
	"cchc/internal/org"
	"cchc/internal/payment"
	"cchc/internal/procedure"
)

// applicantShop is the one-stop shop in the words of room applicant.
type applicantShop struct {
	shop  *dossier.Service
	clock clock.Clock
}

// asks are the moves whose reason is meant for the applicant.
var asks = map[string]bool{"ask_supplement": true, "ask_supplement_before_receipt": true, "refuse": true, "reject": true, "stop": true, "close_no_supplement": true}

// Standing reads a dossier for its owner.
func (c applicantShop) Standing(tx *db.Tx, id string) (applicant.Standing, error) {
	v, err := c.shop.Record(tx, id)
	if err != nil {
		return applicant.Standing{}, err
	}
	st := applicant.Standing{ID: v.ID, Code: v.Code, ProcedureCode: v.ProcedureCode, Procedure: v.ProcedureName, State: string(v.State), Owner: v.Owner.Name, Receiving: v.ReceivingName,
		Competent: v.CompetentName, CompetentID: v.Competent, Returning: v.ReturningName, SubmittedMs: v.SubmittedMs, ReceivedMs: v.ReceivedMs, OriginalDueMs: v.OriginalDueMs, DueMs: v.DueMs,
		PausedMs: v.PausedMs, ReturnedMs: v.ReturnedMs, Late: v.Late(c.clock()), SupplyUntil: v.SupplyUntil, Version: v.Version}
	for _, e := range v.History {
		st.Events = append(st.Events, applicant.Event{Move: e.Move, AtMs: e.AtMs, DueBefore: e.DueBefore, DueAfter: e.DueAfter})
		if asks[e.Move] {
			st.Asked = e.Reason
		}
	}
	for _, p := range v.Terms.Components {
		st.Papers = append(st.Papers, applicant.Paper{Code: p.Code, Name: p.Name, Required: p.Required})
	}
	return st, nil
}

// papersOf are the files of a draft as papers.
func papersOf(files []applicant.File) (list []dossier.PaperInput) {
	for _, f := range files {
		p := dossier.PaperInput{Component: f.Component, Copies: 1, File: f.Document, Digitised: 1}
		if f.Component == "" {
			p.Name = f.Name
		}
		list = append(list, p)
	}
	return list
}

// Send hands a new dossier in as sent online.
func (c applicantShop) Send(tx *db.Tx, who audit.Who, now time.Time, in applicant.Sending) (string, string, error) {
	o, err := org.Find(tx, in.Agency)
	if err != nil {
		return "", "", err
	}
	d, err := c.shop.Take(tx, who, now, dossier.Receipt{Procedure: in.Procedure, Variant: in.Variant, Channel: dossier.Online, Receiving: o.Code, Competent: o.Code, Content: in.Words,
		Papers:    papersOf(in.Files),
		Applicant: dossier.Party{Kind: "citizen", Name: in.Party, IDKind: "citizen_id", IDNumber: in.IDNumber, Phone: in.Phone, Email: in.Email, Address: in.Address}})
	return d.ID, d.Code, err
}

// Supply hands papers in that were asked for.
func (c applicantShop) Supply(tx *db.Tx, who audit.Who, now time.Time, id string, files []applicant.File) error {
	v, err := c.shop.Record(tx, id)
	if err != nil {
		return err
	}
	_, err = c.shop.Do(tx, who, now, id, dossier.Act{Move: "supply", Version: v.Version, Papers: papersOf(files)})
	return err
}

// Withdraw takes a dossier back for its applicant.
func (c applicantShop) Withdraw(tx *db.Tx, who audit.Who, now time.Time, id string, version int64, reason string) error {
	_, err := c.shop.Do(tx, who, now, id, dossier.Act{Move: "withdraw", Version: version, Reason: reason})
	return err
}

// applicantOffers is the catalogue in the words of room applicant.
type applicantOffers struct{ catalogue *procedure.Service }

// Find searches by words.
func (c applicantOffers) Find(ctx context.Context, words string, limit int) (list []applicant.Offer, err error) {
	found, err := c.catalogue.Offers(ctx, words, limit)
	for _, o := range found {
		list = append(list, applicant.Offer{Key: o.Key, Code: o.Code, Name: o.Name})
	}
	return list, err
}

// Offer reads what a procedure asks today of whoever sends it online.
func (c applicantOffers) Offer(tx *db.Tx, key, variant, day string) (applicant.Offer, error) {
	t, err := c.catalogue.InForce(tx, key, variant, day, true)
	if err != nil {
		return applicant.Offer{}, err
	}
	o := applicant.Offer{Key: t.Key, Code: t.Code, Name: t.Name, Variant: t.Variant, VariantName: t.VariantName, Online: t.ServiceLevel == "full" || t.ServiceLevel == "partial" || t.ServiceLevel == "",
		Province: t.Level == procedure.LevelProvince || t.Level == procedure.LevelBoth || t.Level == "", Commune: t.Level == procedure.LevelCommune || t.Level == procedure.LevelBoth || t.Level == ""}
	for _, p := range t.Components {
		o.Papers = append(o.Papers, applicant.Paper{Code: p.Code, Name: p.Name, Required: p.Required, When: p.RequiredIf})
	}
	return o, nil
}

// payPaths says where money of a dossier is paid.
type payPaths struct{ money *payment.Service }

// PayPath is the public page of the open order.
func (p payPaths) PayPath(tx *db.Tx, dossier string) (string, error) {
	token, err := p.money.OpenToken(tx, dossier)
	if err != nil || token == "" {
		return "", err
	}
	return "/pay/" + token, nil
}

// buildApplicant makes the room of citizens, which hears of every move of a dossier.
func (a *App) buildApplicant() *applicant.Service {
	r := &a.rooms
	s := &applicant.Service{DB: a.db, Clock: a.clock, Log: a.log, Tell: r.notice, Files: a.files, Shop: applicantShop{r.dossier, a.clock}, Catalogue: applicantOffers{r.procedure}, Payments: payPaths{r.payment}}
	a.bus.On(event.DossierMoved{}.Kind(), "applicant", func(tx *db.Tx, body []byte) error {
		var m event.DossierMoved
		if err := json.Unmarshal(body, &m); err != nil {
			return err
		}
		return s.Moved(tx, m)
	})
	return s
}

// seedApplicant opens the direct entry, so that the demonstration can be tried as an applicant.
func (a *App) seedApplicant(ctx context.Context) error {
	e, err := a.rooms.applicant.Entry(ctx)
	if err != nil || e.Version > 0 {
		return err
	}
	var admin identity.Actor
	if err := a.db.Read(ctx, func(tx *db.Tx) (err error) {
		admin, _, err = a.rooms.identity.ActorByLogin(tx, demoAccounts[0].login)
		return err
	}); err != nil {
		return err
	}
	return a.rooms.applicant.SetEntry(identity.With(ctx, admin), applicant.Entry{Direct: true})
}
