package process

import "slices"

// Critical is the longest way through a table.
type Critical struct {
	Minutes int     // of all stages together; what is unknown counts as nothing
	Steps   []int   // numbers on the longest way, in order
	Stages  []Stage // each with its own sum
	Unknown []int   // steps whose time nobody stated
	Loop    []int   // steps that wait for each other; they are left out
}

// Stage is the longest way through one stage; the clock stops before the next begins.
type Stage struct {
	No      int
	Minutes int
	Steps   []int
}

// Path measures the longest way of a table, stage by stage: a stage begins when the one
// before it is over, whatever its steps need.
func Path(steps []Step, online bool) Critical {
	before, all := Before(steps), byNo(steps)
	sorted, loop := order(steps, before)
	out := Critical{Loop: loop}
	for _, s := range steps {
		if !s.Known {
			out.Unknown = append(out.Unknown, s.No)
		}
	}
	for _, stage := range stagesOf(steps) {
		one := longest(sorted, stage, before, all, online)
		out.Minutes += one.Minutes
		out.Steps = append(out.Steps, one.Steps...)
		out.Stages = append(out.Stages, one)
	}
	return out
}

// longest is the way through one stage that takes the most time; of two as long the one
// that comes first in the table.
func longest(sorted []int, stage int, before map[int][]int, all map[int]Step, online bool) Stage {
	sum, from := map[int]int{}, map[int]int{}
	end, found := 0, false
	for _, no := range sorted {
		s := all[no]
		if s.Stage != stage {
			continue
		}
		best := 0
		for _, b := range before[no] {
			if all[b].Stage == stage && (best == 0 || sum[b] > sum[best]) {
				best = b
			}
		}
		from[no] = best
		sum[no] = sum[best]
		if s.Known {
			sum[no] += s.Takes(online)
		}
		// A later step of the same length belongs to the way too: handing the result out takes no time.
		if !found || sum[no] > sum[end] || sum[no] == sum[end] && best == end {
			end, found = no, true
		}
	}
	out := Stage{No: stage, Minutes: sum[end]}
	for no := end; no != 0; no = from[no] {
		out.Steps = append(out.Steps, no)
	}
	slices.Reverse(out.Steps)
	return out
}

func stagesOf(steps []Step) (list []int) {
	for _, s := range steps {
		if !slices.Contains(list, s.Stage) {
			list = append(list, s.Stage)
		}
	}
	slices.Sort(list)
	return list
}
