package plan

// Event is one append-only entry in the history of an assignment.
type Event struct {
	Move string // a move of AssignmentMoves, or "assign", "extend", "hand_over", "input", "remind"
	Day  string // day in Vietnam on which it happened
	Due  string // "assign": first deadline; "extend": the new one
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
		if n := len(list); now.From < day {
			now.To = day
			if n > 0 && list[n-1].To == now.From && sameState(list[n-1], now) {
				list[n-1].To = day
			} else {
				list = append(list, now)
			}
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
			list = before(list, from)
			now.From = min(now.From, from)
			now.Standing, now.Hold = Approved, NoDay
		case "extend":
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
		list = append(list, now)
	}
	return list, done
}

func sameState(a, b Phase) bool {
	return a.Standing == b.Standing && a.Due == b.Due && a.Hold == b.Hold
}

// before cuts a list of stretches at day: what began later is forgotten.
func before(list []Phase, day string) []Phase {
	kept := list[:0]
	for _, p := range list {
		if p.From >= day {
			continue
		}
		if p.To > day {
			p.To = day
		}
		kept = append(kept, p)
	}
	return kept
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
