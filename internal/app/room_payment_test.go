package app

import (
	"strings"
	"testing"

	"cchc/internal/dossier"
	"cchc/internal/errs"
	"cchc/internal/payment"
)

// TestPayment_moneyForADossierReachesIt: the fee comes from the version under which the
// dossier was received, and what the cashier takes is known to the dossier.
func TestPayment_moneyForADossierReachesIt(t *testing.T) {
	t.Parallel()
	a := openDemo(t)
	clerk, cashier := actor(t, a, "motcua"), actor(t, a, "thuphi")
	d, err := a.rooms.dossier.Receive(clerk, dossier.Receipt{Procedure: "karaoke-new", Channel: dossier.Counter, Receiving: "GL.X001", Competent: "GL.D08",
		Applicant: dossier.Party{Kind: "citizen", Name: "Nguyễn Thị Mẫu", IDKind: "citizen_id", IDNumber: "052090000001"}, Content: "Cấp giấy phép"})
	if err != nil {
		t.Fatal(err)
	}
	q, err := a.rooms.payment.Quote(cashier, payment.Ask{Dossier: d.Code})
	if errs.CodeOf(err) != "payment.line_missing" || len(q.Parts) != 1 || len(q.Parts[0].Rules) != 6 || q.Dossier.Payer != "Nguyễn Thị Mẫu" {
		t.Fatalf("%+v %v", q, err)
	}
	o, err := a.rooms.payment.Charge(cashier, payment.Ask{Dossier: d.Code, Choice: payment.Choice{Keys: []string{"4"}}})
	if err != nil || o.Due != 2_000_000 || !strings.HasPrefix(o.Code, d.Code+"-") {
		t.Fatalf("%+v %v", o, err)
	}
	v, err := a.rooms.payment.Open(cashier, o.ID)
	if err != nil || v.QR == "" {
		t.Fatalf("no code to scan: %v", err)
	}
	if _, err = a.rooms.payment.Collect(cashier, o.ID, o.Version, payment.Taken{Way: payment.Cash}); err != nil {
		t.Fatal(err)
	}
	if err := a.bus.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	got, err := a.rooms.dossier.Get(clerk, d.Code)
	if err != nil || got.PaidMs == 0 || got.PaidOnline {
		t.Errorf("paid %d, online %v, %v", got.PaidMs, got.PaidOnline, err)
	}
}
