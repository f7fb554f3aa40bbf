package payment

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"cchc/internal/db"
	"cchc/internal/db/dbtest"
)

func TestPlatform_theReturnedParametersOfAPublishedExampleAreRead(t *testing.T) {
	t.Parallel()
	p := theirs{GatewaySetup{Prefix: "vnp_", Merchant: "CTTVNP01"}, testSecret}
	in := p.result(Order{Code: "166117"}, "14226112", 10000, "00")
	n, err := platform{p.g, []byte(testSecret)}.Read(in)
	if err != nil || !n.Success || n.Code != "166117" || n.Amount != 10000 || n.Reference != "14226112" || n.At.Format(time.RFC3339) != "2026-10-14T09:15:00+07:00" {
		t.Errorf("%+v %v", n, err)
	}
	in.Query.Set("other", "parameters outside the prefix are not signed")
	if _, err := (platform{p.g, []byte(testSecret)}).Read(in); err != nil {
		t.Error(err)
	}
	for name := range in.Query {
		if strings.HasPrefix(name, "vnp_") && name != "vnp_SecureHash" {
			was := in.Query.Get(name)
			in.Query.Set(name, was+"0")
			if _, err := (platform{p.g, []byte(testSecret)}).Read(in); err == nil {
				t.Errorf("%s could be changed", name)
			}
			in.Query.Set(name, was)
		}
	}
	if _, err := (platform{p.g, nil}).Read(p.result(Order{Code: "1"}, "1", 1, "00")); err == nil {
		t.Error("a gateway without a secret believes nobody")
	}
}

func TestPlatform_theAddressIsSignedOverItsSortedParameters(t *testing.T) {
	t.Parallel()
	g := platform{GatewaySetup{Prefix: "vnp_", Merchant: "CTTVNP01", PayURL: "https://pay.example.vn/pay"}, []byte(testSecret)}
	got, ok := g.Redirect(Order{Code: "X-1", Ref: "PL123", Due: 4200000}, "https://cchc.example.vn/pay/t", "127.0.0.1", time.Date(2026, 10, 14, 2, 0, 0, 0, time.UTC))
	u, err := url.Parse(got)
	if err != nil || !ok {
		t.Fatal(got, err)
	}
	before, sign, _ := strings.Cut(u.RawQuery, "&vnp_SecureHash=")
	if q := u.Query(); g.sign(before) != sign || q.Get("vnp_Amount") != "420000000" || q.Get("vnp_CreateDate") != "20261014090000" || q.Get("vnp_ExpireDate") != "20261014091500" || q.Get("vnp_CurrCode") != "VND" {
		t.Error(got)
	}
	if _, ok := (platform{GatewaySetup{PayURL: "https://pay.example.vn"}, nil}).Redirect(Order{}, "", "", time.Time{}); ok {
		t.Error("no secret, no address")
	}
}

func TestTake_whateverThePlatformRepeatsOrMixesUpLeavesTheSameBooks(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d).withBook(1, 9)
		g := h.gateway(Platform, "U", OnlineProvince) // the province's platform pays the ward's orders
		p := theirs{g, testSecret}
		o := h.charge(1)
		h.must(h.Start(context.Background(), o.Token, g.ID))
		expect := func(what, code string, in Incoming) {
			t.Helper()
			if got := h.take(g, in); !strings.Contains(got, `"RspCode":"`+code+`"`) {
				t.Errorf("%s: %s, want %s", what, got, code)
			}
		}
		expect("a forged call", "97", theirs{g, "another secret entirely"}.result(o, "1", o.Due, "00"))
		expect("a refused card", "00", p.result(o, "0", o.Due, "24"))
		if v := h.now(o); v.State != Unpaid {
			t.Errorf("after a refusal the order is %s", v.State)
		}
		expect("an order that is not ours", "01", p.result(Order{Code: "Z-1"}, "2", o.Due, "00"))
		expect("the same again", "01", p.result(Order{Code: "Z-1"}, "2", o.Due, "00"))
		expect("another amount", "04", p.result(o, "3", o.Due-1000, "00"))
		expect("the payment", "00", p.result(o, "4", o.Due, "00"))
		expect("the payment, repeated", "02", p.result(o, "4", o.Due, "00"))
		expect("a late refusal of another try", "00", p.result(o, "5", o.Due, "24"))
		expect("a second payment", "02", p.result(o, "6", o.Due, "00"))
		v := h.now(o)
		if v.State != Paid || v.Way != OnlineProvince || v.Way.Mark() != 2 || len(v.Movements) != 3 || v.valid().Number() != "0000001" || v.GatewayID != g.ID {
			t.Errorf("%+v", v)
		}
		if e := h.events(); len(e) != 1 || !strings.Contains(e[0], `"online":true`) {
			t.Errorf("announced %v", e)
		}
		open, err := h.Differences(h.head, "", 10)
		h.must(err)
		var standings []Standing
		for _, m := range open {
			standings = append(standings, m.Standing)
		}
		// What fits no order waits at the province, whose gateway it is.
		if len(open) != 2 || standings[0] != MoveWrong || standings[1] != MoveSurplus {
			t.Errorf("to be settled: %v", standings)
		}
		h.must(h.Refund(h.head, open[1].ID, open[1].Version, Back{Way: OnlineProvince, Reason: "Nộp trùng", Reference: "R1"}))
		if v := h.now(o); v.State != Paid {
			t.Errorf("paying the surplus back left the order %s", v.State)
		}
	})
}

