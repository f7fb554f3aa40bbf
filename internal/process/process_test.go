package process

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// chain is a table of one line each, that take so many minutes.
func chain(minutes ...int) (steps []Step) {
	for i, m := range minutes {
		steps = append(steps, Step{No: i + 1, Stage: 1, Group: Handler, Actor: "Phòng", Do: "làm", Minutes: m, Known: true})
	}
	return steps
}

func codesOf(faults []Fault) (list []string) {
	for _, f := range faults {
		list = append(list, f.Code)
	}
	return list
}

func is(t *testing.T, faults []Fault, want ...string) {
	t.Helper()
	if got := codesOf(faults); !slices.Equal(got, want) {
		t.Errorf("faults %v, want %v", got, want)
	}
}

func TestCheck_aChainWhoseHoursAreTheLimitIsSound(t *testing.T) {
	t.Parallel()
	is(t, Check(chain(240, 480, 960, 480, 240), Limit{2400, true}, false))
}

func TestCheck_aSumThatIsNotTheLimitIsNamedWithBothNumbers(t *testing.T) {
	t.Parallel()
	got := Check(chain(240, 480), Limit{960, true}, false)
	is(t, got, SumDiffers)
	if a := got[0].Args; a[1] != 720 || a[3] != 960 || a[5] != "1, 2" {
		t.Errorf("%v", a)
	}
}

func TestCheck_stepsSideBySideCountOnceAsTheLongestOfThem(t *testing.T) {
	t.Parallel()
	s := chain(60, 480, 240, 60)
	s[1].Parallel, s[2].Parallel = "thẩm định", "thẩm định"
	is(t, Check(s, Limit{600, true}, false))
	if p := Path(s, false); !slices.Equal(p.Steps, []int{1, 2, 4}) || p.Minutes != 600 {
		t.Errorf("%+v", p)
	}
}

func TestPath_stagesAddUpAndEachHasItsOwnWay(t *testing.T) {
	t.Parallel()
	s := chain(60, 120, 30, 90, 0)
	s[3].Stage, s[4].Stage = 2, 2
	p := Path(s, false)
	if p.Minutes != 300 || len(p.Stages) != 2 || p.Stages[0].Minutes != 210 || p.Stages[1].Minutes != 90 {
		t.Errorf("%+v", p)
	}
	if !slices.Equal(p.Stages[1].Steps, []int{4, 5}) {
		t.Errorf("handing out, which takes no time, belongs to the way: %v", p.Stages[1].Steps)
	}
}

func TestPath_onlineTimesCountForDossiersSentOnline(t *testing.T) {
	t.Parallel()
	s := chain(240, 480)
	s[0].OnlineMinutes = 120
	if at, on := Path(s, false).Minutes, Path(s, true).Minutes; at != 720 || on != 600 {
		t.Errorf("counter %d, online %d", at, on)
	}
}

func TestCheck_whatNobodyStatedIsNamedAndDoesNotStandInTheWay(t *testing.T) {
	t.Parallel()
	s := chain(60, 0)
	s[1].Known = false
	got := Check(s, Limit{}, false)
	is(t, got, LimitUnknown, TimeUnknown)
	if Stands(got) {
		t.Error("unknown times stand in the way")
	}
	is(t, Check(s, Limit{480, true}, false), TimeUnknown)
	over := Check(s, Limit{30, true}, false)
	is(t, over, TimeUnknown, SumOver)
	if !Stands(over) {
		t.Error("a sum over the limit does not stand in the way")
	}
}

