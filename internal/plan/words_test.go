package plan

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"cchc/internal/i18n"
)

// Every code that this room can show has words in both languages.
func TestWords_areThereInBothLanguages(t *testing.T) {
	t.Parallel()
	var keys []string
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	code := regexp.MustCompile(`errs\.(?:New\(errs\.\w+|OnField\("\w+"), "(plan\.\w+)"`)
	doubt := regexp.MustCompile(`Code: "(\w+)"|Why = "", NoDay, "(\w+)"|Why = "(\w+)"|d\.Means, d\.Why = "", "(\w+)"`)
	for _, name := range files {
		if matched, _ := filepath.Match("*_test.go", name); matched || name == "seed.go" {
			continue
		}
		raw, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range code.FindAllStringSubmatch(string(raw), -1) {
			keys = append(keys, "error."+m[1])
		}
		if name != "preview.go" && name != "preview_agencies.go" && name != "deadline.go" {
			continue
		}
		for _, m := range doubt.FindAllStringSubmatch(string(raw), -1) {
			for _, c := range m[1:] {
				if c != "" {
					keys = append(keys, "plan.doubt."+c)
				}
			}
		}
	}
	for _, r := range Rights {
		keys = append(keys, "right."+r)
	}
	for _, f := range Figures {
		keys = append(keys, "plan.figure."+string(f))
	}
	for _, c := range Classes {
		keys = append(keys, "plan.class."+string(c))
	}
	for _, k := range TaskKinds {
		keys = append(keys, "plan.kind."+string(k))
	}
	for _, s := range AssignmentMoves.States() {
		keys = append(keys, "state.plan."+string(s))
	}
	for _, m := range append(Moves[:0:0], Moves...) {
		keys = append(keys, "move.plan."+m.Name)
	}
	for _, m := range AssignmentMoves {
		keys = append(keys, "move.plan."+m.Name)
	}
	for _, i := range (&Service{}).Indicators() {
		keys = append(keys, i.NameKey())
	}
	if len(keys) < 120 {
		t.Fatalf("only %d keys found: the scan is broken", len(keys))
	}
	for _, lang := range []string{i18n.Vi, i18n.En} {
		ctx := i18n.WithLang(context.Background(), lang)
		for _, k := range keys {
			if got := i18n.T(ctx, k); got == k || got == "" {
				t.Errorf("%s: no words for %s", lang, k)
			}
		}
	}
}

func TestReading_explainsEachDoubt(t *testing.T) {
	t.Parallel()
	got, err := Preview(readCSV(t, "data/sample-2022.csv"), 2022, orgs2022(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range got.In(context.Background()).Doubts {
		if d.Why == "" || d.Why == "plan.doubt."+d.Code {
			t.Errorf("%s is not explained", d.Code)
		}
	}
}
