package urge

import (
	"slices"
	"strconv"

	"cchc/internal/calendar"
	"cchc/internal/clock"
)

// Rule is one step of the ladder (bậc đôn đốc).
type Rule struct {
	Step     string
	Level    int // 0 … 6
	Days     int // working days from the deadline; negative before it
	Every    int // working days after which it repeats, 0 for once
	Audience []string
	Act      string // remind, letter, yellow, red
	Basis    string
	Mark     string
}

// Who a step is for.
const (
	toOfficer  = "officer"
	toFocal    = "focal" // đầu mối CCHC
	toHead     = "head"
	toFollower = "follower"
)

// due is one step whose day has come.
type due struct {
	Rule
	step string // Rule.Step, with its number when it repeats: "after_3.2"
	on   string // the day on which it fell
}

// acknowledgeDays is how many working days an agency has to take what it was given.
const acknowledgeDays = 3

// silentDays is how many calendar days without an update make a silence, and
// silentEvery after how many more it is said again.
const (
	silentDays  = 30
	silentEvery = 7
)

// ladder walks the rules; the days of one deadline are worked out once.
type ladder struct {
	rules []Rule
	cal   calendar.Calendar
	today string
	known map[string][]due // by deadline
}

// fallen lists the steps of a deadline whose day is not after today, earliest first.
func (l *ladder) fallen(deadline string) []due {
	if list, ok := l.known[deadline]; ok {
		return list
	}
	var list []due
	for _, r := range l.rules {
		on := l.cal.AddWorkingDays(deadline, r.Days)
		for n := 1; on <= l.today; n++ {
			step := r.Step
			if n > 1 {
				step += "." + strconv.Itoa(n)
			}
			list = append(list, due{r, step, on})
			if r.Every == 0 {
				break
			}
			on = l.cal.AddWorkingDays(deadline, r.Days+n*r.Every)
		}
	}
	slices.SortStableFunc(list, func(a, b due) int {
		if a.on != b.on {
			if a.on < b.on {
				return -1
			}
			return 1
		}
		return a.Level - b.Level
	})
	l.known[deadline] = list
	return list
}

// owed is what an item is due for today: the basis names the deadline (or the day of
// assignment, or of the last update) to which a step belongs, so that an extension
// begins the ladder anew and nothing is said twice about the same day.
type owed struct {
	due
	basis string
}

// steps lists every step of an item whose day has come, whether it was taken or not.
func (l *ladder) steps(i Item) []owed {
	if i.Paused {
		return nil
	}
	var list []owed
	if i.Due != NoDay {
		for _, d := range l.fallen(i.Due) {
			list = append(list, owed{d, i.Due})
		}
	}
	if !i.Acknowledged {
		given := due{Rule{Step: "given", Level: 0, Audience: []string{toHead, toFocal}, Act: "remind"}, "given", i.Assigned}
		list = append(list, owed{given, "given:" + i.Assigned})
		if on := l.cal.AddWorkingDays(i.Assigned, acknowledgeDays); on < l.today {
			late := due{Rule{Step: "unacknowledged", Level: 1, Audience: []string{toHead}, Act: "remind"}, "unacknowledged", on}
			list = append(list, owed{late, "given:" + i.Assigned})
		}
	}
	if quiet := daysBetween(i.Updated, l.today); i.Acknowledged && quiet >= silentDays {
		n := strconv.Itoa((quiet - silentDays) / silentEvery)
		silent := due{Rule{Step: "silent", Level: 1, Audience: []string{toOfficer, toFocal}, Act: "remind"}, "silent." + n, l.today}
		list = append(list, owed{silent, "since:" + i.Updated})
	}
	return list
}

// daysBetween counts calendar days; 0 when a day cannot be read.
func daysBetween(a, b string) int {
	from, err := clock.ParseDay(a)
	if err != nil {
		return 0
	}
	to, err := clock.ParseDay(b)
	if err != nil {
		return 0
	}
	return int(to.Sub(from).Hours()) / 24
}

// take chooses among the steps of an item that were not taken yet: of each basis only
// the last is acted on, the earlier ones are covered by it. Letters and cards are acted
// on even when a later step overtakes them, because each is a paper of its own.
func take(all []owed, taken map[string]bool) (act, covered []owed) {
	last := map[string]int{}
	for i, o := range all {
		if !taken[o.basis+"\x00"+o.step] {
			last[o.basis] = i
		}
	}
	for i, o := range all {
		switch {
		case taken[o.basis+"\x00"+o.step]:
		case last[o.basis] == i || o.Act != "remind" && onlyOfItsAct(all, i, o):
			act = append(act, o)
		default:
			covered = append(covered, o)
		}
	}
	return act, covered
}

// onlyOfItsAct says that no later step asks for the same paper.
func onlyOfItsAct(all []owed, at int, o owed) bool {
	for _, later := range all[at+1:] {
		if later.basis == o.basis && later.Act == o.Act {
			return false
		}
	}
	return true
}
