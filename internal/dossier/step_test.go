package dossier

import (
	"context"
	"slices"
	"testing"
	"time"

	"cchc/internal/audit"
	"cchc/internal/db"
	"cchc/internal/db/dbtest"
	"cchc/internal/errs"
	"cchc/internal/identity"
	"cchc/internal/inbox"
)

func TestSteps_sideBySideAndTheNextWaitsForAll(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		x := h.move(h.counter, h.receive("side"), Act{Move: "hand_over"})
		h.refuse(h.handler, x, Act{Move: "advance"}, "dossier.step_which")
		h.refuse(h.handler, x, Act{Move: "advance", Step: 4}, "dossier.step_not_open")
		h.refuse(h.leader, x, Act{Move: "approve", Result: ResultInput{Number: "1"}}, "dossier.step_skipped")
		x = h.move(h.handler, x, Act{Move: "advance", Step: 3})
		if x.Step != 2 {
			t.Errorf("step %d while 2 is open", x.Step)
		}
		h.refuse(h.leader, x, Act{Move: "approve", Result: ResultInput{Number: "1"}}, "dossier.step_skipped")
		x = h.move(h.handler, x, Act{Move: "advance", Step: 2})
		if x.Step != 4 || x.Duty != RightSign || local(x.OwedMs) != "2026-10-19 09:00" { // 4 h + the longer 16 h + 4 h
			t.Errorf("step %d %s owed %s", x.Step, x.Duty, local(x.OwedMs))
		}
		x = h.move(h.leader, x, Act{Move: "approve", Result: ResultInput{Number: "1"}})
		if x.State != Approved {
			t.Error(x.State)
		}
	})
}

func TestStages_theClockStopsBetweenThem(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		x := h.move(h.counter, h.receive("land"), Act{Move: "hand_over"}) // 10 working days from 14/10 09:00: 28/10 09:00
		if local(x.DueMs) != "2026-10-28 09:00" || local(x.OwedMs) != "2026-10-22 09:00" {
			t.Fatalf("due %s, step due %s", local(x.DueMs), local(x.OwedMs))
		}
		x = h.on("2026-10-20 09:00").move(h.handler, x, Act{Move: "advance"}) // the stage ends: 4 of 10 days used
		if x.Step != 3 || x.PausedMs == 0 || x.Duty != RightReceive || x.State != InProcess {
			t.Fatalf("between stages: %+v", x)
		}
		h.on("2026-11-30 09:00")
		if x.Late(h.at) {
			t.Error("late although the clock stands between stages")
		}
		x = h.move(h.counter, x, Act{Move: "take"})
		if x.PausedMs != 0 || local(x.DueMs) != "2026-12-08 09:00" || local(x.OriginalDueMs) != "2026-10-28 09:00" || local(x.OwedMs) != "2026-12-01 09:00" {
			t.Errorf("second stage: due %s, step due %s", local(x.DueMs), local(x.OwedMs))
		}
		x = h.move(h.counter, x, Act{Move: "advance"})
		x = h.move(h.leader, x, Act{Move: "approve", Result: ResultInput{Number: "1/QĐ"}})
		if x.Late(h.at) {
			t.Error("finished in time")
		}
		h.recounted()
	})
}

func TestStages_aSupplementWithinAStandingClockAndARecall(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		x := h.move(h.counter, h.receive("land"), Act{Move: "hand_over"})
		x = h.on("2026-10-20 09:00").move(h.handler, x, Act{Move: "advance"})
		back := h.move(h.handler, x, Act{Move: "recall"}) // the stage was not over after all
		if back.PausedMs != 0 || back.Step != 2 || back.DueMs != x.DueMs {
			t.Errorf("recalled: %+v", back)
		}
		x = h.move(h.handler, back, Act{Move: "advance"})
		x = h.on("2026-10-21 09:00").move(h.handler, x, Act{Move: "ask_supplement", Reason: "thiếu"})
		x = h.on("2026-10-22 09:00").move(h.counter, x, Act{Move: "supply"})
		if x.PausedMs == 0 {
			t.Error("the end of one pause let the clock run although another lasts")
		}
		x = h.on("2026-10-23 09:00").move(h.counter, x, Act{Move: "take"})
		if x.PausedMs != 0 || local(x.DueMs) != "2026-11-02 09:00" {
			t.Errorf("due %s: pauses that overlap count once", local(x.DueMs))
		}
	})
}

