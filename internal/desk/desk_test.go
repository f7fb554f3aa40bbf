package desk

import (
	"testing"
	"time"

	"cchc/internal/calendar"
	"cchc/internal/clock"
	"cchc/internal/inbox"
)

func TestLines_cutTheListByWorkingDays(t *testing.T) {
	t.Parallel()
	cal, err := calendar.Make([]int{2026})
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 10, 16, 9, 0, 0, 0, clock.Vietnam) // a Friday
	for _, c := range []struct {
		due   string
		late  bool
		group Group
		left  int
	}{
		{"2026-10-14", true, Late, -2},  // two calendar days late
		{"2026-10-16", false, Now, 0},   // today
		{"2026-10-19", false, Now, 1},   // Monday is the next working day
		{"2026-10-23", false, Week, 5},  // five working days on
		{"2026-10-26", false, Later, 6}, // and one more
		{"", false, Open, 0},
	} {
		got := lines([]inbox.Item{{DueDay: c.due, Late: c.late}}, cal, now)[0]
		if got.Group != c.group || got.Left != c.left {
			t.Errorf("due %q: %s with %d left, want %s with %d", c.due, got.Group, got.Left, c.group, c.left)
		}
	}
}
