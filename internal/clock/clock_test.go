package clock

import (
	"testing"
	"time"
)

func TestDay_changesAtMidnightInVietnam(t *testing.T) {
	t.Parallel()
	for at, want := range map[string]string{
		"2026-03-31T16:59:59Z": "2026-03-31", // 23:59:59 in Quy Nhơn
		"2026-03-31T17:00:00Z": "2026-04-01", // midnight there
		"2028-02-28T17:00:00Z": "2028-02-29", // a leap day
	} {
		when, err := time.Parse(time.RFC3339, at)
		if err != nil {
			t.Fatal(err)
		}
		if got := Day(when); got != want {
			t.Errorf("day of %s = %s, want %s", at, got, want)
		}
	}
}

func TestParseDay_refusesADayThatDoesNotExist(t *testing.T) {
	t.Parallel()
	if _, err := ParseDay("2026-02-30"); err == nil {
		t.Error("30 February was accepted")
	}
	got, err := ParseDay("2026-10-14")
	if err != nil || got.UTC().Format(time.RFC3339) != "2026-10-13T17:00:00Z" {
		t.Errorf("got %v, %v", got, err)
	}
}

func TestFrom_startsThereAndRunsOn(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 10, 14, 2, 0, 0, 0, time.UTC)
	c := From(start)
	first := c()
	if first.Before(start) || c().Before(first) {
		t.Errorf("clock went back: started %v, read %v", start, first)
	}
}
