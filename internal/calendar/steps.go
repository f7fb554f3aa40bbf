package calendar

// StepKind says what a day did to the clock.
type StepKind string

// The kinds of step.
const (
	StepFull        StepKind = "full"             // all of the day's work was counted
	StepPartial     StepKind = "partial"          // some of it, or none: the clock began after hours
	StepWeekend     StepKind = "weekend"          // no work by its weekday
	StepDayOff      StepKind = "day_off"          // holiday or swapped day
	StepMakeUp      StepKind = "make_up"          // a day off that is worked
	StepToConfirm   StepKind = "to_confirm"       // counted as work; a day off not yet confirmed
	StepPause       StepKind = "pause"            // the clock stood still
	StepCalendar    StepKind = "calendar"         // counted whole, work or not (unit calendar_day)
	StepUnconfirmed StepKind = "year_unconfirmed" // warning: nobody has confirmed this year's days off
)

// Step explains one day of the count, in order. A day has one step; a second when
// the clock also stood still on it, and a warning before the first day of a year that
// nobody has confirmed.
type Step struct {
	Day     string   `json:"day"`            // YYYY-MM-DD
	Kind    StepKind `json:"kind"`           //
	From    string   `json:"from,omitempty"` // HH:MM of the first minute counted or paused
	To      string   `json:"to,omitempty"`   // HH:MM at which it ended; 24:00 is midnight
	Minutes int64    `json:"minutes"`        // counted on this day
	Left    int64    `json:"left"`           // still to count after it, in minutes
	Name    string   `json:"name,omitempty"` // of the holiday or make-up day
}

// recorder collects steps. A nil recorder records nothing, so that counting many
// clocks costs no memory.
type recorder struct {
	steps []Step
	year  int
	// The day being walked.
	plan       plan
	n          int
	left       int64
	work, halt stretch
	counted    int64
}

// stretch is what was counted or paused of a day, in minutes since 1970; to is 0 when nothing was.
type stretch struct{ from, to int64 }

func (s *stretch) add(from, to int64) {
	if s.to == 0 {
		s.from = from
	}
	s.to = to
}

// warn notes the first day of a year that nobody has confirmed.
func (r *recorder) warn(c Calendar, n int, left int64) {
	y := civil(n).Year()
	if y == r.year {
		return
	}
	r.year = y
	if !c.confirmed[y] {
		r.steps = append(r.steps, Step{Day: dayText(n), Kind: StepUnconfirmed, Left: left})
	}
}

// enter records the days from first to last that pass before the clock begins.
func (r *recorder) enter(c Calendar, first, last int, left int64) {
	if r == nil {
		return
	}
	for n := first; n <= last; n++ {
		r.open(c, n, c.plan(n), left)
		r.close()
	}
}

// relabel sets what is left on the days recorded before the amount was known in minutes.
func (r *recorder) relabel(left int64) {
	if r == nil {
		return
	}
	for i := range r.steps {
		r.steps[i].Left = left
	}
}

func (r *recorder) open(c Calendar, n int, p plan, left int64) {
	if r == nil {
		return
	}
	r.warn(c, n, left)
	r.n, r.plan, r.left = n, p, left
	r.work, r.halt, r.counted = stretch{}, stretch{}, 0
}

func (r *recorder) used(from, to, left int64) {
	if r == nil {
		return
	}
	r.work.add(from, to)
	r.counted += to - from
	r.left = left
}

func (r *recorder) paused(from, to int64) {
	if r != nil {
		r.halt.add(from, to)
	}
}

// close writes the steps of the day that was opened.
func (r *recorder) close() {
	if r == nil {
		return
	}
	step := Step{Day: dayText(r.n), Kind: idleKind(r.plan), Left: r.left, Name: r.plan.name, Minutes: r.counted}
	if r.counted > 0 {
		step.From, step.To = r.text(r.work)
		if step.Kind == StepPartial && r.counted == r.plan.minutes() {
			step.Kind = StepFull
		}
	}
	if r.halt.to == 0 {
		r.steps = append(r.steps, step)
		return
	}
	halt := Step{Day: step.Day, Kind: StepPause, Left: r.left}
	halt.From, halt.To = r.text(r.halt)
	switch {
	case r.counted == 0:
		halt.Name = step.Name
		r.steps = append(r.steps, halt)
	case r.halt.from < r.work.from:
		halt.Left += r.counted
		r.steps = append(r.steps, halt, step)
	default:
		r.steps = append(r.steps, step, halt)
	}
}

func (r *recorder) text(s stretch) (from, to string) {
	midnight := int64(r.n) * dayLength
	return clockText(s.from - midnight), clockText(s.to - midnight)
}

// idleKind is the kind of a day before anything is known to be counted on it.
func idleKind(p plan) StepKind {
	switch {
	case p.kind == DayOff:
		return StepDayOff
	case p.kind == MakeUp:
		return StepMakeUp
	case p.weekend:
		return StepWeekend
	case p.kind == ToConfirm || p.kind == LunarHint:
		return StepToConfirm
	}
	return StepPartial
}

// calendarDays records a count in calendar days: each day from the beginning to the
// due day, then the days off over which the due day was moved.
func (r *recorder) calendarDays(c Calendar, began, due, moved int64, pauses []pause) {
	if r == nil {
		return
	}
	r.relabel(due - began)
	for n := dayOf(began) + 1; n <= dayOf(moved); n++ {
		m := int64(n)*dayLength + began - int64(dayOf(began))*dayLength
		p := c.plan(n)
		left := max(0, due-m)
		r.warn(c, n, left)
		step := Step{Day: dayText(n), Kind: StepCalendar, Minutes: min(dayLength, max(0, due-(m-dayLength))), Left: left, Name: p.name}
		_, _, halted := next(pauses, m-1, m)
		switch {
		case n >= dayOf(due) && len(p.periods) == 0 && moved > due:
			step.Kind = idleKind(p)
		case halted:
			step.Kind, step.Minutes = StepPause, 0
		}
		r.steps = append(r.steps, step)
	}
}
