package payment

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"cchc/internal/db"
	"cchc/internal/db/dbtest"
	"cchc/internal/indicator"
)

func TestCharge_asksOnceForWhatTheTableSays(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		o := h.charge(1)
		if o.Code != "X-261014-0001-20261014090000" || o.Due != 4200000 || sumOf(o.Lines, Charge) != 4000000 || sumOf(o.Lines, Duty) != 200000 || o.State != Unpaid {
			t.Errorf("%+v", o)
		}
		_, err := h.Charge(h.cashier, Ask{Dossier: "X-261014-0001"})
		h.refused(err, "payment.order_open")
		_, err = h.Cancel(h.cashier, o.ID, o.Version, " ")
		h.refused(err, "payment.reason_missing")
		_, err = h.Cancel(h.cashier, o.ID, o.Version, "Nhập nhầm trường hợp")
		h.must(err)
		if again := h.charge(1); again.Code != "X-261014-0001-20261014090001" {
			t.Errorf("a second order of the same second is %s", again.Code)
		}
	})
}

func TestCharge_refusalsChangeNothing(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		closed := h.shop.dossiers["X-261014-0002"]
		closed.Closed = true
		h.shop.dossiers["X-261014-0002"] = closed
		other := h.shop.dossiers["X-261014-0003"]
		other.Version = "unknown"
		h.shop.dossiers["X-261014-0003"] = other
		for _, c := range []struct {
			as   context.Context
			in   Ask
			code string
		}{
			{h.cashier, Ask{Dossier: "X-261014-9999"}, "payment.dossier_unknown"},
			{h.foreign, Ask{Dossier: "X-261014-0001"}, "payment.dossier_unknown"},
			{h.nothing, Ask{Dossier: "X-261014-0001"}, "payment.dossier_unknown"},
			{h.head, Ask{Dossier: "X-261014-0001"}, "identity.right_missing"},
			{context.Background(), Ask{Dossier: "X-261014-0001"}, "identity.sign_in_first"},
			{h.cashier, Ask{Dossier: "X-261014-0002"}, "payment.dossier_closed"},
			{h.cashier, Ask{Dossier: "X-261014-0003"}, "procedure.version_unknown"},
			{h.cashier, Ask{Dossier: "X-261014-0001", Exempt: "rich", Why: "x"}, "payment.exemption_unknown"},
			{h.cashier, Ask{Dossier: "X-261014-0001", Exempt: "poor"}, "payment.exemption_why"},
		} {
			_, err := h.Charge(c.as, c.in)
			h.refused(err, c.code)
		}
		if list, err := h.List(h.cashier, Filter{}, 0, "", 10); err != nil || len(list) != 0 {
			t.Errorf("%v %v", list, err)
		}
	})
}

func TestCharge_whatIsFreeIsSettledAtOnceAndNotCountedAsPaid(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		o, err := h.Charge(h.cashier, Ask{Dossier: "X-261014-0001", Exempt: "poor", Why: "Giấy chứng nhận hộ nghèo số 12"})
		h.must(err)
		if o.State != Paid || o.Due != 0 || o.Lines[0].Exempt != "poor" || o.Lines[0].Amount != 4000000 || o.Way.Mark() != 3 {
			t.Errorf("%+v", o)
		}
		if e := h.events(); len(e) != 1 || !strings.Contains(e[0], `"state":"paid"`) {
			t.Errorf("announced %v", e)
		}
		if r := h.figure("payment.paid"); r.Numerator != 0 {
			t.Errorf("counted %+v", r)
		}
	})
}

func TestCollect_takesTheMoneyOnceAndGivesAReceipt(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		o := h.charge(1)
		_, err := h.Collect(h.cashier, o.ID, o.Version, Taken{Way: Cash})
		h.refused(err, "payment.book_missing")
		if v := h.now(o); v.State != Unpaid || len(v.Movements) != 0 {
			t.Errorf("a refused payment left %+v", v)
		}
		h.withBook(1, 2)
		_, err = h.Collect(h.cashier, o.ID, o.Version, Taken{Way: OnlineProvince})
		h.refused(err, "payment.way_bad")
		_, err = h.Collect(h.cashier, o.ID, o.Version, Taken{Way: Transfer})
		h.refused(err, "payment.reference_missing")
		_, err = h.Collect(h.cashier, o.ID, o.Version+1, Taken{Way: Cash})
		h.refused(err, "payment.changed_meanwhile")
		_, err = h.Collect(h.foreign, o.ID, o.Version, Taken{Way: Cash})
		h.refused(err, "payment.unknown")
		_, err = h.Collect(h.head, o.ID, o.Version, Taken{Way: Cash})
		h.refused(err, "identity.right_missing")
		o, err = h.Collect(h.cashier, o.ID, o.Version, Taken{Way: Cash})
		h.must(err)
		v := h.now(o)
		r := v.valid()
		if v.State != Paid || v.PaidDay != "2026-10-14" || r.Number() != "0000001" || r.Charge != 4000000 || r.Duty != 200000 || r.Payer != "Nguyễn Thị Hoa" || v.QR != "" {
			t.Errorf("%+v", v)
		}
		_, err = h.Collect(h.cashier, o.ID, o.Version, Taken{Way: Cash})
		h.refused(err, "payment.wrong_state")
		_, err = h.Charge(h.cashier, Ask{Dossier: "X-261014-0001"})
		h.refused(err, "payment.fee_paid")
		if r := h.figure("payment.paid_online_rate"); r.Denominator != 1 || r.Numerator != 0 {
			t.Errorf("cash counted as %+v", r)
		}
	})
}

