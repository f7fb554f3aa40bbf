package dossier

import (
	"fmt"
	"time"

	"cchc/internal/calendar"
	"cchc/internal/clock"
	"cchc/internal/db"
)

// life is one dossier's way from receipt until the scene.
type life struct {
	g    *seeder
	tx   *db.Tx
	d    Dossier
	r    Receipt
	pace float64
	over bool // the next act would lie beyond the scene
}

// after moves the clock on by working minutes; false when that is beyond the scene.
func (l *life) after(minutes float64) bool {
	at, err := l.g.cal.DueTime(l.g.at, max(1, int(minutes)), calendar.Minute)
	if err != nil || !at.Before(l.g.Until) {
		l.over = true
		return false
	}
	l.g.at = at
	return true
}

// act makes a move now, as somebody of the part of the agency that makes it.
func (l *life) act(part string, in Act) (err error) {
	code := l.r.Competent
	if part == "counter" {
		code = l.r.Receiving
	}
	if part == "head" {
		code = centre
	}
	l.d, err = l.g.s.Do(l.tx, l.g.who(code, part), l.g.at, l.d.ID, in)
	if err != nil {
		return fmt.Errorf("%s in %s: %w", in.Move, l.d.State, err)
	}
	return nil
}

func (l *life) chance(percent int) bool { return l.g.dice.IntN(100) < percent }

// within is a number of working minutes between two.
func (l *life) within(from, to int) float64 { return float64(from + l.g.dice.IntN(to-from+1)) }

func (l *life) live() error {
	if l.d.State == Submitted {
		if err := l.answer(); err != nil || l.over || l.d.State != Received {
			return err
		}
	}
	if l.chance(2) && l.after(l.within(30, 300)) {
		return l.act("counter", Act{Move: "withdraw", Reason: "Người nộp đề nghị rút hồ sơ để bổ sung ngành nghề"})
	}
	if !l.after(l.within(20, 180) * l.pace) {
		return nil
	}
	if err := l.act("counter", Act{Move: "hand_over"}); err != nil {
		return err
	}
	for l.d.State == InProcess {
		if err := l.work(); err != nil || l.over {
			return err
		}
	}
	return l.giveOut()
}

// answer answers what was sent online: most within the 8 hours.
func (l *life) answer() error {
	wait := l.within(20, 420)
	if l.chance(6) {
		wait = l.within(500, 900)
	}
	if !l.after(wait) {
		return nil
	}
	switch roll := l.g.dice.IntN(100); {
	case roll < 3:
		return l.act("counter", Act{Move: "refuse", Reason: "Hồ sơ không thuộc thẩm quyền giải quyết của cơ quan"})
	case roll < 8:
		if err := l.act("counter", Act{Move: "ask_supplement_before_receipt", Reason: "Tờ khai chưa ký, ảnh giấy tờ mờ", Until: later(l.g.at, 10)}); err != nil || !l.after(l.within(200, 2000)) {
			return err
		}
		if err := l.act("counter", Act{Move: "supply"}); err != nil || !l.after(l.within(20, 300)) {
			return err
		}
	}
	return l.act("counter", Act{Move: "receive"})
}

// work does one step: it waits, is taken, is worked on, and passed on or signed.
func (l *life) work() error {
	t, err := l.g.s.termsOf(l.tx, l.d.Terms)
	if err != nil {
		return err
	}
	step, part := t.step(l.d.Step), "handler"
	switch step.Group {
	case "leader":
		part = "leader"
	case "counter":
		part = "counter"
	}
	minutes := float64(step.Takes(t.Online))
	if !step.Known || minutes == 0 {
		minutes = l.within(240, 1920)
	}
	wait := minutes * l.pace * (0.2 + 0.5*l.g.dice.Float64())
	if !l.after(wait) {
		return nil
	}
	if l.d.Step != 0 && l.d.Assignee == "" {
		if err := l.act(part, Act{Move: "take", Step: l.d.Step}); err != nil {
			return err
		}
	}
	if part == "handler" && l.d.Supplements == 0 && l.chance(5) {
		return l.supplement()
	}
	if l.pace > 1.2 && l.d.ApologisedMs == 0 && l.d.DueMs > 0 && l.d.PausedMs == 0 && l.chance(40) && clock.Day(l.g.at) < clock.Day(clock.FromMs(l.d.DueMs)) {
		due, err := l.g.cal.DueTime(clock.FromMs(l.d.DueMs), 5, calendar.WorkingDay)
		if err != nil {
			return err
		}
		if err := l.act("head", Act{Move: "apologise", Reason: "Phải chờ kết quả thẩm định thực tế do mưa lũ", Due: due}); err != nil {
			return err
		}
	}
	if !l.after(minutes*l.pace - wait) {
		return nil
	}
	runs, err := runsOf(l.tx, l.d.ID)
	if err != nil {
		return err
	}
	c := &course{terms: t, runs: runs}
	if len(c.open()) > 1 || len(c.left()) > 0 {
		if step.MaySendBack && l.chance(3) && c.done(l.d.Step-1) && t.part[l.d.Step-1] == working {
			return l.act(part, Act{Move: "send_back", Step: l.d.Step - 1, Reason: "Thiếu biên bản thẩm định thực tế"})
		}
		return l.act(part, Act{Move: "advance", Step: l.d.Step})
	}
	number := fmt.Sprintf("%d/%s", 100+l.g.dice.IntN(800), "QĐ-mẫu")
	if l.chance(3) {
		return l.act("leader", Act{Move: "reject", Reason: "Cơ sở chưa đủ điều kiện theo quy định", Result: ResultInput{Number: number}})
	}
	return l.act("leader", Act{Move: "approve", Result: ResultInput{Number: number}})
}

// supplement asks the applicant once; one in ten never answers.
func (l *life) supplement() error {
	ask := Act{Move: "ask_supplement", Reason: "Bổ sung bản sao giấy tờ về địa điểm kinh doanh", Until: later(l.g.at, 20)}
	if err := l.act("handler", ask); err != nil {
		return err
	}
	if l.chance(10) {
		if !l.after(21 * 480) {
			return nil
		}
		return l.act("handler", Act{Move: "close_no_supplement"})
	}
	if !l.after(l.within(300, 2900)) {
		return nil
	}
	return l.act("counter", Act{Move: "supply", Papers: []PaperInput{{Name: "Bản sao hợp đồng thuê nhà", Copies: 1}}})
}

// giveOut brings a result to the counter and hands it out; some wait there.
func (l *life) giveOut() error {
	if l.d.State != Approved && l.d.State != RejectedResult || !l.after(l.within(30, 240)) {
		return nil
	}
	if err := l.act("handler", Act{Move: "hand_to_counter"}); err != nil || !l.after(l.within(60, 1400)) {
		return err
	}
	in := Act{Move: "return_result", Way: string(Counter)}
	switch {
	case l.d.Channel == Online && l.chance(60):
		in.Way = string(Online)
	case l.d.Channel == Post:
		in.Way, in.Waybill = string(Post), fmt.Sprintf("EM%09dVN", l.g.dice.IntN(1_000_000_000))
	}
	return l.act("counter", in)
}

// later is a day some days on.
func later(t time.Time, days int) string { return clock.Day(t.AddDate(0, 0, days)) }
