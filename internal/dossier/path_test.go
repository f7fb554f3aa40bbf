package dossier

import (
	"context"
	"testing"

	"cchc/internal/db"
	"cchc/internal/db/dbtest"
	"cchc/internal/indicator"
)

func TestMainPath_fromReceiptToReturn(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		x := h.receive("karaoke-new")
		if x.Code != "GL.X001-261014-0001" || x.State != Received || local(x.DueMs) != "2026-10-21 09:00" || x.OriginalDueMs != x.DueMs || x.Version != 1 {
			t.Fatalf("received %+v due %s", x, local(x.DueMs))
		}
		if x.Holder != h.id["GL.X001"] || x.Duty != RightReceive || local(x.OwedMs) != "2026-10-14 15:00" {
			t.Errorf("owed by %s %s at %s", x.Holder, x.Duty, local(x.OwedMs))
		}
		x = h.on("2026-10-14 10:00").move(h.counter, x, Act{Move: "hand_over"})
		if x.State != InProcess || x.Step != 2 || x.Holder != h.id["GL.D08"] || x.Duty != RightProcess || local(x.OwedMs) != "2026-10-15 15:00" {
			t.Errorf("handed over: %s step %d owed %s %s", x.State, x.Step, x.Duty, local(x.OwedMs))
		}
		x = h.move(h.handler, x, Act{Move: "take"})
		x = h.on("2026-10-15 10:00").move(h.handler, x, Act{Move: "advance"})
		x = h.on("2026-10-16 10:00").move(h.handler, x, Act{Move: "advance", Step: 3})
		if x.Step != 4 || x.Duty != RightSign {
			t.Errorf("before the signature: step %d, %s", x.Step, x.Duty)
		}
		h.refuse(h.leader, x, Act{Move: "advance"}, "dossier.last_step")
		h.refuse(h.handler, x, Act{Move: "approve", Result: ResultInput{Number: "1/GP"}}, "identity.right_missing")
		h.refuse(h.leader, x, Act{Move: "approve"}, "dossier.result_number_missing")
		x = h.on("2026-10-19 08:00").move(h.leader, x, Act{Move: "approve", Result: ResultInput{Number: "125/GP-SVHTTDL", Day: "2026-10-19"}})
		if x.State != Approved || x.Outcome != "approved" || local(x.FinishedMs) != "2026-10-19 08:00" {
			t.Errorf("approved: %+v", x)
		}
		x = h.move(h.handler, x, Act{Move: "hand_to_counter"})
		if x.Duty != RightReturn || x.Holder != h.id["GL.X001"] {
			t.Errorf("at the counter: %s %s", x.Duty, x.Holder)
		}
		x = h.move(h.counter, x, Act{Move: "return_result", TakenBy: "Nguyễn Văn An"})
		if x.State != Returned || x.Duty != "" || x.ReturnedMs == 0 || local(x.OriginalDueMs) != "2026-10-21 09:00" {
			t.Errorf("returned: %+v", x)
		}
		v, err := h.Get(h.counter, x.Code)
		h.must(err)
		if len(v.History) != 8 || len(v.Runs) != 5 || len(v.Papers) != 2 || len(v.Results) != 1 || v.Results[0].TakenBy != "Nguyễn Văn An" || v.CompetentName == "" || v.ReceivingCode != "GL.X001" {
			t.Errorf("view: %d entries, %d runs, %d papers, %+v", len(v.History), len(v.Runs), len(v.Papers), v.Results)
		}
		for code, want := range map[string]string{"dossier.received": "1", "dossier.taken_in": "1", "dossier.finished": "1", "dossier.on_time_rate": "100.0", "dossier.finished_late": "0", "dossier.open": "0"} {
			if got := h.figure(code, nil); got.Value != want {
				t.Errorf("%s = %q, want %s", code, got.Value, want)
			}
		}
		h.recounted()
	})
}

// recounted holds every counter to its records.
func (h *house) recounted() {
	h.t.Helper()
	r := indicator.NewRegistry()
	r.Add(Indicators()...)
	r.AddCounters(Counters()...)
	diff, err := indicator.Verify(context.Background(), h.d, r)
	h.must(err)
	for _, x := range diff {
		h.t.Error(x)
	}
}