func TestCheck_everyKindOfFaultIsFound(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func([]Step) []Step
		want   string
		step   int
	}{
		"an empty table":                        {func([]Step) []Step { return nil }, NoSteps, 0},
		"too many lines":                        {func([]Step) []Step { return chain(make([]int, MostSteps+1)...) }, TooManySteps, 0},
		"nobody does it":                        {func(s []Step) []Step { s[1].Actor = " "; return s }, ActorMissing, 2},
		"nothing to do":                         {func(s []Step) []Step { s[2].Do = ""; return s }, DoMissing, 3},
		"an unknown group":                      {func(s []Step) []Step { s[0].Group = "boss"; return s }, GroupUnknown, 1},
		"less than nothing":                     {func(s []Step) []Step { s[0].Minutes = -1; return s }, MinutesBelow, 1},
		"a number twice":                        {func(s []Step) []Step { s[1].No = 1; return s }, NumberTwice, 1},
		"a need of nothing":                     {func(s []Step) []Step { s[1].Needs = []int{9}; return s }, NeedsUnknown, 2},
		"a loop without an exit":                {func(s []Step) []Step { s[1].Needs = []int{3}; return s }, Loop, 2},
		"a step that waits for itself":          {func(s []Step) []Step { s[1].Needs = []int{2}; return s }, Loop, 2},
		"a dead end":                            {func(s []Step) []Step { s[2].Needs = []int{1}; return s }, DeadEnd, 2},
		"a stage left out":                      {func(s []Step) []Step { s[2].Stage = 3; return s }, StageGap, 3},
		"a stage that comes back":               {func(s []Step) []Step { s[1].Stage = 2; return s }, StageGap, 3},
		"one line beside nothing":               {func(s []Step) []Step { s[1].Parallel = "a"; return s }, ParallelAlone, 2},
		"parallel lines that do not stand near": {func(s []Step) []Step { s[0].Parallel, s[2].Parallel = "a", "a"; return s }, ParallelSplit, 3},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			faults := Check(c.change(chain(60, 60, 60)), Limit{180, true}, false)
			if !slices.ContainsFunc(faults, func(f Fault) bool { return f.Code == c.want && f.Step == c.step && !f.Soft }) {
				t.Errorf("got %+v, want %s at %d", faults, c.want, c.step)
			}
		})
	}
}

func TestNumber_needsFollowTheirStepWhenLinesMove(t *testing.T) {
	t.Parallel()
	s := chain(1, 2, 3)
	s[2].Needs = []int{1, 2}
	got := Number([]Step{s[1], s[2], {Actor: "mới"}})
	if got[1].No != 2 || !slices.Equal(got[1].Needs, []int{1}) || got[2].No != 3 {
		t.Errorf("%+v", got)
	}
}

// table draws random tables whose needs point back, so that they have no loop.
func table(t *rapid.T) []Step {
	n := rapid.IntRange(1, 14).Draw(t, "n")
	stage := 1
	var steps []Step
	for i := range n {
		if i > 0 && rapid.IntRange(0, 5).Draw(t, "next stage") == 0 {
			stage++
		}
		s := Step{No: i + 1, Stage: stage, Group: rapid.SampledFrom(Groups).Draw(t, "group"), Actor: rapid.SampledFrom([]string{"Một cửa", "Phòng A & B", "Sở <X>"}).Draw(t, "actor"),
			Do: "việc", Minutes: rapid.IntRange(0, 5000).Draw(t, "minutes"), Known: rapid.Bool().Draw(t, "known"), MaySendBack: rapid.Bool().Draw(t, "back")}
		if i > 0 && rapid.IntRange(0, 2).Draw(t, "has needs") == 0 {
			s.Needs = rapid.SliceOfNDistinct(rapid.IntRange(1, i), 1, min(i, 3), rapid.ID[int]).Draw(t, "needs")
			slices.Sort(s.Needs)
		}
		steps = append(steps, s)
	}
	return steps
}

// The longest way is what a walk over every way finds.
func TestPath_isTheLongestOfAllWays(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		steps := table(t)
		before, all := Before(steps), byNo(steps)
		var walk func(no int) int
		walk = func(no int) int {
			best := 0
			for _, b := range before[no] {
				if all[b].Stage == all[no].Stage {
					best = max(best, walk(b))
				}
			}
			if all[no].Known {
				best += all[no].Minutes
			}
			return best
		}
		most := map[int]int{}
		for _, s := range steps {
			most[s.Stage] = max(most[s.Stage], walk(s.No))
		}
		sum := 0
		for _, m := range most {
			sum += m
		}
		p := Path(steps, false)
		if p.Minutes != sum {
			t.Fatalf("path says %d, walking every way %d: %+v", p.Minutes, sum, steps)
		}
		if len(p.Loop) > 0 {
			t.Fatalf("needs point back, yet a loop was found: %v", p.Loop)
		}
	})
}