func TestSendBackAndRecall_doTheStepsAgain(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		x := h.move(h.counter, h.receive("karaoke-new"), Act{Move: "hand_over"})
		due := x.DueMs
		x = h.move(h.counter, x, Act{Move: "recall"})
		if x.State != Received || x.Step != 1 || x.Duty != RightReceive {
			t.Errorf("recalled to the counter: %+v", x)
		}
		x = h.move(h.counter, x, Act{Move: "hand_over"})
		x = h.move(h.handler, x, Act{Move: "take"})
		h.refuse(h.handler, x, Act{Move: "take"}, "dossier.step_taken")
		h.refuse(h.counter, x, Act{Move: "recall"}, "dossier.recall_too_late")
		x = h.move(h.handler, x, Act{Move: "advance"})
		h.refuse(h.leader, x, Act{Move: "recall"}, "dossier.recall_too_late") // somebody else passed it on
		x = h.move(h.handler, x, Act{Move: "advance"})
		h.refuse(h.leader, x, Act{Move: "send_back", Step: 2}, "dossier.reason_missing")
		h.refuse(h.leader, x, Act{Move: "send_back", Step: 4, Reason: "x"}, "dossier.step_not_done")
		x = h.move(h.leader, x, Act{Move: "send_back", Step: 2, Reason: "Thẩm định chưa đủ"})
		if x.Step != 2 || x.State != InProcess || x.DueMs != due || x.Assignee != "" {
			t.Errorf("sent back: %+v", x)
		}
		x = h.move(h.handler, x, Act{Move: "send_back", Step: 1, Reason: "Thiếu bản chính"})
		if x.State != Received || x.Step != 1 {
			t.Errorf("sent back to the counter: %+v", x)
		}
		x = h.signed(x)
		v, err := h.Get(h.handler, x.Code)
		h.must(err)
		turns := map[int]int{}
		for _, r := range v.Runs {
			turns[r.No] = max(turns[r.No], r.Turn)
		}
		if turns[1] != 3 || turns[2] != 4 || turns[3] != 2 || turns[4] != 2 {
			t.Errorf("turns %v", turns)
		}
		h.refuse(h.handler, x, Act{Move: "hand_to_counter", Version: x.Version - 1}, "dossier.changed_meanwhile")
	})
}

func TestNoTable_isSignedByTheLeaderAtOnceAndHasNoDue(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		x := h.move(h.counter, h.receive("plain"), Act{Move: "hand_over"})
		h.refuse(h.handler, x, Act{Move: "advance"}, "dossier.step_not_open")
		h.refuse(h.head, x, Act{Move: "apologise", Reason: "x", Due: h.at.AddDate(0, 0, 9)}, "dossier.no_due")
		x = h.move(h.leader, x, Act{Move: "approve", Result: ResultInput{Number: "1/XN"}})
		if x.DueMs != 0 || x.Late(h.at.AddDate(1, 0, 0)) {
			t.Errorf("%+v", x)
		}
		if got := h.figure("dossier.on_time_rate", nil); got.Denominator != 0 || got.Value != "" {
			t.Errorf("a limit that nobody stated is neither kept nor missed: %+v", got)
		}
		h.recounted()
	})
}

