// Package process describes how work runs inside an office (quy trình nội bộ): a table
// of steps as the officers write it, checked, measured along its longest way, laid out
// as a diagram, and written as BPMN 2.0.
//
// Start at Step; Check says what is wrong with a table, Path how long it takes, Draw
// where boxes and arrows stand, WriteBPMN and ReadBPMN carry it to other programs. The
// package is pure: no database, no words for people.
package process

import (
	"slices"
	"strconv"
)

// Group says what part in the work the actor of a step has.
type Group string

// The groups.
const (
	Counter      Group = "counter"      // bộ phận tiếp nhận và trả kết quả
	Handler      Group = "handler"      // chuyên viên thụ lý
	UnitHead     Group = "unit_head"    // trưởng phòng
	Leader       Group = "leader"       // lãnh đạo ký
	Coordinating Group = "coordinating" // đơn vị phối hợp
	Outside      Group = "outside"      // người ngoài cơ quan: tổ chức đấu giá, người nộp hồ sơ
)

// Groups lists them.
var Groups = []Group{Counter, Handler, UnitHead, Leader, Coordinating, Outside}

// MostSteps is how many steps one table takes.
const MostSteps = 120

// Step is one line of a step table. Steps without Needs follow the line above; lines
// that share a Parallel name run side by side, and the line after them waits for all.
type Step struct {
	No            int    `json:"no"`    // 1, 2, 3 … in the order of the table
	Stage         int    `json:"stage"` // the clock stops between stages; 1 when there is only one
	Group         Group  `json:"group"`
	Actor         string `json:"actor"` // as officers write it: "Phòng chuyên môn Sở VHTTDL"
	Do            string `json:"do"`
	Minutes       int    `json:"minutes"`                  // working time
	OnlineMinutes int    `json:"online_minutes,omitempty"` // for a dossier sent online; 0 is as Minutes
	Known         bool   `json:"known"`                    // false: nobody stated the time, Minutes means nothing
	ResultState   string `json:"result_state,omitempty"`   // state that the step leads to, "" leaves it
	MaySendBack   bool   `json:"may_send_back,omitempty"`
	Needs         []int  `json:"needs,omitempty"`    // numbers of the steps whose results it waits for
	Parallel      string `json:"parallel,omitempty"` // name of the lines that run side by side, "" for none
}

// Takes is the working minutes of the step at the counter or online.
func (s Step) Takes(online bool) int {
	if online && s.OnlineMinutes > 0 {
		return s.OnlineMinutes
	}
	return s.Minutes
}

// Number gives the steps their numbers in the order of the slice and carries Needs
// along, so that lines can be added, moved and removed. A need of a removed line goes.
func Number(steps []Step) []Step {
	out := slices.Clone(steps)
	now := map[int]int{}
	for i, s := range steps {
		now[s.No] = i + 1
	}
	for i := range out {
		var needs []int
		for _, n := range out[i].Needs {
			if to, kept := now[n]; kept && n != 0 {
				needs = append(needs, to)
			}
		}
		out[i].No, out[i].Needs = i+1, needs
	}
	return out
}

// Before says which steps each step waits for, by number: its Needs, or what the order
// of the table means.
func Before(steps []Step) map[int][]int {
	out := make(map[int][]int, len(steps))
	var last []int // what the next line waits for
	for i := 0; i < len(steps); {
		end := i + 1
		for end < len(steps) && steps[i].Parallel != "" && steps[end].Parallel == steps[i].Parallel {
			end++
		}
		var block []int
		for _, s := range steps[i:end] {
			out[s.No] = slices.Clone(last)
			if len(s.Needs) > 0 {
				out[s.No] = slices.Compact(slices.Sorted(slices.Values(s.Needs)))
			}
			block = append(block, s.No)
		}
		last, i = block, end
	}
	return out
}

// After turns Before around: which steps wait for each step.
func After(before map[int][]int) map[int][]int {
	out := map[int][]int{}
	for no, list := range before {
		for _, n := range list {
			out[n] = append(out[n], no)
		}
	}
	for _, list := range out {
		slices.Sort(list)
	}
	return out
}

// order sorts the steps so that each comes after what it waits for, lowest number
// first; left are the steps of a loop, which never get their turn.
func order(steps []Step, before map[int][]int) (sorted, left []int) {
	done := map[int]bool{}
	for len(sorted)+len(left) < len(steps) {
		next := 0
		for _, s := range steps {
			if !done[s.No] && !slices.ContainsFunc(before[s.No], func(n int) bool { return !done[n] }) {
				next = s.No
				break
			}
		}
		if next == 0 {
			for _, s := range steps {
				if !done[s.No] {
					left = append(left, s.No)
				}
			}
			return sorted, left
		}
		done[next] = true
		sorted = append(sorted, next)
	}
	return sorted, left
}

// byNo finds a step of a table by its number.
func byNo(steps []Step) map[int]Step {
	out := make(map[int]Step, len(steps))
	for _, s := range steps {
		out[s.No] = s
	}
	return out
}

func numbers(list []int) string {
	out := ""
	for i, n := range list {
		if i > 0 {
			out += ", "
		}
		out += strconv.Itoa(n)
	}
	return out
}
