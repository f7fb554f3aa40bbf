package payment

import (
	"context"
	_ "embed"
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"time"

	"cchc/internal/audit"
	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/errs"
	"cchc/internal/identity"
	"cchc/internal/org"
	"cchc/internal/text"
)

//go:embed exemptions.json
var exemptionsJSON []byte

// shortSecret is the shortest secret of a gateway that is taken.
const shortSecret = 16

// Setup is what the settings page of an agency shows.
type Setup struct {
	Gateways   []GatewaySetup
	Books      []Book
	Exemptions []Exemption
	Agencies   []org.Agency // over which the reader may set up
	Agency     string       // whose books are shown
	Province   bool         // the reader may change exemptions, which hold for all
}

// Setup reads the settings within reach; books are those of one agency.
func (s *Service) Setup(ctx context.Context, agency string) (v Setup, err error) {
	err = s.read(ctx, func(tx *db.Tx, a identity.Actor, now time.Time) error {
		if v.Agencies, err = reachable(tx, a.Reach(RightSetup), RightSetup, now); err != nil {
			return err
		}
		v.Province = identity.Require(tx, a, RightSetup, "", now) == nil
		list, err := listGateways(tx, Filter{}.scope(a, RightSetup, now))
		if err != nil {
			return err
		}
		for _, k := range list {
			v.Gateways = append(v.Gateways, k.GatewaySetup)
		}
		if v.Exemptions, err = exemptions(tx, ""); err != nil {
			return err
		}
		if i := slices.IndexFunc(v.Agencies, func(o org.Agency) bool { return o.ID == agency }); i >= 0 {
			v.Agency = agency
		} else if len(v.Agencies) == 1 {
			v.Agency = v.Agencies[0].ID
		}
		if v.Agency != "" {
			v.Books, err = books(tx, v.Agency)
		}
		return err
	})
	return v, err
}

// wellFormed checks a gateway as typed.
func (g GatewaySetup) wellFormed(secret string) error {
	var l errs.List
	if g.Name == "" {
		l = append(l, errs.OnField("name", "payment.gateway_name"))
	}
	if !slices.Contains(GatewayKinds, g.Kind) {
		l = append(l, errs.OnField("kind", "payment.gateway_kind"))
	}
	if g.Way == Cash || !slices.Contains(Ways, g.Way) {
		l = append(l, errs.OnField("way", "payment.way_bad"))
	}
	if secret != "" && len(secret) < shortSecret {
		l = append(l, errs.OnField("secret", "payment.secret_short", "n", int64(shortSecret)))
	}
	switch g.Kind {
	case BankNotice:
		if !validBIN(g.BIN) {
			l = append(l, errs.OnField("bin", "payment.bin_bad"))
		}
		if !validAccount(g.AccountNo) {
			l = append(l, errs.OnField("account_no", "payment.account_bad"))
		}
		if g.AccountName == "" {
			l = append(l, errs.OnField("account_name", "payment.account_name"))
		}
	case Platform:
		if g.Merchant == "" {
			l = append(l, errs.OnField("merchant", "payment.merchant"))
		}
		if u, err := url.Parse(g.PayURL); err != nil || u.Scheme != "https" || u.Host == "" || u.RawQuery != "" {
			l = append(l, errs.OnField("pay_url", "payment.pay_url"))
		}
		if !g.HasSecret && secret == "" {
			l = append(l, errs.OnField("secret", "payment.secret_missing"))
		}
	}
	return l.Err()
}

