package dossier

import (
	"context"
	"testing"

	"cchc/internal/db"
	"cchc/internal/db/dbtest"
	"cchc/internal/indicator"
)

// form reads the cells of a month, and holds each cell's opening to its count.
func (h *house) form(s indicator.Scope, from, to string) map[string]int64 {
	h.t.Helper()
	out := map[string]int64{}
	s.Now = h.at
	p := indicator.Period{FromDay: from, ToDay: to, OnDay: to}
	h.must(h.d.Read(context.Background(), func(tx *db.Tx) error {
		list, err := Results(tx, s, p)
		for _, r := range list {
			out[r.Source] += r.N
			out[r.End] += r.N
		}
		if err != nil {
			return err
		}
		for _, i := range FormIndicators() {
			got, err := i.Read(tx, s, p)
			if err != nil {
				return err
			}
			records, err := i.Open(tx, s, p, "", 50)
			if err != nil {
				return err
			}
			if int64(len(records.Rows)) != got.Numerator || records.Total.N != got.Numerator {
				h.t.Errorf("%s reads %d, opens %d of %d", i.Code, got.Numerator, len(records.Rows), records.Total.N)
			}
			out[i.Code] = got.Numerator
			if got.Denominator > 0 {
				out[i.Code+"/"] = got.Denominator
			}
		}
		return nil
	}))
	return out
}

func TestForm_whatCameInIsSolvedOrInProcess(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		early := h.receive("karaoke-new") // due 21/10 09:00
		dayOf, late, waiting, open := h.receive("karaoke-new"), h.receive("karaoke-new"), h.receive("karaoke-new"), h.receive("karaoke-new")
		h.signed(early)
		waiting = h.move(h.counter, waiting, Act{Move: "hand_over"})
		h.move(h.handler, waiting, Act{Move: "ask_supplement", Until: "2026-11-10", Reason: "Thiếu giấy chứng nhận", Text: "Thiếu giấy chứng nhận"})
		h.on("2026-10-21 08:30").signed(dayOf)
		h.on("2026-10-22 08:30").signed(late)
		h.on("2026-11-03 08:00")
		october := h.form(indicator.Scope{}, "2026-10-01", "2026-10-31")
		for cell, want := range map[string]int64{"offline": 5, "online": 0, "carried": 0, "early": 1, "on_time": 2, "late": 1, "overdue": 1, "in_time": 0,
			"dossier.form_late": 1, "dossier.form_on_time": 2, "dossier.index_in_time_rate": 3, "dossier.index_in_time_rate/": 5} {
			if october[cell] != want {
				t.Errorf("October %s = %d, want %d: %v", cell, october[cell], want, october)
			}
		}
		h.signed(open)
		november := h.form(indicator.Scope{}, "2026-11-01", "2026-11-30")
		for cell, want := range map[string]int64{"carried": 2, "offline": 0, "late": 1, "on_time": 1, "early": 0} {
			if november[cell] != want {
				t.Errorf("November %s = %d, want %d: %v", cell, november[cell], want, november)
			}
		}
		if other := h.form(indicator.Scope{AgencyID: h.id["GL.D05"]}, "2026-10-01", "2026-10-31"); other["offline"] != 0 {
			t.Errorf("another agency counts %v", other)
		}
		if none := h.form(indicator.Scope{Right: RightView}, "2026-10-01", "2026-10-31"); none["offline"] != 0 {
			t.Errorf("nobody's reach counts %v", none)
		}
	})
}

func TestIndex_twoRequestsForPapersMakeADossierLate(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		once, twice := h.signed(h.receive("karaoke-new")), h.signed(h.receive("karaoke-new"))
		// Both were signed days before the promise; only the number of requests differs.
		h.must(d.Write(context.Background(), func(tx *db.Tx) error {
			if _, err := tx.Exec(`UPDATE dossier_dossier SET supplements = 1 WHERE id = $1`, once.ID); err != nil {
				return err
			}
			_, err := tx.Exec(`UPDATE dossier_dossier SET supplements = 2 WHERE id = $1`, twice.ID)
			return err
		}))
		got := h.form(indicator.Scope{}, "2026-10-01", "2026-10-31")
		for cell, want := range map[string]int64{"early": 2, "dossier.index_in_time_rate": 1, "dossier.index_in_time_rate/": 2, "dossier.asked_none": 0, "dossier.asked_once": 1, "dossier.asked_more": 1} {
			if got[cell] != want {
				t.Errorf("%s = %d, want %d", cell, got[cell], want)
			}
		}
	})
}
