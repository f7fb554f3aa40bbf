package plan

import (
	"context"
	"strconv"

	"cchc/internal/clock"
	"cchc/internal/i18n"
	"cchc/internal/ui"
)

// mark is how a standing shows: tone, icon and word, never colour alone.
type mark struct{ Tone, Icon, Word string }

// looks are the tones and icons of the six classes and the three flags over them.
var looks = map[string]mark{
	string(DoneOnTime): {ui.OK, "done", ""}, string(DoneLate): {ui.Soon, "done", ""}, string(Overdue): {ui.Late, "late", ""},
	string(Working): {ui.Info, "play", ""}, string(NotStarted): {ui.Neutral, "dash", ""}, string(NoDeadline): {ui.Neutral, "clock", ""},
	"soon": {ui.Soon, "soon", ""}, "soon_today": {ui.Soon, "soon", ""}, "awaiting": {ui.Info, "clock", ""}, "paused": {ui.Wait, "pause", ""}, "done": {ui.OK, "done", ""},
	"late_by": {ui.Soon, "done", ""}, "ahead": {ui.Neutral, "dash", ""}, "cancelled": {ui.Neutral, "x", ""}, "coordinating": {ui.Neutral, "users", ""},
}

func lookOf(ctx context.Context, name string, args ...any) mark {
	l := looks[name]
	l.Word = i18n.T(ctx, "planweb.state."+name, args...)
	return l
}

// lookOfTask says where a task stands on a day.
func lookOfTask(ctx context.Context, r TaskRow, day string) mark {
	f := r.Facts
	switch {
	case f.Class == Overdue:
		return lookOf(ctx, string(Overdue), "n", r.DaysLate)
	case f.Class == NoDeadline && f.Done:
		return lookOf(ctx, "done")
	case f.Class == DoneOnTime || f.Class == DoneLate:
		return lookOf(ctx, string(f.Class))
	case f.Paused:
		return lookOf(ctx, "paused")
	case f.Awaiting && f.Agencies == 1:
		return lookOf(ctx, "awaiting")
	case f.DueSoon:
		return lookOfSoon(ctx, f.DueDay, day)
	}
	return lookOf(ctx, string(f.Class))
}

func lookOfSoon(ctx context.Context, due, day string) mark {
	if due == day {
		return lookOf(ctx, "soon_today")
	}
	return lookOf(ctx, "soon", "n", daysBetween(day, due))
}

// lookOfLine says where an assignment in a list stood on a day.
func lookOfLine(ctx context.Context, l Line, day string) mark {
	switch {
	case l.Class == Overdue:
		return lookOf(ctx, string(Overdue), "n", daysBetween(l.Due, day))
	case l.Class == NoDeadline && l.Standing == Approved:
		return lookOf(ctx, "done")
	case l.Class == DoneOnTime || l.Class == DoneLate || l.Class == NoDeadline:
		return lookOf(ctx, string(l.Class))
	case l.Standing == Submitted:
		return lookOf(ctx, "awaiting")
	}
	return lookOf(ctx, string(l.Class))
}

// lookOfAssignment says where one assignment stands on a day.
func lookOfAssignment(ctx context.Context, a Assignment, class Class, day string) mark {
	switch {
	case a.Standing == Cancelled:
		return lookOf(ctx, "cancelled")
	case a.Standing == Paused:
		return lookOf(ctx, "paused")
	case class == Overdue:
		return lookOf(ctx, string(Overdue), "n", daysBetween(a.EffectiveDue, day))
	case class == "":
		return lookOf(ctx, "coordinating")
	case class == NoDeadline && a.Standing == Approved:
		return lookOf(ctx, "done")
	case a.Standing == Submitted:
		return lookOf(ctx, "awaiting")
	case class == Working || class == NotStarted:
		if n := daysBetween(day, a.EffectiveDue); n <= SoonDays {
			return lookOfSoon(ctx, a.EffectiveDue, day)
		}
	}
	return lookOf(ctx, string(class))
}

// leadWords names who answers for a task: one agency, or how many.
func leadWords(ctx context.Context, r TaskRow) string {
	if r.Facts.Lead != "" {
		return r.LeadName
	}
	return i18n.T(ctx, "planweb.each", "n", strconv.FormatInt(r.Facts.Agencies, 10))
}

// share is "28/31", "" for a task of one agency.
func share(f TaskFacts) string {
	if f.Agencies < 2 {
		return ""
	}
	return strconv.FormatInt(f.DoneCount, 10) + "/" + strconv.FormatInt(f.Agencies, 10)
}

// yearPart is the place of a day in a year, 0 to 1; a day outside the year is its end.
func yearPart(day string, year int) float64 {
	t, err := clock.ParseDay(day)
	switch {
	case err != nil || t.Year() > year:
		return 1
	case t.Year() < year:
		return 0
	}
	return float64(t.YearDay()) / 366
}

// barOf is a task over the four quarters of a year.
func barOf(p Plan, r TaskRow, day string) ui.QuarterBar {
	f := r.Facts
	bar := ui.QuarterBar{Name: r.Task.Code, From: yearPart(p.IssuedDay, p.Year), To: yearPart(f.DueDay, p.Year), Done: float64(r.Progress) / 100,
		State: "doing", Now: yearPart(day, p.Year)}
	if bar.Now == 1 { // the year is over: no line at its edge
		bar.Now = 0
	}
	switch {
	case f.Class == Overdue:
		bar.State, bar.To, bar.LateTo = "late", yearPart(f.FirstOverdue, p.Year), yearPart(day, p.Year)
	case f.Done:
		bar.State = "done"
		if f.Class == DoneLate {
			bar.LateTo = yearPart(f.DoneDay, p.Year)
		}
	}
	bar.To = max(bar.To, bar.From+0.02)
	return bar
}

func percentText(n int) string { return strconv.Itoa(n) + "%" }

// planLine is the line under the title of a plan.
func planLine(ctx context.Context, p Plan, tasks int64, day string) string {
	return i18n.T(ctx, "planweb.line", "number", p.Number, "issued", i18n.Day(ctx, p.IssuedDay), "tasks", tasks, "day", i18n.Day(ctx, day))
}

// dueWords is the deadline of a task: a day, or the words of the plan.
func dueWords(ctx context.Context, r TaskRow) string {
	if r.Facts.Class == NoDeadline || r.Facts.DueDay == NoDay {
		return r.Task.DeadlineText
	}
	return i18n.Day(ctx, r.Facts.DueDay)
}