// WriteGateway keeps an account or platform: a new one without id. An empty secret keeps
// the one that is there. Refusals: payment.agency_unknown, payment.gateway_unknown,
// payment.gateway_name, payment.gateway_kind, payment.way_bad, payment.bin_bad,
// payment.account_bad, payment.account_name, payment.merchant, payment.pay_url,
// payment.secret_missing, payment.secret_short, payment.changed_meanwhile.
func (s *Service) WriteGateway(ctx context.Context, g GatewaySetup, secret string) (GatewaySetup, error) {
	g.Name, g.AccountName, g.Merchant, g.Prefix = text.Clean(g.Name), text.Clean(g.AccountName), text.Clean(g.Merchant), text.Clean(g.Prefix)
	g.BIN, g.AccountNo, g.PayURL = strings.TrimSpace(g.BIN), strings.ToUpper(strings.ReplaceAll(g.AccountNo, " ", "")), strings.TrimSpace(g.PayURL)
	err := s.write(ctx, func(tx *db.Tx, a identity.Actor, now time.Time) error {
		k := kept{}
		if g.ID != "" {
			old, err := findGateway(tx, g.ID)
			if err != nil {
				return err
			}
			k.sealed, g.Agency, g.Kind, g.HasSecret = old.sealed, old.Agency, old.Kind, old.HasSecret
		}
		missing := errs.New(errs.NotFound, "payment.agency_unknown")
		if err := identity.RequireSeen(tx, a, RightSetup, RightSetup, g.Agency, now, missing); err != nil {
			return err
		}
		if _, err := org.Find(tx, g.Agency); err != nil {
			return missing
		}
		if err := g.wellFormed(secret); err != nil {
			return err
		}
		fresh := g.ID == ""
		if fresh {
			g.ID, g.Version = db.NewID(), 1
		}
		if secret != "" {
			sealed, err := closeSecret(s.Key, g.ID, secret)
			if err != nil {
				return err
			}
			k.sealed, g.HasSecret = sealed, true
		}
		k.GatewaySetup = g
		save := saveGateway
		if fresh {
			save = addGateway
		}
		if err := save(tx, k); err != nil {
			return err
		}
		if !fresh {
			g.Version++
		}
		return s.Log.Record(tx, a.Who(), audit.Entry{Kind: "payment.gateway", Subject: "payment_gateway:" + g.ID, Agency: g.Agency,
			After: map[string]any{"name": g.Name, "kind": g.Kind, "way": g.Way, "bin": g.BIN, "account": g.AccountNo, "pay_url": g.PayURL, "active": g.Active, "new_secret": secret != ""}})
	})
	return g, err
}

// AddBook gives an agency a book of receipts. Refusals: payment.agency_unknown,
// payment.book_form, payment.book_serial, payment.book_range, payment.book_overlap.
func (s *Service) AddBook(ctx context.Context, b Book) (Book, error) {
	b.Form, b.Serial = text.Clean(b.Form), text.Clean(b.Serial)
	err := s.write(ctx, func(tx *db.Tx, a identity.Actor, now time.Time) error {
		if err := identity.RequireSeen(tx, a, RightSetup, RightSetup, b.Agency, now, errs.New(errs.NotFound, "payment.agency_unknown")); err != nil {
			return err
		}
		var l errs.List
		if b.Form == "" {
			l = append(l, errs.OnField("form", "payment.book_form"))
		}
		if b.Serial == "" {
			l = append(l, errs.OnField("serial", "payment.book_serial"))
		}
		if b.FromNo < 1 || b.ToNo < b.FromNo || b.ToNo > 9_999_999 {
			l = append(l, errs.OnField("to_no", "payment.book_range"))
		}
		if err := l.Err(); err != nil {
			return err
		}
		old, err := books(tx, b.Agency)
		if err != nil {
			return err
		}
		for _, o := range old {
			if o.Form == b.Form && o.Serial == b.Serial && o.FromNo <= b.ToNo && b.FromNo <= o.ToNo {
				return errs.OnField("from_no", "payment.book_overlap")
			}
		}
		b.ID, b.NextNo, b.Active, b.Version = db.NewID(), b.FromNo, true, 1
		if err := addBook(tx, b); err != nil {
			return err
		}
		return s.Log.Record(tx, a.Who(), audit.Entry{Kind: "payment.book", Subject: "payment_book:" + b.ID, Agency: b.Agency,
			After: map[string]any{"form": b.Form, "serial": b.Serial, "from": b.FromNo, "to": b.ToNo, "active": true}})
	})
	return b, err
}

// SwitchBook takes a book out of use or back. Refusals: payment.book_unknown,
// payment.changed_meanwhile.
func (s *Service) SwitchBook(ctx context.Context, agency, id string, version int64, active bool) error {
	return s.write(ctx, func(tx *db.Tx, a identity.Actor, now time.Time) error {
		missing := errs.New(errs.NotFound, "payment.book_unknown")
		if err := identity.RequireSeen(tx, a, RightSetup, RightSetup, agency, now, missing); err != nil {
			return err
		}
		list, err := books(tx, agency)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(list, func(b Book) bool { return b.ID == id })
		if i < 0 {
			return missing
		}
		b := list[i]
		b.Active, b.Version = active, version
		if err := saveBook(tx, b); err != nil {
			return err
		}
		return s.Log.Record(tx, a.Who(), audit.Entry{Kind: "payment.book", Subject: "payment_book:" + b.ID, Agency: agency, After: map[string]any{"serial": b.Serial, "active": active}})
	})
}