func TestReceipts_numbersOfABookHaveNoGapUnderConcurrency(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d).withBook(1, 12)
		var wait sync.WaitGroup
		for n := range 16 { // four more than the book holds
			code := "X-261014-1" + string(rune('a'+n))
			h.shop.dossiers[code] = Dossier{ID: db.NewID(), Code: code, Procedure: "karaoke-new", Version: "v1", Day: "2026-10-14", Collector: h.id["X"], Payer: "Người nộp"}
		}
		var mu sync.Mutex
		short := 0
		for n := range 16 {
			wait.Go(func() {
				o, err := h.Charge(h.cashier, Ask{Dossier: "X-261014-1" + string(rune('a'+n))})
				if err == nil {
					_, err = h.Collect(h.cashier, o.ID, o.Version, Taken{Way: Cash})
				}
				mu.Lock()
				defer mu.Unlock()
				if err != nil {
					short++
					h.refused(err, "payment.book_missing")
				}
			})
		}
		wait.Wait()
		var numbers []int64
		h.must(d.Read(t.Context(), func(tx *db.Tx) (err error) {
			numbers, err = db.All(tx, db.Value[int64], `SELECT no FROM payment_receipt ORDER BY no`)
			return err
		}))
		if short != 4 || !slices.Equal(numbers, []int64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}) {
			t.Errorf("%d refused, numbers %v", short, numbers)
		}
	})
}

func TestReissue_keepsTheCancelledNumberAndNamesTheNewReceipt(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d).withBook(7, 9)
		o := h.charge(1)
		o, err := h.Collect(h.cashier, o.ID, o.Version, Taken{Way: Cash})
		h.must(err)
		old := h.now(o).valid()
		_, err = h.Reissue(h.cashier, old.ID, old.Version, "Nguyễn Thị Hòa", "")
		h.refused(err, "payment.reason_missing")
		_, err = h.Reissue(h.foreign, old.ID, old.Version, "x", "y")
		h.refused(err, "payment.receipt_unknown")
		id, err := h.Reissue(h.cashier, old.ID, old.Version, "Nguyễn Thị Hòa", "Sai tên người nộp")
		h.must(err)
		fresh, err := h.Receipt(h.head, id)
		h.must(err)
		if fresh.No != 8 || fresh.Replaces != old.ID || fresh.Payer != "Nguyễn Thị Hòa" || fresh.Amount() != old.Amount() {
			t.Errorf("%+v", fresh)
		}
		_, err = h.Reissue(h.cashier, old.ID, old.Version+1, "x", "y")
		h.refused(err, "payment.receipt_cancelled")
		// After the day is closed the cashier's own hand is bound.
		_, err = h.Close(h.cashier, h.id["X"], 4200000, "")
		h.must(err)
		_, err = h.Reissue(h.cashier, fresh.ID, fresh.Version, "x", "y")
		h.refused(err, "payment.day_closed")
		_, err = h.Reissue(h.second, fresh.ID, fresh.Version, "Nguyễn Thị Hoa", "Sai lần nữa")
		h.must(err)
	})
}

func TestRefund_needsAnotherPersonAndEndsReceiptAndOrder(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d).withBook(1, 9)
		o := h.charge(1)
		o, err := h.Collect(h.second, o.ID, o.Version, Taken{Way: Cash})
		h.must(err)
		m := h.now(o).settling()
		back := Back{Way: Cash, Reason: "Hồ sơ bị từ chối"}
		h.refused(h.Refund(h.second, m.ID, m.Version, back), "payment.refund_self")
		h.refused(h.Refund(h.cashier, m.ID, m.Version, back), "identity.right_missing")
		h.refused(h.Refund(h.foreign, m.ID, m.Version, back), "payment.movement_unknown")
		h.refused(h.Refund(h.head, m.ID, m.Version, Back{Way: Cash}), "payment.reason_missing")
		h.refused(h.Refund(h.head, m.ID, m.Version, Back{Way: OnlineNational, Reason: "x"}), "payment.way_bad")
		h.must(h.Refund(h.head, m.ID, m.Version, back))
		h.refused(h.Refund(h.head, m.ID, m.Version+1, back), "payment.refund_done")
		v := h.now(o)
		if v.State != Refunded || v.valid().ID != "" || len(v.Movements) != 2 || v.Receipts[0].Reason != "Hồ sơ bị từ chối" {
			t.Errorf("%+v", v)
		}
		if e := h.events(); len(e) != 2 || !strings.Contains(e[1], `"state":"refunded"`) {
			t.Errorf("announced %v", e)
		}
		w, err := h.Desk(h.head, "")
		h.must(err)
		if w.ByWay[Cash] != 0 {
			t.Errorf("the day's cash is %d", w.ByWay[Cash])
		}
	})
}

