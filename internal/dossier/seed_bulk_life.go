package dossier

import (
	"time"

	"cchc/internal/audit"
	"cchc/internal/calendar"
	"cchc/internal/clock"
	"cchc/internal/db"
)

// bulkHistory is what one dossier of a bulk leaves behind.
type bulkHistory struct {
	b       *bulk
	d       *Dossier
	c       *course
	who     audit.Who
	entries []Entry
	result  *Result
}

func (h *bulkHistory) note(move string, to State, step int, ms int64) {
	h.d.Version++
	h.entries = append(h.entries, Entry{No: int(h.d.Version), Move: move, From: h.d.State, To: to, Step: step, AtMs: ms, Account: h.who.Account, Name: h.who.Name, Agency: h.who.Agency})
	h.d.State = to
}

// live tells the main way: received, handed over, step by step to the signature, returned.
// An open one stands at its first working step.
func (h *bulkHistory) live(at time.Time, open, late bool) error {
	d, t := h.d, h.c.terms
	pace := 0.4 + h.b.dice.Float64()*0.5
	if late {
		pace = 1.3
	}
	state := d.State
	d.State = ""
	h.note("receive", state, 0, at.UnixMilli())
	if len(h.entries) == 1 {
		h.entries[0].DueAfter = d.DueMs
	}
	moment := func(no int) int64 {
		m, err := h.b.cal.DueTime(at, max(1, int(float64(t.until[no].minutes)*pace)), calendar.Minute)
		if err != nil {
			return at.UnixMilli()
		}
		return m.UnixMilli()
	}
	now := at.UnixMilli()
	var signing int64
	for _, s := range t.Steps {
		due, err := t.stepDueOf(h.b.cal, d.StartMs, s.No, nil)
		if err != nil {
			return err
		}
		if t.part[s.No] == closing {
			break
		}
		r := h.c.enter(s.No, now, due)
		if t.part[s.No] == opening {
			r.start(now, h.who.Account)
			now = moment(s.No)
			r.finish(now, h.who.Account, endDone)
			h.note("hand_over", InProcess, s.No, now)
			continue
		}
		if open {
			break
		}
		r.start(now, h.who.Account)
		now = moment(s.No)
		r.finish(now, h.who.Account, endDone)
		signing = now
		if s.No != lastWorking(t) {
			h.note("advance", InProcess, s.No, now)
			continue
		}
	}
	if !open {
		h.finish(signing)
	}
	x := act{d: *d, course: h.c}
	x.d.Step = h.c.current()
	if err := x.owed(); err != nil {
		return err
	}
	*d = x.d
	return nil
}

// lastWorking is the number of the last step before the result.
func lastWorking(t *Terms) (no int) {
	for _, s := range t.Steps {
		if t.part[s.No] == working {
			no = s.No
		}
	}
	return no
}

// finish signs, brings the result to the counter and hands it out an hour later each.
func (h *bulkHistory) finish(ms int64) {
	const hour = int64(time.Hour / time.Millisecond)
	d := h.d
	d.Outcome, d.FinishedMs = "approved", ms
	h.note("approve", Approved, lastWorking(h.c.terms), ms)
	h.note("hand_to_counter", HandedToCounter, 0, ms+hour)
	h.note("return_result", Returned, 0, ms+2*hour)
	d.ReturnedMs = ms + 2*hour
	h.result = &Result{No: 1, Kind: "approved", Number: "1/QĐ", Day: clock.Day(clock.FromMs(ms)), Account: h.who.Account, Name: h.who.Name, AtMs: ms}
	h.b.count(CountFinished, *d, ms)
	if d.DueMs == 0 {
		return
	}
	h.b.count(CountDated, *d, ms)
	if ms <= d.DueMs {
		h.b.count(CountOnTime, *d, ms)
		h.b.count(CountOnTimeByClock, *d, ms)
	}
}

func (h *bulkHistory) write(tx *db.Tx, p Party) error {
	d := *h.d
	h.b.at = clock.FromMs(h.entries[len(h.entries)-1].AtMs)
	if err := addDossier(tx, d); err != nil {
		return err
	}
	if err := addParty(tx, d.ID, "owner", p); err != nil {
		return err
	}
	if err := addPaper(tx, d.ID, Paper{No: 1, Name: "Giấy đề nghị", Originals: 1, AddedMs: d.CreatedMs}); err != nil {
		return err
	}
	if err := saveRuns(tx, d.ID, h.c.runs); err != nil {
		return err
	}
	for _, e := range h.entries {
		if err := addEntry(tx, d.ID, e); err != nil {
			return err
		}
	}
	if h.result != nil {
		if err := addResult(tx, d.ID, *h.result); err != nil {
			return err
		}
	}
	x := act{tx: tx, d: d}
	if err := x.findable(); err != nil {
		return err
	}
	return h.b.log.Record(tx, h.who, audit.Entry{Kind: "dossier.move", Subject: subject(d.ID), Agency: d.Competent, After: stateOf(d, h.entries[len(h.entries)-1].Move)})
}