// TestRights_everyMoveNeedsItsOwn tries each possible move of each state as somebody who
// only looks, and as somebody of another agency: nothing changes and nothing is told.
func TestRights_everyMoveNeedsItsOwn(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		states := map[State]Dossier{}
		put := func(x Dossier) Dossier { states[x.State] = x; return x }
		online := receipt("karaoke-new")
		online.Channel = Online
		s, err := h.Receive(h.counter, online)
		h.must(err)
		put(s)
		s, err = h.Receive(h.counter, online)
		h.must(err)
		put(h.move(h.counter, s, Act{Move: "ask_supplement_before_receipt", Reason: "x"}))
		put(h.receive("karaoke-new"))
		in := func() Dossier { return h.move(h.counter, h.receive("karaoke-new"), Act{Move: "hand_over"}) }
		put(in())
		put(h.move(h.handler, in(), Act{Move: "coordinate", Agency: "GL.CA", Text: "?", Due: h.at.Add(time.Hour)}))
		put(h.move(h.handler, in(), Act{Move: "ask_supplement", Reason: "x"}))
		put(h.move(h.handler, in(), Act{Move: "ask_payment"}))
		put(h.signed(h.receive("karaoke-new")))
		put(h.move(h.handler, h.signed(h.receive("karaoke-new")), Act{Move: "hand_to_counter"}))
		tried := map[string]bool{}
		for state, x := range states {
			for _, move := range possible(state) {
				if move == "payment" {
					h.refuse(h.viewer, x, Act{Move: move}, "dossier.move_unknown")
					continue
				}
				tried[move] = true
				if move != "note" {
					h.refuse(h.viewer, x, Act{Move: move, Reason: "x", Text: "x"}, "identity.right_missing")
				}
				h.refuse(h.other, x, Act{Move: move, Reason: "x", Text: "x"}, "dossier.unknown")
				h.refuse(h.nobody, x, Act{Move: move, Reason: "x", Text: "x"}, "dossier.unknown")
			}
			v, err := h.Get(h.viewer, x.Code)
			h.must(err)
			for move, can := range v.Can {
				if can && move != "note" {
					t.Errorf("%s: who only looks is offered %s", state, move)
				}
			}
		}
		for move := range duties {
			if !tried[move] && move != "correct" {
				t.Errorf("%s was never tried", move)
			}
		}
		if len(duties) != len(MoveNames())-2 { // submit and payment are made by nobody's move
			t.Errorf("%d duties for %d moves", len(duties), len(MoveNames()))
		}
		for right, n := range map[string]int{RightReceive: 1, RightProcess: 1, RightSign: 1, RightReturn: 1, RightAdvise: 1, RightSupervise: 1} {
			found := 0
			for _, d := range duties {
				if d.right == right {
					found++
				}
			}
			if found < n {
				t.Errorf("no move takes %s", right)
			}
		}
	})
}

// TestCan_offersWhatIsThenAllowed makes every offered move that needs no input.
func TestCan_offersWhatIsThenAllowed(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		full := Act{Reason: "x", Text: "x", Document: "1/QĐ", Agency: "GL.CA", Due: h.at.AddDate(0, 1, 0), Result: ResultInput{Number: "1"}, Step: 0, Paper: 1}
		for _, who := range []context.Context{h.counter, h.handler, h.leader, h.head} {
			for _, make := range []func() Dossier{
				func() Dossier { return h.receive("karaoke-new") },
				func() Dossier { return h.move(h.counter, h.receive("karaoke-new"), Act{Move: "hand_over"}) },
				func() Dossier { return h.signed(h.receive("karaoke-new")) },
			} {
				x := make()
				v, err := h.Get(who, x.Code)
				h.must(err)
				for move, can := range v.Can {
					if !can || move == "send_back" {
						continue
					}
					y := make()
					in := full
					in.Move, in.Version = move, y.Version
					if move == "recount" {
						continue // nothing has changed in the calendar
					}
					if _, err := h.Move(who, y.Code, in); err != nil {
						t.Errorf("offered %s in %s: %v", move, y.State, err)
					}
				}
			}
		}
	})
}

func TestOwed_byDueForWhoMayDoIt(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		late := h.move(h.counter, h.receive("karaoke-new"), Act{Move: "hand_over"})
		h.on("2026-10-20 09:00")
		online := receipt("karaoke-new")
		online.Channel = Online
		sent, err := h.Receive(h.counter, online)
		h.must(err)
		got := h.receive("land")
		asked := h.move(h.handler, h.move(h.counter, h.receive("karaoke-new"), Act{Move: "hand_over"}), Act{Move: "coordinate", Agency: "GL.D05", Text: "?", Due: h.at.Add(time.Hour)})
		plain := h.move(h.counter, h.receive("plain"), Act{Move: "hand_over"})
		list := func(who context.Context) (items []inbox.Item) {
			t.Helper()
			after := ""
			for range 10 { // page by page, two at a time
				var page []inbox.Item
				h.must(d.Read(context.Background(), func(tx *db.Tx) error {
					page, err = h.Owed(tx, identity.From(who), h.at, after, 2)
					return err
				}))
				items = append(items, page...)
				if len(page) < 2 {
					break
				}
				last := page[len(page)-1]
				after = inbox.After(last.DueMs, last.ID)
			}
			return items
		}
		for name, c := range map[string]struct {
			who  context.Context
			want []string
		}{
			"the counter":        {h.counter, []string{sent.Code + " dossier.receive", got.Code + " dossier.hand_over"}},
			"the handler":        {h.handler, []string{late.Code + " dossier.process", plain.Code + " dossier.process"}},
			"who is asked":       {h.other, []string{asked.Code + " dossier.give_opinion"}},
			"who only looks":     {h.viewer, nil},
			"another, no rights": {h.nobody, nil},
		} {
			var have []string
			for _, i := range list(c.who) {
				have = append(have, i.Code+" "+i.Kind)
			}
			if !slices.Equal(have, c.want) {
				t.Errorf("%s owes %v, want %v", name, have, c.want)
			}
			over := 0
			for _, i := range list(c.who) {
				if i.DueMs != 0 && i.DueMs < h.at.UnixMilli() {
					over++
				}
			}
			h.must(d.Read(context.Background(), func(tx *db.Tx) error {
				all, late, err := h.OwedCount(tx, identity.From(c.who), h.at)
				if all != len(c.want) || late != over {
					t.Errorf("%s: counted %d, %d late; listed %d, %d late", name, all, late, len(c.want), over)
				}
				return err
			}))
		}
		late = h.move(h.leader, late, Act{Move: "take"}) // now it is the leader's
		if items := list(h.handler); len(items) != 1 || items[0].Code != plain.Code {
			t.Errorf("what another took stays in the list: %v", items)
		}
	})
}