func TestClose_countsTheDrawerAndIsConfirmedByAnother(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d).withBook(1, 9)
		for n := 1; n <= 2; n++ {
			o := h.charge(n)
			_, err := h.Collect(h.second, o.ID, o.Version, Taken{Way: Cash})
			h.must(err)
		}
		dr, err := h.Drawer(h.second, h.id["X"])
		h.must(err)
		if dr.Expected != 8400000 || dr.Receipts != 2 || dr.FirstNo != "0000001" || dr.LastNo != "0000002" {
			t.Errorf("%+v", dr)
		}
		_, err = h.Close(h.foreign, h.id["X"], 0, "")
		h.refused(err, "payment.agency_unknown")
		_, err = h.Close(h.second, h.id["X"], 8399000, "")
		h.refused(err, "payment.difference_why")
		_, err = h.Close(h.second, h.id["X"], -1, "x")
		h.refused(err, "payment.counted_bad")
		c, err := h.Close(h.second, h.id["X"], 8399000, "Trả thừa 1.000 đồng tiền lẻ")
		h.must(err)
		if c.Difference() != -1000 {
			t.Errorf("%+v", c)
		}
		_, err = h.Close(h.second, h.id["X"], 8400000, "")
		h.refused(err, "payment.day_closed")
		o := h.charge(3)
		_, err = h.Collect(h.second, o.ID, o.Version, Taken{Way: Cash})
		h.refused(err, "payment.day_closed")
		_, err = h.Confirm(h.second, c.ID, c.Version)
		h.refused(err, "payment.confirm_self")
		_, err = h.Confirm(h.cashier, c.ID, c.Version)
		h.refused(err, "identity.right_missing")
		_, err = h.Confirm(h.foreign, c.ID, c.Version)
		h.refused(err, "payment.closing_unknown")
		_, err = h.Confirm(h.head, c.ID, c.Version)
		h.must(err)
		_, err = h.Confirm(h.head, c.ID, c.Version)
		h.refused(err, "payment.confirmed")
		h.at = h.at.Add(24 * time.Hour)
		_, err = h.Collect(h.second, o.ID, o.Version, Taken{Way: Cash})
		h.must(err)
	})
}

func TestIndicators_openTheOrdersTheyCountedAndRecountTheSame(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d).withBook(1, 9)
		g := h.gateway(Platform, "X", OnlineProvince)
		cash, online := h.charge(1), h.charge(2)
		_, err := h.Collect(h.cashier, cash.ID, cash.Version, Taken{Way: Cash})
		h.must(err)
		h.take(g, theirs{g, testSecret}.result(online, "14226112", online.Due, "00"))
		if r := h.figure("payment.paid_online_rate"); r.Numerator != 1 || r.Denominator != 2 || r.Value != "50.00" {
			t.Errorf("%+v", r)
		}
		reg := indicator.NewRegistry()
		reg.Add(h.Indicators()...)
		reg.AddCounters(h.Counters()...)
		if diff, err := indicator.Verify(t.Context(), d, reg); err != nil || len(diff) > 0 {
			t.Errorf("%v %v", diff, err)
		}
		i, _ := reg.Get("payment.paid_online_rate")
		for account, want := range map[string]int{"head": 1, "foreign": 0} {
			h.must(d.Read(t.Context(), func(tx *db.Tx) error {
				rec, err := i.Open(tx, indicator.Scope{Account: h.account[account], Right: RightView, Now: h.at}, indicator.Period{FromDay: "2026-10-14", ToDay: "2026-10-14"}, "", 10)
				if len(rec.Rows) != want || want == 1 && rec.Rows[0].Code != online.Code {
					t.Errorf("%s opens %+v", account, rec)
				}
				return err
			}))
		}
	})
}

func TestAudit_namesNoPayer(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d).withBook(1, 9)
		o := h.charge(1)
		_, err := h.Collect(h.cashier, o.ID, o.Version, Taken{Way: Cash})
		h.must(err)
		h.must(d.Read(t.Context(), func(tx *db.Tx) error {
			rows, err := h.Log.History(tx, "payment_order:"+o.ID, 10)
			if len(rows) != 2 {
				t.Errorf("%d entries", len(rows))
			}
			for _, r := range rows {
				if strings.Contains(r.Before+r.After, "Hoa") {
					t.Errorf("an entry names the payer: %s", r.After)
				}
			}
			return err
		}))
	})
}