func TestTake_oneCallManyTimesAtOnceSettlesOnce(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d).withBook(1, 9)
		g := h.gateway(Platform, "X", OnlineNational)
		o := h.charge(1)
		in := theirs{g, testSecret}.result(o, "77", o.Due, "00")
		var wait sync.WaitGroup
		answers := make([]string, 8)
		for i := range answers {
			wait.Go(func() {
				a, err := h.Take(context.Background(), g.ID, in)
				if err != nil {
					t.Error(err)
				}
				answers[i] = string(a.Body)
			})
		}
		wait.Wait()
		if all := strings.Join(answers, ""); strings.Count(all, `"00"`) != 1 || strings.Count(all, `"02"`) != 7 {
			t.Error(answers)
		}
		if v := h.now(o); v.State != Paid || len(v.Movements) != 1 || len(v.Receipts) != 1 || v.Way.Mark() != 1 {
			t.Errorf("%+v", v)
		}
	})
}

// told is a bank's notice of a transfer, signed.
func told(secret string, body map[string]any) Incoming {
	raw, _ := json.Marshal(body)
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(raw)
	return Incoming{Body: raw, Query: url.Values{}, Header: func(name string) string {
		if name == "X-Signature" {
			return "sha256=" + hex.EncodeToString(mac.Sum(nil))
		}
		return ""
	}}
}

func TestTake_aTransferIsFoundByItsReferenceOrMatchedByHand(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		g := h.gateway(BankNotice, "X", Transfer)
		first, second := h.charge(1), h.charge(2)
		if v := h.now(first); !strings.Contains(v.QR, first.Ref) || !strings.Contains(v.QR, "54074200000") {
			t.Errorf("the code to scan is %s", v.QR)
		}
		said := func(id, content string, amount int64) Incoming {
			return told(testSecret, map[string]any{"id": id, "account": "0011001932418", "direction": "in", "amount": amount, "content": content, "at": "2026-10-14T08:59:00+07:00"})
		}
		if got := h.take(g, told("not the secret at all", map[string]any{"id": "1"})); !strings.Contains(got, "bad_signature") {
			t.Error(got)
		}
		for _, bad := range []map[string]any{{"id": "1", "account": "9", "direction": "in", "amount": 5}, {"id": "", "account": "0011001932418", "direction": "in", "amount": 5},
			{"id": "1", "account": "0011001932418", "direction": "out", "amount": 5}, {"id": "1", "account": "0011001932418", "direction": "in", "amount": -5}} {
			if got := h.take(g, told(testSecret, bad)); !strings.Contains(got, "unreadable") {
				t.Errorf("%v: %s", bad, got)
			}
		}
		for _, want := range []string{"settled", "known"} {
			if got := h.take(g, said("FT1", "MBVCB 0123 "+strings.ToLower(first.Ref)+" nop phi", first.Due)); !strings.Contains(got, want) {
				t.Errorf("%s, want %s", got, want)
			}
		}
		v := h.now(first)
		if v.State != Paid || v.Way.Mark() != 3 || v.settling().Day != "2026-10-14" || !v.Can["receipt"] {
			t.Errorf("%+v", v)
		}
		// Paid without a book: a cashier gives the receipt afterwards, once.
		_, err := h.GiveReceipt(h.cashier, first.ID, v.Version)
		h.refused(err, "payment.book_missing")
		h.withBook(1, 9)
		paid, err := h.GiveReceipt(h.cashier, first.ID, v.Version)
		h.must(err)
		_, err = h.GiveReceipt(h.cashier, first.ID, paid.Version)
		h.refused(err, "payment.receipt_there")
		// A transfer without a reference waits for a person.
		if got := h.take(g, said("FT2", "nop tien", second.Due)); !strings.Contains(got, "no_order") {
			t.Error(got)
		}
		open, err := h.Differences(h.head, "", 10)
		h.must(err)
		m := open[0]
		h.refused(h.Match(h.cashier, m.ID, m.Version, second.Code), "identity.right_missing")
		h.refused(h.Match(h.foreign, m.ID, m.Version, second.Code), "payment.movement_unknown")
		h.refused(h.Match(h.head, m.ID, m.Version, "X-0"), "payment.unknown")
		h.refused(h.Match(h.head, m.ID, m.Version, first.Code), "payment.wrong_state")
		h.must(h.Match(h.head, m.ID, m.Version, second.Code))
		h.refused(h.Match(h.head, m.ID, m.Version+1, second.Code), "payment.match_done")
		if v := h.now(second); v.State != Paid || v.valid().ID == "" {
			t.Errorf("%+v", v)
		}
	})
}

