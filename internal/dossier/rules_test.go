package dossier

import (
	"context"
	"slices"
	"strings"
	"testing"

	"cchc/internal/audit"
	"cchc/internal/db"
	"cchc/internal/db/dbtest"
	"cchc/internal/errs"
	"cchc/internal/org"
)

// TestMoves_everyPairOfStateAndMove: what the table names happens, all else is refused,
// with a move that there is as a conflict and one that there is not as invalid.
func TestMoves_everyPairOfStateAndMove(t *testing.T) {
	t.Parallel()
	want := map[State]string{
		Draft:              "submit",
		Submitted:          "receive refuse ask_supplement_before_receipt withdraw transfer note digitise payment",
		AskedBeforeReceipt: "refuse supply withdraw transfer note digitise payment",
		Received:           "hand_over withdraw stop apologise transfer recount take note digitise payment",
		InProcess:          "advance send_back recall coordinate ask_supplement ask_payment approve reject withdraw stop apologise transfer recount take note digitise payment",
		Coordinating:       "coordinate give_opinion withdraw stop apologise transfer recount note digitise payment",
		SupplementWait:     "supply close_no_supplement withdraw stop apologise transfer recount note digitise payment",
		FinanceWait:        "pay withdraw stop apologise transfer recount note digitise payment",
		Approved:           "ask_payment hand_to_counter note payment",
		RejectedResult:     "hand_to_counter return_result note payment",
		HandedToCounter:    "return_result note payment",
		Returned:           "correct note payment",
		ClosedNoSupplement: "", Refused: "", Withdrawn: "", Stopped: "",
	}
	if len(want) != len(Moves.States()) {
		t.Errorf("%d states, %d in the table", len(want), len(Moves.States()))
	}
	for state, moves := range want {
		for _, move := range MoveNames() {
			_, err := next(state, move, "")
			if allowed := slices.Contains(strings.Fields(moves), move); allowed != (err == nil) {
				t.Errorf("%s in %s: %v", move, state, err)
			} else if err != nil && errs.KindOf(err) != errs.Conflict {
				t.Errorf("%s in %s: %v", move, state, err)
			}
		}
		if _, err := next(state, "fly", ""); errs.CodeOf(err) != "dossier.move_unknown" {
			t.Errorf("a move that there is not: %v", err)
		}
		if state.Open() == (moves == "" || state == Returned) {
			t.Errorf("%s open: %v", state, state.Open())
		}
	}
}

func TestWorkedExamples_throughReceipt(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		h.on("2026-11-24 09:00")
		for _, c := range []struct{ procedure, at, due string }{
			{"karaoke-new", "2026-08-28 15:00", "2026-09-09 15:00"}, // A: 31/8, 1/9 and 2/9 are off
			{"side", "2026-08-20 09:00", "2026-08-24 09:00"},        // B: Saturday 22/8 is worked
			{"group", "2026-11-18 17:30", "2026-11-26 08:00"},       // NĐ 297/2025: from 8:00 of the next working day
			{"group", "2026-11-18 16:59", "2026-11-25 16:59"},
			{"group", "2026-11-15 09:00", "2026-11-23 08:00"}, // a Sunday
		} {
			r := receipt(c.procedure)
			at := (&house{t: t}).on(c.at).at
			r.At = at
			x, err := h.Receive(h.counter, r)
			h.must(err)
			if local(x.DueMs) != c.due || local(x.ReceivedMs) != c.at || !strings.Contains(x.Code, strings.ReplaceAll(c.at[2:10], "-", "")) {
				t.Errorf("%s at %s: due %s, want %s (%s)", c.procedure, c.at, local(x.DueMs), c.due, x.Code)
			}
		}
		r := receipt("karaoke-new") // D: online on Friday after hours, answered within 8 working hours
		r.Channel, r.At = Online, (&house{t: t}).on("2026-11-20 17:30").at
		x, err := h.Receive(h.counter, r)
		h.must(err)
		if x.State != Submitted || local(x.ReceptionDueMs) != "2026-11-23 17:00" || x.DueMs != 0 || x.OwedMs != x.ReceptionDueMs {
			t.Errorf("online: %s, answer due %s", x.State, local(x.ReceptionDueMs))
		}
		h.on("2026-11-20 15:00") // F: a step of half a day
		r = receipt("karaoke-new")
		y, err := h.Receive(h.counter, r)
		h.must(err)
		if local(y.OwedMs) != "2026-11-23 09:00" {
			t.Errorf("the counter's step is due %s", local(y.OwedMs))
		}
	})
}

