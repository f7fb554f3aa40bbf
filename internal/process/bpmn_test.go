package process

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"cchc/internal/errs"
)

// What is written is read back the same, whatever the table.
func TestBPMN_roundTrip(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		steps := table(t)
		for i := range steps { // some lines side by side
			if i > 0 && i+1 < len(steps) && rapid.IntRange(0, 4).Draw(t, "parallel") == 0 && steps[i-1].Parallel == "" {
				steps[i].Parallel, steps[i+1].Parallel = fmt.Sprint("nhóm ", i), fmt.Sprint("nhóm ", i)
			}
			steps[i].OnlineMinutes = rapid.IntRange(0, 3).Draw(t, "online")
		}
		steps = Plain(steps)
		raw := WriteBPMN("thu-tuc", `Thủ tục "A" & B`, steps)
		got, err := ReadBPMN(raw)
		if err != nil {
			t.Fatalf("%v\n%s", err, raw)
		}
		if !reflect.DeepEqual(Before(got), Before(steps)) {
			t.Fatalf("the ways differ\n%v\n%v\n%s", Before(got), Before(steps), raw)
		}
		for i := range got {
			a, b := got[i], steps[i]
			a.Needs, b.Needs = nil, nil
			if !reflect.DeepEqual(a, b) {
				t.Fatalf("step %d: %+v, was %+v", i+1, a, b)
			}
		}
		if !bytes.Equal(raw, WriteBPMN("thu-tuc", `Thủ tục "A" & B`, got)) {
			t.Fatal("writing again gives another document")
		}
	})
}

// example is a table with everything that the writer knows.
func example() []Step {
	s := chain(240, 480, 960, 120, 0)
	s[0].Actor, s[0].Group, s[0].OnlineMinutes = "Trung tâm PVHCC", Counter, 60
	s[1].Parallel, s[2].Parallel = "thẩm định", "thẩm định"
	s[2].Actor, s[2].Group = "Đoàn thẩm định <liên ngành>", Coordinating
	s[3].Actor, s[3].Group, s[3].MaySendBack, s[3].ResultState = "Lãnh đạo Sở", Leader, true, "approved"
	s[4].Actor, s[4].Group, s[4].Stage = "Trung tâm PVHCC", Counter, 2
	return s
}

// testdata/example.bpmn is also what e2e/bpmn.mjs gives to bpmn-moddle.
func TestBPMN_theExampleIsWhatModellersWereShownToRead(t *testing.T) {
	t.Parallel()
	path := filepath.Join("testdata", "example.bpmn")
	raw := WriteBPMN("example", "Cấp giấy phép", example())
	want, err := os.ReadFile(path)
	if os.Getenv("UPDATE") != "" {
		err = os.WriteFile(path, raw, 0o644)
		want = raw
	}
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(raw, want) {
		t.Error("the writer changed: make the example again with UPDATE=1 and run e2e/bpmn.mjs")
	}
}

func TestBPMN_aTaskOfAnotherProgramHasNoKnownTimeAndNoGroup(t *testing.T) {
	t.Parallel()
	got, err := ReadBPMN([]byte(`<definitions xmlns="` + nsModel + `"><process id="p"><startEvent id="s"/><userTask id="a" name=" Xem "/><endEvent id="e"/>
		<sequenceFlow id="1" sourceRef="s" targetRef="a"/><sequenceFlow id="2" sourceRef="a" targetRef="e"/></process></definitions>`))
	if err != nil || len(got) != 1 || got[0].Known || got[0].Group != "" || got[0].Do != "Xem" {
		t.Fatalf("%+v %v", got, err)
	}
	faults := codesOf(Check(got, Limit{480, true}, false))
	if !strings.Contains(strings.Join(faults, " "), GroupUnknown) || !strings.Contains(strings.Join(faults, " "), TimeUnknown) {
		t.Error(faults)
	}
}

