package plan

// Class is the derived class of an assignment or a task on a day. The six classes
// are disjoint and add up to everything that is not cancelled.
type Class string

const (
	DoneOnTime Class = "on_time"     // hoàn thành đúng hạn
	DoneLate   Class = "late"        // hoàn thành quá hạn
	Overdue    Class = "overdue"     // quá hạn chưa hoàn thành
	Working    Class = "in_progress" // đang thực hiện, còn hạn
	NotStarted Class = "not_started" // chưa thực hiện, còn hạn
	NoDeadline Class = "no_deadline" // không có hạn cụ thể: outside the on-time denominators
)

// Classes lists the six, worst first.
var Classes = []Class{Overdue, DoneLate, Working, NotStarted, DoneOnTime, NoDeadline}

// Phase is a stretch of days in which the standing of one assignment did not change:
// from From (included) to To (excluded). History is append-only events; phases are
// what they amount to, as known today.
type Phase struct {
	From, To string
	Standing Standing // InProgress stands for started, Approved for done
	Due      string   // effective deadline in this stretch
	Hold     string   // day on which a pause began: the class stays as on that day; NoDay when not paused
}

// on is the day by which a paused assignment is judged.
func (p Phase) on(day string) string {
	if p.Hold < day {
		return p.Hold
	}
	return day
}

// Facts is what is known of one assignment on one day: the input of every count.
type Facts struct {
	Dated    bool
	Standing Standing
	Due      string // effective
	Original string
	Done     string // completion day; counts only while Standing is Approved
	Hold     string
}

// classOn derives the class on a day: an assignment is due until midnight of its
// day, and completion is the day of the submission that was later accepted, so a
// slow approver never makes an agency late.
func (f Facts) classOn(day string) Class { return f.classBy(f.Due, day) }

// classByOriginal is the same by the deadline first set.
func (f Facts) classByOriginal(day string) Class { return f.classBy(f.Original, day) }

func (f Facts) classBy(due, day string) Class {
	day = Phase{Hold: f.Hold}.on(day)
	switch {
	case !f.Dated:
		return NoDeadline
	case f.Standing == Approved && f.Done <= due:
		return DoneOnTime
	case f.Standing == Approved:
		return DoneLate
	case day > due:
		return Overdue
	case f.Standing == Assigned || f.Standing == Acknowledged:
		return NotStarted
	}
	return Working
}

// dueBy says whether the assignment belongs to the denominator of the rates.
func (f Facts) dueBy(due, day string) bool {
	return f.Dated && due <= Phase{Hold: f.Hold}.on(day)
}

// rollUp derives the class of a task from its lead assignments: done when all are,
// late when any was, overdue as soon as one is. It reports whether the task is due:
// its last deadline came, or some agency already missed one.
func rollUp(all []Facts, day string, original bool) (class Class, done, due bool) {
	pick := func(f Facts) (Class, string) {
		if original {
			return f.classByOriginal(day), f.Original
		}
		return f.classOn(day), f.Due
	}
	done, due, dated := true, true, false
	seen := map[Class]bool{}
	for _, f := range all {
		c, limit := pick(f)
		seen[c] = true
		done = done && f.Standing == Approved
		dated = dated || f.Dated
		due = due && f.dueBy(limit, day)
	}
	due = due || seen[Overdue] || seen[DoneLate]
	switch {
	case !dated:
		return NoDeadline, done, false
	case done && seen[DoneLate]:
		return DoneLate, done, due
	case done:
		return DoneOnTime, done, due
	case seen[Overdue]:
		return Overdue, done, due
	case seen[Working] || seen[DoneOnTime] || seen[DoneLate]:
		return Working, done, due
	}
	return NotStarted, done, due
}