func TestTake_aGatewayOfAnotherAgencyPaysNothingOfOurs(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		g := h.gateway(Platform, "Y", OnlineProvince)
		o := h.charge(1)
		if got := h.take(g, theirs{g, testSecret}.result(o, "1", o.Due, "00")); !strings.Contains(got, `"01"`) {
			t.Error(got)
		}
		g.Active = false
		_, err := h.WriteGateway(h.admin, g, "")
		h.must(err)
		_, err = h.Take(context.Background(), g.ID, Incoming{})
		h.refused(err, "payment.gateway_unknown")
		if v := h.now(o); v.State != Unpaid {
			t.Error(v.State)
		}
	})
}

func TestPayPage_showsNoNameAndLeadsToThePlatformOnlyAfterTheStart(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		g := h.gateway(Platform, "U", OnlineProvince)
		o := h.charge(1)
		p, err := h.PayPage(context.Background(), o.Token, "127.0.0.1")
		h.must(err)
		if p.Payer != "" || p.Address != "" || len(p.Pay) != 1 || len(p.Link) != 0 {
			t.Errorf("%+v", p)
		}
		h.refused(h.Start(context.Background(), o.Token, "other"), "payment.gateway_unknown")
		h.refused(h.Start(context.Background(), "guess", g.ID), "payment.unknown")
		h.must(h.Start(context.Background(), o.Token, g.ID))
		if p, err = h.PayPage(context.Background(), o.Token, "127.0.0.1"); err != nil || !strings.HasPrefix(p.Link[g.ID], "https://pay.example.vn/pay?vnp_Amount=420000000") {
			t.Errorf("%+v %v", p.Link, err)
		}
		_, err = h.PayPage(context.Background(), "guess", "")
		h.refused(err, "payment.unknown")
		_, err = h.PayPage(context.Background(), "", "")
		h.refused(err, "payment.unknown")
	})
}

func TestReconcile_putsTheirListBesideOursAndKeepsTheReasons(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		g := h.gateway(Platform, "X", OnlineProvince)
		o := h.charge(1)
		h.take(g, theirs{g, testSecret}.result(o, "4", o.Due, "00"))
		list := []TheirLine{{Reference: "4", Amount: o.Due}, {Reference: "8", Amount: 50000, Note: "X-261014-0002"}}
		_, err := h.Reconcile(h.cashier, g.ID, "2026-10-14", list)
		h.refused(err, "identity.right_missing")
		_, err = h.Reconcile(h.foreign, g.ID, "2026-10-14", list)
		h.refused(err, "payment.gateway_unknown")
		_, err = h.Reconcile(h.head, g.ID, "2026-10-15", list)
		h.refused(err, "payment.statement_day")
		_, err = h.Reconcile(h.head, g.ID, "2026-10-13", nil)
		h.refused(err, "payment.statement_empty")
		id, err := h.Reconcile(h.head, g.ID, "2026-10-14", list)
		h.must(err)
		st, lines, may, err := h.Statement(h.head, id)
		h.must(err)
		if st.Counts[Same] != 1 || st.Counts[MissingHere] != 1 || st.Unexplained != 1 || lines[0].Reference != "8" || !may {
			t.Errorf("%+v %+v", st, lines)
		}
		h.refused(h.Explain(h.head, id, lines[0].ID, lines[0].Version, " "), "payment.reason_missing")
		h.refused(h.Explain(h.foreign, id, lines[0].ID, lines[0].Version, "x"), "payment.statement_unknown")
		h.must(h.Explain(h.head, id, lines[0].ID, lines[0].Version, "Cổng báo chậm, đã gửi lại"))
		again, err := h.Reconcile(h.head, g.ID, "2026-10-14", list[1:])
		h.must(err)
		st, lines, _, err = h.Statement(h.head, again)
		h.must(err)
		if again != id || st.Counts[MissingThere] != 1 || st.Unexplained != 1 || lines[0].Why != "Cổng báo chậm, đã gửi lại" {
			t.Errorf("%+v %+v", st, lines)
		}
	})
}