func TestBPMN_whatTheSubsetHasNoPlaceForIsRefused(t *testing.T) {
	t.Parallel()
	in := func(body string) string {
		return `<definitions xmlns="` + nsModel + `" xmlns:c="` + nsOurs + `"><process id="p"><startEvent id="s"/>` + body + `</process></definitions>`
	}
	two := `<userTask id="a"/><userTask id="b"/>`
	flow := func(pairs ...string) (out string) {
		for i := 0; i+1 < len(pairs); i += 2 {
			out += fmt.Sprintf(`<sequenceFlow sourceRef="%s" targetRef="%s"/>`, pairs[i], pairs[i+1])
		}
		return out
	}
	for name, c := range map[string]struct{ file, code string }{
		"no XML":                            {"{}", "process.bpmn_unreadable"},
		"nothing":                           {"", "process.bpmn_unreadable"},
		"cut in the middle":                 {in("")[:60], "process.bpmn_unreadable"},
		"another encoding":                  {`<?xml version="1.0" encoding="UTF-16"?>` + in(two), "process.bpmn_unreadable"},
		"a document type":                   {`<!DOCTYPE d [<!ENTITY a "b">]>` + in(two), "process.bpmn_element"},
		"an entity":                         {in(`<userTask id="a" name="&bomb;"/>`), "process.bpmn_unreadable"},
		"a style sheet":                     {`<?xml-stylesheet href="x"?>` + in(two), "process.bpmn_element"},
		"a script task":                     {in(`<scriptTask id="a"/>`), "process.bpmn_element"},
		"a choice":                          {in(`<exclusiveGateway id="a"/>`), "process.bpmn_element"},
		"another root":                      {`<svg xmlns="http://www.w3.org/2000/svg"/>`, "process.bpmn_element"},
		"an element in the wrong place":     {in(`<userTask id="a"><userTask id="b"/></userTask>`), "process.bpmn_element"},
		"an attribute of ours nobody knows": {in(`<userTask id="a"><extensionElements><c:step cost="1"/></extensionElements></userTask>`), "process.bpmn_element"},
		"minutes that are no number":        {in(`<userTask id="a"><extensionElements><c:step minutes="1e9"/></extensionElements></userTask>`), "process.bpmn_element"},
		"an id twice":                       {in(`<userTask id="a"/><userTask id="a"/>`), "process.bpmn_flow"},
		"an arrow to nothing":               {in(two + flow("a", "z")), "process.bpmn_flow"},
		"no task":                           {in(""), "process.bpmn_empty"},
		"a second beginning":                {in(two + flow("s", "a", "s", "b")), "process.bpmn_start"},
		"gateways in a circle":              {in(two + `<parallelGateway id="g"/><parallelGateway id="h"/>` + flow("s", "a", "g", "h", "h", "g", "g", "b")), "process.bpmn_loop"},
		"too many tasks": {in(func() (out string) {
			for i := range MostSteps + 1 {
				out += fmt.Sprintf(`<userTask id="t%d"/>`, i)
			}
			return out
		}()), "process.too_many_steps"},
		"too deep": {strings.Repeat(`<x xmlns="`+nsDI+`">`, mostDepth+3), "process.bpmn_too_large"},
		"too long": {strings.Repeat(" ", mostBytes+1), "process.bpmn_too_large"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, err := ReadBPMN([]byte(c.file)); errs.CodeOf(err) != c.code {
				t.Errorf("got %v, want %s", err, c.code)
			}
		})
	}
}

// A loop of tasks is read, so that the page can show it; the check names it.
func TestBPMN_aLoopOfTasksIsReadAndNamedByTheCheck(t *testing.T) {
	t.Parallel()
	s := chain(60, 60, 60)
	s[1].Needs = []int{1, 3}
	got, err := ReadBPMN(WriteBPMN("x", "x", s))
	if err != nil {
		t.Fatal(err)
	}
	if len(Path(got, false).Loop) == 0 {
		t.Errorf("%+v", got)
	}
}

func FuzzReadBPMN(f *testing.F) {
	f.Add(WriteBPMN("example", "Cấp giấy phép", example()))
	f.Add([]byte(`<definitions xmlns="` + nsModel + `"/>`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		steps, err := ReadBPMN(raw)
		if err != nil {
			if errs.CodeOf(err) == "" {
				t.Fatalf("a fault without a code: %v", err)
			}
			return
		}
		Check(steps, Limit{480, true}, false)
		if again, err := ReadBPMN(WriteBPMN("x", "x", steps)); err != nil || !reflect.DeepEqual(Before(again), Before(steps)) {
			t.Fatalf("%v\n%+v\n%+v", err, steps, again)
		}
	})
}

func TestDraw_boxesStandRightOfWhatTheyWaitForAndNeverOverlap(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		steps := table(t)
		p := Draw(steps)
		at := map[int]Box{}
		for i, b := range p.Boxes {
			at[b.No] = b
			for _, c := range p.Boxes[:i] {
				if b.X < c.X+c.Wide && c.X < b.X+b.Wide && b.Y < c.Y+c.High && c.Y < b.Y+b.High {
					t.Fatalf("boxes %d and %d overlap", b.No, c.No)
				}
			}
			if b.X+b.Wide > p.Width || b.Y+b.High > p.Height {
				t.Fatalf("box %d stands outside", b.No)
			}
		}
		for no, list := range Before(steps) {
			for _, from := range list {
				if at[from].Step.Stage == at[no].Step.Stage && at[from].X >= at[no].X {
					t.Fatalf("%d waits for %d and stands left of it", no, from)
				}
			}
		}
		if len(p.Arrows) == 0 && len(steps) > 1 {
			t.Fatal("no arrow")
		}
	})
}

func TestBreak_setsWordsInLinesAndSaysWhatIsLeftOut(t *testing.T) {
	t.Parallel()
	got := Break("thẩm định hồ sơ, thẩm định thực tế, cấp giấy phép", 110, 2)
	if len(got) != 2 || !strings.HasSuffix(got[1], "…") {
		t.Errorf("%q", got)
	}
	if got := Break("ngắn", 110, 2); len(got) != 1 || got[0] != "ngắn" {
		t.Errorf("%q", got)
	}
}