func TestOnline_isAnsweredInTimeOrLateApartFromTheWork(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		online := receipt("karaoke-new")
		online.Channel = Online
		send := func() Dossier {
			x, err := h.on("2026-10-14 09:00").Receive(h.counter, online)
			h.must(err)
			return x
		}
		good, slow, asked, refused := send(), send(), send(), send()
		good = h.on("2026-10-15 09:00").move(h.counter, good, Act{Move: "receive"})
		if good.State != Received || local(good.DueMs) != "2026-10-22 09:00" || good.OriginalDueMs != good.DueMs || good.Step != 1 {
			t.Errorf("received online: %s due %s", good.State, local(good.DueMs))
		}
		if slow = h.on("2026-10-15 09:01").move(h.counter, slow, Act{Move: "receive"}); slow.State != Received {
			t.Errorf("received a minute after the answer was due: %s", slow.State)
		}
		h.refuse(h.counter, asked, Act{Move: "ask_supplement_before_receipt"}, "dossier.reason_missing")
		asked = h.on("2026-10-14 10:00").move(h.counter, asked, Act{Move: "ask_supplement_before_receipt", Reason: "Thiếu đơn"})
		if asked.State != AskedBeforeReceipt || asked.DueMs != 0 || asked.Duty != "" {
			t.Errorf("asked before receipt: %+v", asked)
		}
		asked = h.on("2026-10-16 08:00").move(h.counter, asked, Act{Move: "supply", Papers: []PaperInput{{Component: "form", Originals: 1}}})
		if asked.State != Submitted || local(asked.ReceptionDueMs) != "2026-10-19 08:00" {
			t.Errorf("supplied: %s answer due %s", asked.State, local(asked.ReceptionDueMs))
		}
		asked = h.on("2026-10-20 08:00").move(h.counter, asked, Act{Move: "receive"}) // the first answer counted, on time
		refused = h.on("2026-10-14 11:00").move(h.counter, refused, Act{Move: "refuse", Reason: "Không thuộc thẩm quyền"})
		if refused.State != Refused || refused.Outcome != "refused" {
			t.Errorf("refused: %+v", refused)
		}
		if got := h.on("2026-10-20 09:00").figure("dossier.reception_on_time_rate", nil); got.Numerator != 3 || got.Denominator != 4 {
			t.Errorf("reception: %d of %d", got.Numerator, got.Denominator)
		}
		if got := h.figure("dossier.online_rate", nil); got.Numerator != 3 || got.Denominator != 3 {
			t.Errorf("online: %d of %d (what was refused was never received)", got.Numerator, got.Denominator)
		}
		if got := h.figure("dossier.finished", nil); got.Value != "0" {
			t.Errorf("a refusal before receipt is no finished work: %s", got.Value)
		}
		h.recounted()
	})
}

