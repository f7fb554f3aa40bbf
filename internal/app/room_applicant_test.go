package app

import (
	"strings"
	"testing"

	"cchc/internal/applicant"
	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/dossier"
	"cchc/internal/org"
)

// TestApplicant_sendsSuppliesAndIsTold: a dossier sent from a citizen's page is received at
// the counter, its owner hears of it, and papers that are asked for reach it.
func TestApplicant_sendsSuppliesAndIsTold(t *testing.T) {
	t.Parallel()
	a := openDemo(t)
	me, clerk := actor(t, a, "congdan"), actor(t, a, "motcua")
	var ward org.Agency
	if err := a.db.Read(t.Context(), func(tx *db.Tx) (err error) {
		ward, _, err = org.FindByCode(tx, "GL.X001", clock.Day(a.clock()))
		return err
	}); err != nil {
		t.Fatal(err)
	}
	s := a.rooms.applicant
	d, err := s.Begin(me, "hkd-new", "", ward.ID)
	if err != nil {
		t.Fatal(err)
	}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(s.WriteParty(me, d.ID, 1, applicant.Draft{Party: "Nguyễn Thị Mẫu", IDNumber: "052090000001", Phone: "0905123456"}))
	o, err := s.Open(me, d.ID)
	must(err)
	version := int64(2)
	for _, p := range o.Lacking {
		must(s.AddFile(me, d.ID, version, p.Code, strings.NewReader("Giấy tờ mẫu: "+p.Name), "giay-to.txt"))
		version++
	}
	code, err := s.Send(me, d.ID, version)
	must(err)
	v, err := a.rooms.dossier.Get(clerk, code)
	if err != nil || v.State != dossier.Submitted || v.Channel != dossier.Online || v.Owner.Name != "Nguyễn Thị Mẫu" {
		t.Fatalf("%+v %v", v.Dossier, err)
	}
	_, err = a.rooms.dossier.Move(clerk, code, dossier.Act{Move: "ask_supplement_before_receipt", Version: v.Version, Reason: "Thiếu bản sao hợp đồng thuê nhà", Until: "2026-10-30"})
	must(err)
	must(a.bus.Drain(t.Context()))
	c, err := s.Case(me, code)
	if err != nil || !c.Supplies() || c.Asked != "Thiếu bản sao hợp đồng thuê nhà" {
		t.Fatalf("%+v %v", c, err)
	}
	var told int64
	must(a.db.Read(t.Context(), func(tx *db.Tx) error {
		return tx.QueryRow(`SELECT COUNT(*) FROM notice_message WHERE kind = 'applicant.ask_supplement_before_receipt'`).Scan(&told)
	}))
	if told != 1 {
		t.Errorf("told %d times", told)
	}
	answer, err := s.Answer(me, code)
	must(err)
	must(s.AddFile(me, answer.ID, 1, "", strings.NewReader("Hợp đồng thuê nhà"), "hop-dong.txt"))
	_, err = s.Send(me, answer.ID, 2)
	must(err)
	if v, err = a.rooms.dossier.Get(clerk, code); err != nil || v.State != dossier.Submitted || len(v.Papers) != len(o.Lacking)+1 {
		t.Errorf("%+v %v", v.Papers, err)
	}
}
