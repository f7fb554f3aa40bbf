package dossier

import (
	"regexp"
	"time"

	"cchc/internal/calendar"
	"cchc/internal/clock"
	"cchc/internal/text"
)

// receptionHours is how long an online dossier may wait for its answer (order of the
// province, 04/11/2025): working hours of the receiving agency.
const receptionHours = 8

// receptionDue is until when a dossier sent online must be received or answered.
func receptionDue(cal calendar.Calendar, sent time.Time) (time.Time, error) {
	return cal.DueTime(sent, receptionHours, calendar.WorkingHour)
}

// startOf is when the clock of a dossier starts that was received at a moment.
func (t *Terms) startOf(cal calendar.Calendar, received time.Time) time.Time {
	if t.ReceiptUntil != "" {
		day := clock.Day(received)
		if received.In(clock.Vietnam).Format("15:04") > t.ReceiptUntil || !cal.WorkingDay(day) {
			if next := cal.AddWorkingDays(day, 1); next != "" {
				return atHour(next, t.ReceiptNext)
			}
		}
	}
	return cal.Norm(received)
}

// atHour is an hour "HH:MM" of a day, its first moment when there is none.
func atHour(day, hour string) time.Time {
	midnight, err := clock.ParseDay(day)
	if err != nil {
		return time.Time{}
	}
	if h, err := time.Parse("15:04", hour); err == nil {
		return midnight.Add(time.Duration(h.Hour())*time.Hour + time.Duration(h.Minute())*time.Minute)
	}
	return midnight
}

// endOfDay is the last millisecond of a day in Vietnam.
func endOfDay(day string) time.Time {
	t, err := clock.ParseDay(day)
	if err != nil {
		return time.Time{}
	}
	return t.Add(oneDay - time.Millisecond)
}

// dueOf counts the limit from a start; 0 when nobody stated one. Every pause has ended.
func (t *Terms) dueOf(cal calendar.Calendar, startMs int64, pauses []Pause) (int64, error) {
	if !t.Known {
		return 0, nil
	}
	return counted(cal, startMs, t.Amount, calendar.Unit(t.Unit), pauses)
}

// stepDueOf is when a step is due: the working time from the beginning of its stage to
// its end along the table. 0 when the time of a step on the way is unknown.
func (t *Terms) stepDueOf(cal calendar.Calendar, startMs int64, no int, pauses []Pause) (int64, error) {
	until := t.until[no]
	if !until.known {
		return 0, nil
	}
	return counted(cal, stageStart(startMs, pauses), until.minutes, calendar.Minute, pauses)
}

func counted(cal calendar.Calendar, startMs int64, amount int, unit calendar.Unit, pauses []Pause) (int64, error) {
	due, err := cal.DueTime(clock.FromMs(startMs), amount, unit, spans(pauses)...)
	return due.UnixMilli(), err
}

// stageStart is when the clock of the stage under way began: at the end of the last
// pause between stages, else at the start.
func stageStart(startMs int64, pauses []Pause) int64 {
	for _, p := range pauses {
		if p.Kind == PauseStage && p.ToMs > startMs {
			startMs = p.ToMs
		}
	}
	return startMs
}

func spans(pauses []Pause) []calendar.Span {
	list := make([]calendar.Span, len(pauses))
	for i, p := range pauses {
		list[i].From = clock.FromMs(p.FromMs)
		if p.ToMs != 0 {
			list[i].To = clock.FromMs(p.ToMs)
		}
	}
	return list
}

// standing is since when the clock stands, 0 while it runs: pauses may overlap.
func standing(pauses []Pause) (since int64) {
	for _, p := range pauses {
		if p.ToMs == 0 && (since == 0 || p.FromMs < since) {
			since = p.FromMs
		}
	}
	return since
}

// receiptRule is how sources state a later start of the clock, without marks: "nop sau 17h
// hoac ngay nghi -> tinh tu 8h ngay lam viec tiep theo".
var receiptRule = regexp.MustCompile(`sau (\d{1,2})(?:h|:)(\d{2})?.* tu (\d{1,2})(?:h|:)(\d{2})? ?(?:cua )?ngay lam viec (?:tiep|ke)`)

// ReadReceiptRule reads the hour after which a receipt counts as of the next working day,
// and the hour at which it then does ("HH:MM"); "" where the words say no such rule.
func ReadReceiptRule(words string) (until, next string) {
	m := receiptRule.FindStringSubmatch(text.Fold(words))
	if m == nil {
		return "", ""
	}
	hour := func(h, min string) string {
		if min == "" {
			min = "00"
		}
		if len(h) == 1 {
			h = "0" + h
		}
		return h + ":" + min
	}
	return hour(m[1], m[2]), hour(m[3], m[4])
}