func TestSupplement_onceAndTheSecondTakesALeader(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		x := h.receive("karaoke-new") // due 21/10 09:00
		x = h.move(h.counter, x, Act{Move: "hand_over"})
		h.refuse(h.handler, x, Act{Move: "ask_supplement"}, "dossier.reason_missing")
		h.refuse(h.handler, x, Act{Move: "ask_supplement", Reason: "thiếu", Until: "2026-10-01"}, "dossier.until_day")
		x = h.on("2026-10-15 09:00").move(h.handler, x, Act{Move: "ask_supplement", Reason: "Thiếu giấy an ninh", Until: "2026-10-30"})
		if x.State != SupplementWait || x.PausedMs == 0 || x.Supplements != 1 {
			t.Fatalf("%+v", x)
		}
		h.on("2026-10-29 09:00") // past the old due time: the clock stands, nothing is late
		if x.Late(h.at) {
			t.Error("late while the clock stands")
		}
		h.refuse(h.handler, x, Act{Move: "close_no_supplement"}, "dossier.supply_term_runs")
		x = h.move(h.counter, x, Act{Move: "supply", Papers: []PaperInput{{Component: "antt", Originals: 1}}})
		if x.State != InProcess || local(x.DueMs) != "2026-11-04 09:00" || local(x.OriginalDueMs) != "2026-10-21 09:00" || x.PausedMs != 0 {
			t.Errorf("resumed: due %s, at first %s", local(x.DueMs), local(x.OriginalDueMs))
		}
		h.refuse(h.handler, x, Act{Move: "ask_supplement", Reason: "còn thiếu"}, "identity.right_missing")
		x = h.move(h.leader, x, Act{Move: "ask_supplement", Reason: "còn thiếu", Until: "2026-11-05"})
		if x.Supplements != 2 {
			t.Errorf("asked %d times", x.Supplements)
		}
		x = h.on("2026-11-06 07:30").move(h.handler, x, Act{Move: "close_no_supplement"})
		if x.State != ClosedNoSupplement || x.Late(h.at) {
			t.Errorf("closed: %s late %v", x.State, x.Late(h.at))
		}
		v, err := h.Get(h.viewer, x.Code)
		h.must(err)
		changed := 0
		for _, e := range v.History {
			if e.DueBefore != 0 && e.DueAfter != 0 {
				changed++
			}
		}
		if changed != 1 || len(v.Papers) != 3 {
			t.Errorf("%d changes of the due time in the history, %d papers", changed, len(v.Papers))
		}
		h.recounted()
	})
}

func TestPayment_pausesByTheProceduresOwnRule(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		x := h.move(h.counter, h.receive("karaoke-new"), Act{Move: "hand_over"})
		x = h.on("2026-10-15 09:00").move(h.handler, x, Act{Move: "ask_payment"})
		if x.State != FinanceWait || x.PausedMs == 0 {
			t.Fatalf("%+v", x)
		}
		h.on("2026-10-16 09:00")
		pay := func(id string, online bool) {
			h.must(d.Write(context.Background(), func(tx *db.Tx) error { return h.PaidFor(tx, audit.System("payment"), h.at, id, online) }))
		}
		pay(x.ID, true)
		pay(x.ID, true) // told twice
		x = h.load(x.ID)
		if x.State != InProcess || local(x.DueMs) != "2026-10-22 09:00" || !x.PaidOnline || x.PaidMs == 0 {
			t.Errorf("paid: %s due %s", x.State, local(x.DueMs))
		}
		y := h.move(h.counter, h.on("2026-10-14 09:00").receive("land"), Act{Move: "hand_over"}) // no pause for money here
		due := y.DueMs
		y = h.move(h.handler, y, Act{Move: "ask_payment"})
		if y.PausedMs != 0 {
			t.Error("paused although the procedure does not")
		}
		y = h.on("2026-10-15 09:00").move(h.counter, y, Act{Move: "pay"})
		if y.State != InProcess || y.DueMs != due {
			t.Errorf("%s due %s", y.State, local(y.DueMs))
		}
		z := h.signed(h.on("2026-10-16 09:00").receive("karaoke-new"))
		z = h.move(h.handler, z, Act{Move: "ask_payment"}) // after the signature no clock runs
		if z.State != FinanceWait || z.PausedMs != 0 {
			t.Errorf("%+v", z)
		}
		z = h.move(h.counter, z, Act{Move: "pay"})
		if z.State != Approved {
			t.Errorf("after the signature it goes back to %s", z.State)
		}
		if got := h.figure("dossier.paid_online_rate", nil); got.Numerator != 1 || got.Denominator != 3 {
			t.Errorf("paid online %d of %d", got.Numerator, got.Denominator)
		}
		h.Owes = func(*db.Tx, string) (bool, error) { return true, nil }
		w := h.move(h.handler, h.signed(h.receive("karaoke-new")), Act{Move: "hand_to_counter"})
		h.refuse(h.counter, w, Act{Move: "return_result"}, "dossier.not_paid")
		pay(w.ID, false)
		w = h.load(w.ID)
		h.Owes = func(*db.Tx, string) (bool, error) { return false, nil }
		h.move(h.counter, w, Act{Move: "return_result"})
		h.recounted()
	})
}

