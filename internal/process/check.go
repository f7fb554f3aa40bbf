package process

import (
	"slices"
	"strings"
)

// Fault is one thing that is wrong with a table, or that nobody stated. Code is stable;
// its words are those of the room that shows it.
type Fault struct {
	Step  int    // number of the step, 0 for the whole table
	Field string // "actor", "do", "minutes", "needs", "parallel", "stage", "group" or ""
	Code  string
	Args  []any // name, value pairs for the sentence
	Soft  bool  // says what is unknown; does not stand in the way
}

// The codes of faults.
const (
	NoSteps       = "no_steps"       // the table is empty
	TooManySteps  = "too_many_steps" // more than MostSteps
	NumberTwice   = "number_twice"
	ActorMissing  = "actor_missing"
	DoMissing     = "do_missing"
	GroupUnknown  = "group_unknown"
	MinutesBelow  = "minutes_below" // less than nothing
	TimeUnknown   = "time_unknown"  // soft: nobody stated how long the step takes
	NeedsUnknown  = "needs_unknown" // needs a step that is not there
	Loop          = "loop"          // steps wait for each other: none can begin
	DeadEnd       = "dead_end"      // nothing follows, and it is not the end
	StageGap      = "stage_gap"     // stages are not 1, 2, 3 in the order of the table
	ParallelSplit = "parallel_split"
	ParallelAlone = "parallel_alone"
	SumDiffers    = "sum_differs"   // the longest way is not the limit
	SumOver       = "sum_over"      // what is known takes longer than the limit already
	LimitUnknown  = "limit_unknown" // soft: nobody stated the limit
)

// Limit is how long the whole may take, in working minutes. Known false: nobody stated
// it, and no sum is compared.
type Limit struct {
	Minutes int
	Known   bool
}

// Check lists what is wrong with a table, in the order of its lines: every step has an
// actor and something to do, nothing is a dead end or waits in a circle, and the longest
// way is as long as the limit (stages added up). online checks the times of dossiers
// sent online.
func Check(steps []Step, limit Limit, online bool) (faults []Fault) {
	add := func(f Fault) { faults = append(faults, f) }
	if !limit.Known {
		add(Fault{Field: "limit", Code: LimitUnknown, Soft: true})
	}
	switch {
	case len(steps) == 0:
		return append(faults, Fault{Code: NoSteps})
	case len(steps) > MostSteps:
		return append(faults, Fault{Code: TooManySteps, Args: []any{"max", MostSteps}})
	}
	seen := map[int]bool{}
	for _, s := range steps {
		faults = append(faults, line(s, seen)...)
		seen[s.No] = true
	}
	faults = append(faults, neighbours(steps)...)
	for _, s := range steps {
		for _, n := range s.Needs {
			if !seen[n] {
				add(Fault{Step: s.No, Field: "needs", Code: NeedsUnknown, Args: []any{"needed", n}})
			}
		}
	}
	if slices.ContainsFunc(faults, func(f Fault) bool { return f.Code == NumberTwice || f.Code == NeedsUnknown }) {
		return faults // the way through is not known
	}
	way := Path(steps, online)
	for _, no := range way.Loop {
		add(Fault{Step: no, Field: "needs", Code: Loop, Args: []any{"steps", numbers(way.Loop)}})
	}
	if len(way.Loop) == 0 {
		faults = append(faults, deadEnds(steps)...)
		faults = append(faults, sums(way, limit)...)
	}
	return faults
}

// line checks one line by itself.
func line(s Step, seen map[int]bool) (faults []Fault) {
	add := func(field, code string) { faults = append(faults, Fault{Step: s.No, Field: field, Code: code}) }
	if seen[s.No] || s.No < 1 {
		add("no", NumberTwice)
	}
	if strings.TrimSpace(s.Actor) == "" {
		add("actor", ActorMissing)
	}
	if strings.TrimSpace(s.Do) == "" {
		add("do", DoMissing)
	}
	if !slices.Contains(Groups, s.Group) {
		add("group", GroupUnknown)
	}
	if s.Minutes < 0 || s.OnlineMinutes < 0 {
		add("minutes", MinutesBelow)
	}
	if !s.Known {
		faults = append(faults, Fault{Step: s.No, Field: "minutes", Code: TimeUnknown, Soft: true})
	}
	return faults
}

// neighbours checks what neighbouring lines say together: stages rise by one, parallel lines
// stand together and are at least two.
func neighbours(steps []Step) (faults []Fault) {
	stage, closed := 0, map[string]bool{}
	for i, s := range steps {
		if s.Stage != stage && s.Stage != stage+1 || s.Stage < 1 {
			faults = append(faults, Fault{Step: s.No, Field: "stage", Code: StageGap})
		}
		stage = max(stage, s.Stage)
		if s.Parallel == "" || i > 0 && steps[i-1].Parallel == s.Parallel {
			continue
		}
		if closed[s.Parallel] {
			faults = append(faults, Fault{Step: s.No, Field: "parallel", Code: ParallelSplit, Args: []any{"name", s.Parallel}})
		} else if i+1 == len(steps) || steps[i+1].Parallel != s.Parallel {
			faults = append(faults, Fault{Step: s.No, Field: "parallel", Code: ParallelAlone, Args: []any{"name", s.Parallel}})
		}
		closed[s.Parallel] = true
	}
	return faults
}

// deadEnds finds steps that nothing follows although the table goes on: only the last
// line, with what runs beside it, may end the work.
func deadEnds(steps []Step) (faults []Fault) {
	after := After(Before(steps))
	last := steps[len(steps)-1]
	for _, s := range steps {
		ends := s.No == last.No || s.Parallel != "" && s.Parallel == last.Parallel
		if !ends && len(after[s.No]) == 0 {
			faults = append(faults, Fault{Step: s.No, Code: DeadEnd})
		}
	}
	return faults
}

func sums(way Critical, limit Limit) []Fault {
	args := []any{"sum", way.Minutes, "limit", limit.Minutes, "steps", numbers(way.Steps)}
	switch {
	case !limit.Known:
		return nil
	case len(way.Unknown) == 0 && way.Minutes != limit.Minutes:
		return []Fault{{Field: "minutes", Code: SumDiffers, Args: args}}
	case way.Minutes > limit.Minutes:
		return []Fault{{Field: "minutes", Code: SumOver, Args: args}}
	}
	return nil
}

// Stands says whether a fault stands in the way.
func Stands(faults []Fault) bool {
	return slices.ContainsFunc(faults, func(f Fault) bool { return !f.Soft })
}
