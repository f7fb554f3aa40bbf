package app

import (
	"testing"

	"cchc/internal/audit"
	"cchc/internal/db"
	"cchc/internal/dossier"
	"cchc/internal/interlink"
)

// TestInterlink_aMemberIsARealDossierAndItsEndEndsTheGroup: the group of the national
// decree with the catalogue's definition, room dossier's receipt, and the bus between.
func TestInterlink_aMemberIsARealDossierAndItsEndEndsTheGroup(t *testing.T) {
	t.Parallel()
	a := openDemo(t)
	clerk := actor(t, a, "motcua")
	c, err := a.rooms.interlink.Declare(clerk, interlink.Declaration{Group: "lt-karaoke-national", Code: "G12.99-1", Agency: "GL.X001", Competent: map[string]string{"karaoke-new": "GL.D08"},
		Applicant: interlink.Applicant{Kind: "citizen", Name: "Nguyễn Thị Mẫu", IDKind: "citizen_id", IDNumber: "052090000001"}})
	for _, key := range []string{"hkd-new", "antt"} {
		if err == nil {
			c, err = a.rooms.interlink.Note(clerk, c.ID, c.Version, key, true, "1/GCN", "")
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	member := c.Members[2]
	if member.State != interlink.MemberRunning || member.Dossier == "" || c.DueMs == 0 {
		t.Fatalf("%+v", c)
	}
	d, err := a.rooms.dossier.Get(clerk, member.Dossier)
	if err != nil || d.Procedure != "karaoke-new" || d.Owner.Name != "Nguyễn Thị Mẫu" {
		t.Fatalf("%+v %v", d.Dossier, err)
	}
	err = a.db.Write(t.Context(), func(tx *db.Tx) error {
		_, err := a.rooms.dossier.Do(tx, audit.System("test"), a.clock(), member.DossierID, dossier.Act{Move: "withdraw", Reason: "Đổi ý"})
		return err
	})
	if err == nil {
		err = a.bus.Drain(t.Context())
	}
	if err != nil {
		t.Fatal(err)
	}
	v, err := a.rooms.interlink.Open(clerk, c.ID)
	if err != nil || v.State != interlink.PartlyDone || v.Members[2].State != interlink.MemberRefused || v.Notice == nil {
		t.Errorf("%+v %v", v, err)
	}
}