// TestApology_keepsBothDates is acceptance check 7: the due time that was promised first
// stays beside the new one, and both ways of counting are reported.
func TestApology_keepsBothDates(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		x := h.move(h.counter, h.receive("karaoke-new"), Act{Move: "hand_over"}) // due 21/10 09:00
		x = h.move(h.leader, x, Act{Move: "take"})
		later := (&house{t: t}).on("2026-10-26 09:00").at
		apology := Act{Move: "apologise", Reason: "Đoàn thẩm định chưa xong", Due: later}
		h.refuse(h.handler, x, apology, "identity.right_missing")
		h.refuse(h.leader, x, apology, "dossier.handled_it")
		h.refuse(h.head, x, Act{Move: "apologise", Due: later}, "dossier.reason_missing")
		h.refuse(h.head, x, Act{Move: "apologise", Reason: "x", Due: h.at}, "dossier.apology_not_later")
		h.on("2026-10-21 08:00")
		h.refuse(h.head, x, apology, "dossier.apology_too_late")
		x = h.on("2026-10-20 16:00").move(h.head, x, apology)
		if local(x.DueMs) != "2026-10-26 09:00" || local(x.OriginalDueMs) != "2026-10-21 09:00" || local(x.ClockDueMs) != "2026-10-21 09:00" || x.State != InProcess {
			t.Errorf("due %s original %s clock %s", local(x.DueMs), local(x.OriginalDueMs), local(x.ClockDueMs))
		}
		h.refuse(h.head, x, Act{Move: "apologise", Reason: "x", Due: later.AddDate(0, 0, 9)}, "dossier.apologised_already")
		h.refuse(h.head, x, Act{Move: "recount", Reason: "x"}, "dossier.apologised_already")
		x = h.move(h.leader, x, Act{Move: "advance"})
		x = h.move(h.handler, x, Act{Move: "advance"})
		x = h.on("2026-10-23 09:00").move(h.leader, x, Act{Move: "approve", Result: ResultInput{Number: "1/GP"}})
		if got := h.figure("dossier.on_time_rate", nil); got.Value != "100.0" {
			t.Errorf("by the new date %s", got.Value)
		}
		if got := h.figure("dossier.on_time_by_clock_rate", nil); got.Value != "0.0" {
			t.Errorf("by the clock %s", got.Value)
		}
		e, _, err := lastOf(h, x.ID, "apologise")
		h.must(err)
		if local(e.DueBefore) != "2026-10-21 09:00" || local(e.DueAfter) != "2026-10-26 09:00" || e.Account == "" {
			t.Errorf("the history says %+v", e)
		}
		h.recounted()
	})
}

func lastOf(h *house, id, move string) (e Entry, there bool, err error) {
	err = h.d.Read(context.Background(), func(tx *db.Tx) error { e, there, err = lastEntry(tx, id, move); return err })
	return e, there, err
}