func TestRunning_listsClocksForThePreviewOfTheCalendar(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		h.book.Register("dossier", h.Service)
		x := h.receive("karaoke-new")
		x = h.move(h.counter, x, Act{Move: "hand_over"})
		x = h.on("2026-10-14 14:00").move(h.handler, x, Act{Move: "ask_supplement", Reason: "x"})
		y := h.receive("karaoke-new")
		x = h.on("2026-10-15 14:00").move(h.counter, x, Act{Move: "supply"})
		h.receive("plain") // no clock
		h.signed(h.receive("karaoke-new"))
		// 20/10 becomes a day off: both open dossiers would move by a day (acceptance check 12)
		moves := h.preview("2026-10-20")
		if len(moves) != 2 || moves[0].Code != x.Code || local(moves[0].Then.UnixMilli()) != "2026-10-23 09:00" || moves[1].Code != y.Code || local(moves[1].Then.UnixMilli()) != "2026-10-22 14:00" {
			t.Fatalf("%+v", moves)
		}
		if now := h.load(y.ID); now.DueMs != y.DueMs {
			t.Error("a preview moved a promise")
		}
		h.dayOff("2026-10-20")
		if now := h.load(y.ID); now.DueMs != y.DueMs {
			t.Error("a change of the calendar moved a promise by itself")
		}
		h.refuse(h.handler, x, Act{Move: "recount", Reason: "x"}, "identity.right_missing")
		x = h.move(h.head, x, Act{Move: "recount", Reason: "Nghỉ bão theo công điện"})
		if local(x.DueMs) != "2026-10-23 09:00" || local(x.OriginalDueMs) != "2026-10-21 09:00" {
			t.Errorf("due %s, at first %s", local(x.DueMs), local(x.OriginalDueMs))
		}
		h.refuse(h.head, x, Act{Move: "recount", Reason: "x"}, "dossier.due_unchanged")
	})
}

func TestDo_theProgramActsUnderTheSameRules(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		do := func(id string, in Act) (x Dossier, err error) {
			err = d.Write(context.Background(), func(tx *db.Tx) error { x, err = h.Do(tx, audit.System("portal"), h.at, id, in); return err })
			return x, err
		}
		var x Dossier
		h.must(d.Write(context.Background(), func(tx *db.Tx) (err error) {
			r := receipt("karaoke-new")
			r.Channel = Online
			x, err = h.Take(tx, audit.System("portal"), h.at, r)
			return err
		}))
		if x.State != Submitted || x.CreatedBy == "" {
			t.Errorf("%+v", x)
		}
		_, err := do(x.ID, Act{Move: "advance"})
		h.refused(err, "dossier.wrong_state")
		_, err = do(x.ID, Act{Move: "withdraw"})
		h.refused(err, "dossier.reason_missing")
		y, err := do(x.ID, Act{Move: "withdraw", Reason: "Người nộp rút trên cổng"})
		h.must(err)
		if y.State != Withdrawn || h.facts("withdraw") != 1 {
			t.Errorf("%+v", y)
		}
		_, err = do("khong", Act{Move: "withdraw", Reason: "x"})
		if errs.CodeOf(err) != "dossier.unknown" {
			t.Error(err)
		}
	})
}