// WriteExemption keeps an exemption of the province: a new one without id. Refusals:
// payment.exemption_name, payment.exemption_percent, payment.exemption_days,
// payment.exemption_basis, payment.exemption_overlap, payment.changed_meanwhile.
func (s *Service) WriteExemption(ctx context.Context, e Exemption) (Exemption, error) {
	e.Code, e.Name, e.Basis = text.Clean(e.Code), text.Clean(e.Name), text.Clean(e.Basis)
	err := s.write(ctx, func(tx *db.Tx, a identity.Actor, now time.Time) error {
		if err := identity.Require(tx, a, RightSetup, "", now); err != nil {
			return err
		}
		list, err := exemptions(tx, "")
		if err != nil {
			return err
		}
		for _, old := range list { // the code stays: orders name it
			if old.ID == e.ID {
				e.Code = old.Code
			}
		}
		if e.Code == "" {
			e.Code = strings.ReplaceAll(text.Fold(e.Name), " ", "_")
		}
		if err := e.wellFormed(list); err != nil {
			return err
		}
		save := saveExemption
		if e.ID == "" {
			e.ID, e.Version, save = db.NewID(), 0, addExemption
		}
		if err := save(tx, e); err != nil {
			return err
		}
		e.Version++
		return s.Log.Record(tx, a.Who(), audit.Entry{Kind: "payment.exemption", Subject: "payment_exemption:" + e.ID,
			After: map[string]any{"code": e.Code, "percent": e.Percent, "basis": e.Basis, "from": e.FromDay, "to": e.ToDay, "verified": e.Verified}})
	})
	return e, err
}

func (e Exemption) wellFormed(others []Exemption) error {
	var l errs.List
	if e.Name == "" {
		l = append(l, errs.OnField("name", "payment.exemption_name"))
	}
	if e.Percent < 1 || e.Percent > 100 {
		l = append(l, errs.OnField("percent", "payment.exemption_percent"))
	}
	if e.Basis == "" {
		l = append(l, errs.OnField("basis", "payment.exemption_basis"))
	}
	from, err1 := clock.ParseDay(e.FromDay)
	to, err2 := clock.ParseDay(e.ToDay)
	if err1 != nil || err2 != nil || to.Before(from) {
		l = append(l, errs.OnField("to_day", "payment.exemption_days"))
	}
	for _, o := range others {
		if o.ID != e.ID && o.Code == e.Code && o.FromDay <= e.ToDay && e.FromDay <= o.ToDay {
			l = append(l, errs.OnField("from_day", "payment.exemption_overlap"))
			break
		}
	}
	return l.Err()
}

// Sync gives a province that has no exemption yet the shipped samples, marked as not
// checked. It runs at each start and does nothing afterwards.
func (s *Service) Sync(ctx context.Context) error {
	var shipped []Exemption
	if err := json.Unmarshal(exemptionsJSON, &shipped); err != nil {
		return err
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		list, err := exemptions(tx, "")
		if err != nil || len(list) > 0 {
			return err
		}
		for _, e := range shipped {
			e.ID, e.FromDay, e.ToDay = db.NewID(), "2017-01-01", "9999-12-31"
			if err := addExemption(tx, e); err != nil {
				return err
			}
		}
		return s.Log.Record(tx, audit.System("payment:sync"), audit.Entry{Kind: "payment.exemption", Subject: "payment_exemption:", After: map[string]any{"shipped": len(shipped)}})
	})
}

// Gateways lists the accounts and platforms whose lists the reader may compare.
func (s *Service) Gateways(ctx context.Context) (list []GatewaySetup, err error) {
	err = s.read(ctx, func(tx *db.Tx, a identity.Actor, now time.Time) error {
		all, err := listGateways(tx, Filter{}.scope(a, RightSettle, now))
		for _, k := range all {
			list = append(list, k.GatewaySetup)
		}
		return err
	})
	return list, err
}