func TestEnds_withdrawStopRejectCorrect(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		w := h.receive("karaoke-new")
		h.refuse(h.counter, w, Act{Move: "withdraw"}, "dossier.reason_missing")
		w = h.move(h.counter, w, Act{Move: "withdraw", Reason: "Không kinh doanh nữa"})
		if w.State != Withdrawn || w.FinishedMs == Forever || w.Duty != "" {
			t.Errorf("%+v", w)
		}
		s := h.move(h.counter, h.receive("karaoke-new"), Act{Move: "hand_over"})
		h.refuse(h.leader, s, Act{Move: "stop", Reason: "Có quyết định"}, "dossier.document_missing")
		h.refuse(h.handler, s, Act{Move: "stop", Reason: "x", Document: "5/QĐ"}, "identity.right_missing")
		s = h.move(h.leader, s, Act{Move: "stop", Reason: "Có quyết định", Document: "5/QĐ-SVHTTDL"})
		if s.State != Stopped {
			t.Error(s.State)
		}
		r := h.move(h.counter, h.receive("karaoke-new"), Act{Move: "hand_over"})
		h.refuse(h.leader, r, Act{Move: "reject", Reason: "x", Result: ResultInput{Number: "2/TB"}}, "dossier.step_skipped")
		r = h.move(h.handler, r, Act{Move: "advance"})
		r = h.move(h.handler, r, Act{Move: "advance"})
		h.refuse(h.leader, r, Act{Move: "reject", Result: ResultInput{Number: "2/TB"}}, "dossier.reason_missing")
		r = h.move(h.leader, r, Act{Move: "reject", Reason: "Phòng hát dưới 20 m2", Result: ResultInput{Number: "2/TB"}})
		if r.State != RejectedResult || r.Outcome != "rejected" {
			t.Errorf("%+v", r)
		}
		h.refuse(h.counter, r, Act{Move: "return_result", Way: "post"}, "dossier.waybill_missing")
		r = h.move(h.counter, r, Act{Move: "return_result", Way: "post", Waybill: "EA123456789VN"})
		h.refuse(h.leader, r, Act{Move: "correct", Result: ResultInput{Number: "2a/TB"}}, "dossier.reason_missing")
		r = h.move(h.leader, r, Act{Move: "correct", Reason: "Sai năm sinh", Result: ResultInput{Number: "2a/TB"}})
		if r.State != Returned || r.CorrectedMs == 0 {
			t.Errorf("%+v", r)
		}
		v, err := h.Get(h.counter, r.Code)
		h.must(err)
		if len(v.Results) != 2 || v.Results[0].Number != "2/TB" || v.Results[1].Kind != "correction" {
			t.Errorf("a correction replaced what was returned: %+v", v.Results)
		}
		if got := h.figure("dossier.finished", nil); got.Value != "3" {
			t.Errorf("finished %s", got.Value)
		}
		h.recounted()
	})
}

func TestCoordinate_goesOnAfterTheLastOpinion(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		x := h.move(h.counter, h.receive("karaoke-new"), Act{Move: "hand_over"})
		due := h.at.AddDate(0, 0, 2)
		ask := func(agency string) Act {
			return Act{Move: "coordinate", Agency: agency, Text: "Xin ý kiến", Due: due}
		}
		h.refuse(h.handler, x, ask("GL.D08"), "dossier.own_opinion")
		h.refuse(h.handler, x, ask("GL.D99"), "dossier.agency_unknown")
		h.refuse(h.handler, x, Act{Move: "coordinate", Agency: "GL.D05", Text: "?", Due: h.at}, "dossier.opinion_due_past")
		if _, err := h.Get(h.other, x.Code); errs.CodeOf(err) != "dossier.unknown" {
			t.Errorf("seen before it was asked: %v", err)
		}
		x = h.move(h.handler, x, ask("GL.D05"))
		x = h.move(h.handler, x, ask("GL.CA"))
		h.refuse(h.handler, x, ask("GL.CA"), "dossier.opinion_asked")
		h.refuse(h.handler, x, Act{Move: "give_opinion", Text: "Đồng ý"}, "identity.right_missing")
		h.refuse(h.other, x, Act{Move: "give_opinion"}, "dossier.opinion_missing")
		if v, err := h.Get(h.other, x.Code); err != nil || !v.Can["give_opinion"] {
			t.Errorf("who is asked sees it: %v %v", v.Can, err)
		}
		x = h.move(h.other, x, Act{Move: "give_opinion", Text: "Đồng ý"})
		if x.State != Coordinating {
			t.Errorf("%s although another opinion is owed", x.State)
		}
		h.must(d.Write(context.Background(), func(tx *db.Tx) error {
			y, err := h.Do(tx, audit.System("test"), h.at, x.ID, Act{Move: "give_opinion", Text: "Đủ điều kiện"})
			x = y
			return err
		}))
		if x.State != InProcess || x.Step != 2 {
			t.Errorf("after the last opinion: %s step %d", x.State, x.Step)
		}
	})
}

