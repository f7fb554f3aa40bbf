package app

import (
	"context"
	"strings"
	"time"

	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/dossier"
	"cchc/internal/i18n"
	"cchc/internal/org"
	"cchc/internal/slip"
	"cchc/internal/text"
	"cchc/internal/ui"
)

// slipSource tells slips what they say of a dossier, within the reach of their reader.
type slipSource struct {
	db       *db.DB
	clock    clock.Clock
	dossiers *dossier.Service
	lookup   string
}

// Slip reads one dossier.
func (s slipSource) Slip(ctx context.Context, kind slip.Kind, code string) (slip.Data, error) {
	v, err := s.dossiers.Get(ctx, code)
	if err != nil {
		return slip.Data{}, err
	}
	d := slip.Data{Lookup: s.lookup, Code: v.Code, Procedure: v.ProcedureName, Field: v.Terms.Field, Content: v.Content, Channel: i18n.T(ctx, "dossierweb.channel_line."+string(v.Channel)),
		Limit: limitOf(ctx, v.Terms), ReturnPlace: v.ReturningName, Owner: slipPerson(v.Owner), Submitter: slipPerson(v.Owner), Competent: v.CompetentName, Sets: 1,
		Submitted: instant(v.SubmittedMs), Received: instant(v.ReceivedMs), Due: instant(v.DueMs), OldDue: instant(v.OriginalDueMs), Returned: instant(v.ReturnedMs)}
	if v.Submitter != nil {
		d.Submitter = slipPerson(*v.Submitter)
	}
	for _, p := range v.Papers {
		d.Papers = append(d.Papers, slip.Paper{Name: p.Name, Originals: p.Originals, Certified: p.Certified, Copies: p.Copies})
	}
	s.history(v, kind, &d)
	for _, r := range v.Results {
		d.ResultKind, d.ResultNumber, d.ResultTitle, d.ResultDay, d.Taker = i18n.T(ctx, "dossierweb.result."+r.Kind), r.Number, r.Title, r.Day, r.TakenBy
	}
	issuer := v.Receiving
	if kind == slip.Apology || kind == slip.Control {
		issuer = v.Competent
	}
	return d, s.db.Read(ctx, func(tx *db.Tx) error { return letterheadOf(tx, issuer, clock.Day(s.clock()), &d) })
}

// history fills what the moves said: who received, why it was refused, what lacks.
func (s slipSource) history(v dossier.View, kind slip.Kind, d *slip.Data) {
	for _, e := range v.History {
		switch e.Move {
		case "receive":
			d.Receiver = e.Name
		case "refuse", "ask_supplement", "ask_supplement_before_receipt":
			if kind == slip.Refusal || kind == slip.Supplement {
				d.Reason, d.Receiver = e.Reason, e.Name
			}
		case "apologise":
			d.OldDue, d.NewDue, d.Reason, d.Signer, d.UnitAtFault = instant(e.DueBefore), instant(e.DueAfter), e.Reason, e.Name, v.CompetentName
		case "return_result":
			d.Giver = e.Name
		}
	}
	if kind == slip.Supplement {
		for _, c := range v.Terms.Components {
			if strings.Contains(d.Reason, c.Name) {
				d.Missing = append(d.Missing, slip.Paper{Name: c.Name, Originals: 1})
			}
		}
		if len(d.Missing) == 0 && d.Reason != "" { // told in words alone
			d.Missing = []slip.Paper{{Name: d.Reason}}
		}
		if v.SupplyUntil != "" {
			if t, err := clock.ParseDay(v.SupplyUntil); err == nil {
				d.SupplyBy = t.Add(17 * time.Hour)
			}
		}
	}
	for _, r := range v.Runs {
		result := ""
		if r.DoneMs > 0 && r.DueMs > 0 {
			result = "on_time"
			if r.DoneMs > r.DueMs {
				result = "late"
			}
		}
		d.Steps = append(d.Steps, slip.Step{From: r.Actor, To: r.AccountName, Name: r.Do, At: instant(r.EnteredMs), Due: instant(r.DueMs), Result: result})
	}
}

// instant is a moment from milliseconds, none for 0.
func instant(ms int64) time.Time {
	if ms == 0 || ms == dossier.Forever {
		return time.Time{}
	}
	return clock.FromMs(ms)
}

func slipPerson(p dossier.Party) slip.Person {
	return slip.Person{Name: p.Name, Address: p.Address, Phone: p.Phone, Email: p.Email, ID: p.IDNumber}
}

func limitOf(ctx context.Context, p dossier.Procedure) string {
	if !p.Known {
		return ""
	}
	return i18n.T(ctx, "dossierweb.limit."+p.Unit, "n", p.Amount)
}

// letterheadOf names who hands a slip out: a department stands under the province, a
// People's Committee under nobody.
func letterheadOf(tx *db.Tx, agency, day string, d *slip.Data) error {
	a, err := org.Find(tx, agency)
	if err != nil {
		return err
	}
	d.Agency = a.Name
	provinces, err := org.List(tx, day, org.Province)
	if err != nil || len(provinces) == 0 {
		return err
	}
	d.Place = text.Place(provinces[0].Name)
	if a.Kind != org.Province && a.Kind != org.Commune && a.Kind != org.District {
		d.Parent = provinces[0].Name
	}
	return nil
}

// slipsOf are the slips that the page of a dossier offers, as its state has them.
func slipsOf(ctx context.Context, v dossier.View) (list []ui.Link) {
	add := func(kind slip.Kind, formats ...slip.Format) {
		for _, f := range formats {
			list = append(list, ui.Link{Text: i18n.T(ctx, "slip.kind."+string(kind)) + ", " + i18n.T(ctx, "slip.format."+string(f)), URL: slip.URL(v.Code, kind, f)})
		}
	}
	if v.ReceivedMs > 0 {
		add(slip.Receipt, slip.PDF, slip.Roll, slip.Word)
	}
	switch v.State {
	case dossier.SupplementWait, dossier.AskedBeforeReceipt:
		add(slip.Supplement, slip.PDF)
	case dossier.Refused:
		add(slip.Refusal, slip.PDF)
	case dossier.Returned:
		add(slip.ResultReceipt, slip.PDF)
	}
	if v.ApologisedMs > 0 {
		add(slip.Apology, slip.PDF)
	}
	if v.ReceivedMs > 0 {
		add(slip.Control, slip.PDF)
	}
	add(slip.Trail, slip.PDF)
	return list
}

// buildSlip makes the room that prints slips.
func (a *App) buildSlip() *slip.Service {
	return &slip.Service{DB: a.db, Clock: a.clock, Log: a.log, Source: slipSource{db: a.db, clock: a.clock, dossiers: a.rooms.dossier, lookup: a.cfg.baseURL() + strings.TrimSuffix(dossier.LookupPath, "/")}}
}
