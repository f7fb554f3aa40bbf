package payment

import (
	"context"
	"net/url"
	"strconv"
	"testing"
	"time"

	"cchc/internal/audit"
	"cchc/internal/db"
	"cchc/internal/errs"
	"cchc/internal/identity"
	"cchc/internal/identity/identitytest"
	"cchc/internal/indicator"
	"cchc/internal/org"
)

// shop stands for the rooms of procedures and dossiers.
type shop struct {
	tariff   Tariff
	dossiers map[string]Dossier
}

func (s *shop) Tariff(_ *db.Tx, version, _, _ string) (Tariff, error) {
	if version != "v1" {
		return Tariff{}, errs.New(errs.NotFound, "procedure.version_unknown")
	}
	return s.tariff, nil
}

func (s *shop) ForPayment(_ *db.Tx, code string) (Dossier, error) {
	d, there := s.dossiers[code]
	if !there {
		return d, errs.New(errs.NotFound, "dossier.unknown")
	}
	return d, nil
}

// house is a ward that collects with two cashiers and their head, and another ward.
type house struct {
	*Service
	t                                              *testing.T
	d                                              *db.DB
	at                                             time.Time
	shop                                           *shop
	id                                             map[string]string
	cashier, second, head, admin, foreign, nothing context.Context
	account                                        map[string]string
}

func (h *house) clock() time.Time { return h.at }

func (h *house) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) refused(err error, code string) {
	h.t.Helper()
	if got := errs.CodeOf(err); got != code {
		h.t.Errorf("got %v, want %s", err, code)
	}
}

func newHouse(t *testing.T, d *db.DB) *house {
	t.Helper()
	h := &house{t: t, d: d, at: time.Date(2026, 10, 14, 2, 0, 0, 0, time.UTC), id: map[string]string{}, account: map[string]string{}}
	keys, err := audit.NewKeys()
	h.must(err)
	log := audit.New(keys, h.clock)
	people := identitytest.New(t, d, h.clock, Rights...)
	dir := org.NewDirectory(log, h.clock)
	for _, a := range []struct {
		code, name string
		kind       org.Kind
	}{{"U", "UBND tỉnh Mẫu", org.Province}, {"X", "UBND phường Mẫu", org.Commune}, {"Y", "UBND phường Khác", org.Commune}} {
		h.must(d.Write(context.Background(), func(tx *db.Tx) error {
			got, err := dir.Create(tx, audit.System("test"), org.New{Code: a.code, Name: a.name, Kind: a.kind, ParentID: h.id["U"], ValidFrom: org.First, ValidTo: org.Last})
			h.id[a.code] = got.ID
			return err
		}))
	}
	as := func(login, own, over string, rights ...string) context.Context {
		actor := people.Person(login, own, over, rights...)
		h.account[login] = actor.AccountID
		return identity.With(context.Background(), actor)
	}
	x, y := h.id["X"], h.id["Y"]
	h.cashier = as("cashier", x, x, RightView, RightCollect)
	h.second = as("second", x, x, RightView, RightCollect, RightRefund, RightSettle)
	h.head = as("head", x, x, RightView, RightRefund, RightSettle)
	h.admin = as("admin.fees", h.id["U"], "", RightSetup)
	h.foreign = as("foreign", y, y, RightView, RightCollect, RightRefund, RightSettle, RightSetup)
	h.nothing = as("nothing", x, "")
	h.shop = &shop{tariff: Tariff{Rules: []Rule{
		{Key: "1", Code: "licence", Name: "Phí thẩm định", Kind: Charge, Known: true, Amount: 4000000}, {Key: "2", Code: "paper", Name: "Lệ phí cấp giấy", Kind: Duty, Known: true, Amount: 200000}}}, dossiers: map[string]Dossier{}}
	for i, code := range []string{"X-261014-0001", "X-261014-0002", "X-261014-0003"} {
		h.shop.dossiers[code] = Dossier{ID: db.NewID(), Code: code, Procedure: "karaoke-new", Name: "Cấp giấy phép karaoke", Version: "v1", Day: "2026-10-14", Collector: x, Payer: []string{"Nguyễn Thị Hoa", "Trần Văn Bình", "Công ty Mẫu"}[i], Address: "12 Trần Phú"}
	}
	h.Service = &Service{DB: d, Clock: h.clock, Log: log, Fees: h.shop, Dossiers: h.shop, Key: make([]byte, 32), BaseURL: "https://cchc.example.vn"}
	h.must(h.Sync(context.Background()))
	return h
}