func TestSetup_isRefusedWithASentenceAndNeverShowsASecret(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		good := GatewaySetup{Agency: h.id["X"], Kind: BankNotice, Name: "Tài khoản", Way: Transfer, BIN: "970415", AccountNo: "0011 0019 32418", AccountName: "UBND", Active: true}
		for code, change := range map[string]func(*GatewaySetup){
			"payment.gateway_name": func(g *GatewaySetup) { g.Name = "" }, "payment.gateway_kind": func(g *GatewaySetup) { g.Kind = "x" }, "payment.way_bad": func(g *GatewaySetup) { g.Way = Cash },
			"payment.bin_bad": func(g *GatewaySetup) { g.BIN = "12" }, "payment.account_bad": func(g *GatewaySetup) { g.AccountNo = "" }, "payment.account_name": func(g *GatewaySetup) { g.AccountName = "" },
			"payment.merchant":       func(g *GatewaySetup) { g.Kind, g.PayURL, g.HasSecret = Platform, "https://a.vn/b", true },
			"payment.pay_url":        func(g *GatewaySetup) { g.Kind, g.Merchant, g.PayURL, g.HasSecret = Platform, "m", "http://a.vn", true },
			"payment.secret_missing": func(g *GatewaySetup) { g.Kind, g.Merchant, g.PayURL = Platform, "m", "https://a.vn" },
			"payment.agency_unknown": func(g *GatewaySetup) { g.Agency = "no" },
		} {
			g := good
			change(&g)
			_, err := h.WriteGateway(h.admin, g, "")
			h.refused(err, code)
		}
		_, err := h.WriteGateway(h.admin, good, "short")
		h.refused(err, "payment.secret_short")
		_, err = h.WriteGateway(h.foreign, good, "")
		h.refused(err, "payment.agency_unknown")
		g, err := h.WriteGateway(h.admin, good, testSecret)
		h.must(err)
		if g.AccountNo != "0011001932418" || !g.HasSecret {
			t.Errorf("%+v", g)
		}
		g.Name = "Tên mới"
		_, err = h.WriteGateway(h.admin, g, "")
		h.must(err)
		_, err = h.WriteGateway(h.admin, g, "")
		h.refused(err, "payment.changed_meanwhile")
		if got := h.take(g, told(testSecret, map[string]any{})); !strings.Contains(got, "unreadable") {
			t.Errorf("the secret was lost: %s", got)
		}
		for code, b := range map[string]Book{
			"payment.book_form": {Serial: "A", FromNo: 1, ToNo: 2}, "payment.book_serial": {Form: "F", FromNo: 1, ToNo: 2}, "payment.book_range": {Form: "F", Serial: "A", FromNo: 2, ToNo: 1},
		} {
			b.Agency = h.id["X"]
			_, err := h.AddBook(h.admin, b)
			h.refused(err, code)
		}
		b, err := h.AddBook(h.admin, Book{Agency: h.id["X"], Form: "F", Serial: "A", FromNo: 1, ToNo: 50})
		h.must(err)
		_, err = h.AddBook(h.admin, Book{Agency: h.id["X"], Form: "F", Serial: "A", FromNo: 50, ToNo: 60})
		h.refused(err, "payment.book_overlap")
		h.refused(h.SwitchBook(h.foreign, h.id["X"], b.ID, 1, false), "payment.book_unknown")
		h.must(h.SwitchBook(h.admin, h.id["X"], b.ID, 1, false))
		e := Exemption{Name: "Người cao tuổi vùng cao", Percent: 50, Basis: "Nghị quyết mẫu", FromDay: "2026-01-01", ToDay: "2026-12-31", Verified: true}
		_, err = h.WriteExemption(h.foreign, e)
		h.refused(err, "identity.right_missing")
		for code, change := range map[string]func(*Exemption){
			"payment.exemption_name": func(e *Exemption) { e.Name = "" }, "payment.exemption_percent": func(e *Exemption) { e.Percent = 101 }, "payment.exemption_basis": func(e *Exemption) { e.Basis = "" },
			"payment.exemption_days": func(e *Exemption) { e.ToDay = "2025-01-01" }, "payment.exemption_overlap": func(e *Exemption) { e.Code = "poor" },
		} {
			wrong := e
			change(&wrong)
			_, err := h.WriteExemption(h.admin, wrong)
			h.refused(err, code)
		}
		e, err = h.WriteExemption(h.admin, e)
		h.must(err)
		o, err := h.Charge(h.cashier, Ask{Dossier: "X-261014-0001", Exempt: e.Code, Why: "CCCD"})
		h.must(err)
		if o.Due != 2100000 {
			t.Errorf("half of the fees is %d", o.Due)
		}
	})
}
