package text

import (
	"sort"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"
)

func TestFold_findsVietnameseWithoutMarks(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"Đất đai":                "dat dai",
		"  KIẾN   NGHỊ ":         "kien nghi",
		norm.NFD.String("Người"): "nguoi",
		"ĐƯỜNG 30/4":             "duong 30/4",
	} {
		if got := Fold(in); got != want {
			t.Errorf("Fold(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestSortKey_sortsAsAVietnameseDictionary(t *testing.T) {
	t.Parallel()
	names := []string{"Zung", "Đà", "Ân", "Bình", "Dung", "An"}
	sort.Slice(names, func(i, j int) bool { return SortKey(names[i]) < SortKey(names[j]) })
	if got := strings.Join(names, " "); got != "An Ân Bình Dung Đà Zung" {
		t.Errorf("got %s", got)
	}
}

func FuzzFold_isStable(f *testing.F) {
	f.Add("Ủy ban nhân dân")
	f.Add("\u0300\u00a0x")
	f.Fuzz(func(t *testing.T, s string) {
		once := Fold(s)
		if twice := Fold(once); twice != once {
			t.Errorf("folding %q twice gives %q, then %q", s, once, twice)
		}
	})
}