// book gives the ward a book of receipts.
func (h *house) withBook(from, to int64) *house {
	h.t.Helper()
	_, err := h.AddBook(h.admin, Book{Agency: h.id["X"], Form: "01BLP2-001", Serial: "AA-26E", FromNo: from, ToNo: to})
	h.must(err)
	return h
}

// charge asks one of the dossiers for its fees.
func (h *house) charge(n int) Order {
	h.t.Helper()
	o, err := h.Charge(h.cashier, Ask{Dossier: "X-261014-000" + string(rune('0'+n))})
	h.must(err)
	return o
}

const testSecret = "a secret of the gateway"

// gateway adds one of the ward or the province.
func (h *house) gateway(kind GatewayKind, agency string, way Way) GatewaySetup {
	h.t.Helper()
	g, err := h.WriteGateway(h.admin, GatewaySetup{Agency: h.id[agency], Kind: kind, Name: "Cổng mẫu", Way: way, BIN: "970415", AccountNo: "0011001932418", AccountName: "UBND PHUONG MAU",
		Merchant: "CCHC01", PayURL: "https://pay.example.vn/pay", Prefix: "vnp_", Active: true}, testSecret)
	h.must(err)
	return g
}

// now reads an order again.
func (h *house) now(o Order) View {
	h.t.Helper()
	v, err := h.Open(h.cashier, o.ID)
	h.must(err)
	return v
}

// take hands a call to the room and gives the answer as text.
func (h *house) take(g GatewaySetup, in Incoming) string {
	h.t.Helper()
	a, err := h.Take(context.Background(), g.ID, in)
	h.must(err)
	return string(a.Body)
}

// events lists what was announced of orders, oldest first.
func (h *house) events() (list []string) {
	h.t.Helper()
	h.must(h.d.Read(context.Background(), func(tx *db.Tx) (err error) {
		list, err = db.All(tx, db.Value[string], `SELECT body FROM event_outbox WHERE kind = 'payment.settled' ORDER BY id`)
		return err
	}))
	return list
}

// figure reads an indicator as the program itself.
func (h *house) figure(code string) indicator.Reading {
	h.t.Helper()
	var out indicator.Reading
	for _, i := range h.Indicators() {
		if i.Code == code {
			h.must(h.d.Read(context.Background(), func(tx *db.Tx) (err error) {
				out, err = i.Read(tx, indicator.Scope{Now: h.at}, indicator.Period{FromDay: "2026-10-01", ToDay: "2026-10-31", OnDay: "2026-10-31"})
				return err
			}))
		}
	}
	return out
}

// theirs speaks a payment platform's side of the protocol.
type theirs struct {
	g      GatewaySetup
	secret string
}

// result is the call about an order: done or not, signed with the platform's secret.
func (p theirs) result(o Order, number string, amount int64, code string) Incoming {
	q := url.Values{}
	for name, value := range map[string]string{"Amount": strconv.FormatInt(amount*100, 10), "BankCode": "NCB", "OrderInfo": "Thanh toan " + o.Ref, "PayDate": "20261014091500", "ResponseCode": code,
		"TmnCode": p.g.Merchant, "TransactionNo": number, "TransactionStatus": code, "TxnRef": o.Code} {
		q.Set(p.g.Prefix+name, value)
	}
	q.Set(p.g.Prefix+"SecureHash", platform{p.g, []byte(p.secret)}.sign(q.Encode()))
	return Incoming{Query: q, Header: func(string) string { return "" }}
}
