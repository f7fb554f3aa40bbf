package plan

// Event is one append-only entry in the history of an assignment.
type Event struct {
	Move string // a move of AssignmentMoves, or "assign", "extend", "amend", "hand_over", "input", "remind"
	Day  string // day in Vietnam on which it happened
	Due  string // "assign": first deadline; "extend" and "amend": the new one
}

// phases folds a history into stretches of days and the completion day, as known
// today: an accepted result counts from the day on which it was submitted, whatever
// day it was accepted. Events come in the order in which they happened; of several
// on one day the last one stands.
func phases(history []Event) (list []Phase, done string) {
	done = NoDay
	now := Phase{Hold: NoDay}
	open, start := false, ""
	cut := func(day string) { // ends the current stretch before day
		if !open {
			now.From, start = day, day
			return
		}
		if day < now.From { // carried over from an assignment before: it holds from the first day
			day = now.From
		}
		if now.From < day {
			now.To = day
			list = follow(list, now)
		}
		now.From = day
	}
	submitted := ""
	for _, e := range history {
		switch e.Move {
		case "assign":
			cut(e.Day)
			open, now.Standing, now.Due = true, Assigned, e.Due
		case "progress", "return":
			cut(e.Day)
			now.Standing = InProgress
		case "submit":
			cut(e.Day)
			now.Standing, submitted = Submitted, e.Day
		case "approve":
			done = submitted
			from := max(submitted, start)
			list = settled(list, from)
			now.Standing, now.Hold = Approved, NoDay
		case "extend", "amend":
			if e.Due == "" { // an amendment that leaves the deadline
				continue
			}
			cut(e.Day)
			now.Due = e.Due
		case "pause":
			cut(e.Day)
			now.Hold = e.Day
		case "resume":
			cut(e.Day)
			now.Hold = NoDay
		case "cancel", "hand_over":
			cut(e.Day)
			open = false
		}
	}
	if open {
		now.To = NoDay
		list = follow(list, now)
	}
	return list, done
}

// follow appends a stretch, or lengthens the last one when nothing changed between.
func follow(list []Phase, next Phase) []Phase {
	if n := len(list); n > 0 && list[n-1].To == next.From && sameState(list[n-1], next) {
		list[n-1].To = next.To
		return list
	}
	return append(list, next)
}

func sameState(a, b Phase) bool {
	return a.Standing == b.Standing && a.Due == b.Due && a.Hold == b.Hold
}

// settled reads a list of stretches again once the result handed in on day was
// approved: from that day on the work was done. A later deadline that was granted
// while the result waited still begins on its own day.
func settled(list []Phase, day string) []Phase {
	var out []Phase
	for _, p := range list {
		if p.From < day {
			earlier := p
			earlier.To = min(p.To, day)
			out = follow(out, earlier)
		}
		if p.To > day {
			p.From, p.Standing, p.Hold = max(p.From, day), Approved, NoDay
			out = follow(out, p)
		}
	}
	return out
}

// at returns the stretch that holds on day; ok is false before the assignment was
// given and after it was cancelled.
func at(list []Phase, day string) (Phase, bool) {
	for _, p := range list {
		if p.From <= day && day < p.To {
			return p, true
		}
	}
	return Phase{}, false
}