// TestTransfer_toAnotherAgencyKeepsCodeAndClock is acceptance check 9: what is received
// at one agency for another counts at both, once each; a transfer changes neither.
func TestTransfer_toAnotherAgencyKeepsCodeAndClock(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		x := h.move(h.counter, h.receive("karaoke-new"), Act{Move: "hand_over"})
		x = h.move(h.handler, x, Act{Move: "take"})
		h.refuse(h.handler, x, Act{Move: "transfer", Agency: "GL.D05", Reason: "x"}, "identity.right_missing")
		h.refuse(h.leader, x, Act{Move: "transfer", Agency: "GL.D08", Reason: "x"}, "dossier.transfer_same")
		y := h.move(h.leader, x, Act{Move: "transfer", Agency: "GL.D05", Reason: "Thuộc thẩm quyền Sở Tài chính"})
		if y.Code != x.Code || y.DueMs != x.DueMs || y.Competent != h.id["GL.D05"] || y.Transferred != "nonboundary" || y.Assignee != "" || y.Holder != h.id["GL.D05"] {
			t.Errorf("%+v", y)
		}
		if _, err := h.Get(h.handler, y.Code); errs.CodeOf(err) != "dossier.unknown" {
			t.Errorf("the old agency still sees it: %v", err)
		}
		y = h.move(h.other, y, Act{Move: "advance"})
		for agency, want := range map[string][2]string{"GL.X001": {"0", "1"}, "GL.D08": {"1", "0"}, "GL.D05": {"0", "0"}} {
			if got := h.at1("dossier.received", agency); got != want[0] {
				t.Errorf("%s received %s, want %s", agency, got, want[0])
			}
			if got := h.at1("dossier.taken_in", agency); got != want[1] {
				t.Errorf("%s took in %s, want %s", agency, got, want[1])
			}
		}
		h.recounted()
	})
}

// TestHandOver_ofADissolvedAgency is acceptance check 6: its open dossiers go on at the
// successor, found by the old code, with the clock as it was.
func TestHandOver_ofADissolvedAgency(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		h.dir.Register(WorkKind, h.Service)
		x := h.move(h.counter, h.receive("karaoke-new"), Act{Move: "hand_over"})
		done := h.signed(h.receive("karaoke-new"))
		done = h.move(h.handler, done, Act{Move: "hand_to_counter"})
		h.on("2026-10-16 09:00")
		var m org.Minutes
		h.must(d.Write(context.Background(), func(tx *db.Tx) (err error) {
			m, err = h.dir.Reorganise(tx, audit.System("test"), org.Reorganisation{Change: org.Dissolve, From: []string{h.id["GL.X001"]}, Day: "2026-10-16",
				Successors: []org.Successor{{From: h.id["GL.X001"], To: h.id["GL.X002"]}}, Number: "1/BB", SignedDay: "2026-10-15", GiverSigner: "A", TakerSigner: "B", LegalBasis: "NQ"})
			for err == nil && m.State == org.HandingOver {
				m, err = h.dir.Continue(tx, audit.System("test"), m.ID)
			}
			return err
		}))
		y := h.load(x.ID)
		if y.Code != x.Code || y.DueMs != x.DueMs || y.Receiving != h.id["GL.X002"] || y.Returning != h.id["GL.X002"] || y.Transferred != "by_reorganisation" || y.State != InProcess {
			t.Errorf("%+v", y)
		}
		if z := h.load(done.ID); z.Holder != h.id["GL.X002"] || z.State != HandedToCounter {
			t.Errorf("a result at the counter stays with the dissolved agency: %+v", z)
		}
		p, err := h.List(h.viewer, Filter{Q: "GL.X001-261014-0001"})
		h.must(err)
		if len(p.Lines) != 1 || p.Lines[0].ID != x.ID {
			t.Errorf("found by the old code: %v", p.Lines)
		}
		e, _, err := lastOf(h, x.ID, "transfer")
		h.must(err)
		if e.Document != m.ID {
			t.Errorf("the minutes are not named: %+v", e)
		}
		if _, err := h.Receive(h.counter, receipt("karaoke-new")); errs.CodeOf(err) != "dossier.agency_ended" {
			t.Errorf("a dissolved agency receives: %v", err)
		}
		h.recounted()
	})
}
