package plan

import (
	_ "embed"
	"encoding/json"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"cchc/internal/clock"
	"cchc/internal/text"
)

// Deadline is what the words of a deadline amount to. The words are always kept.
type Deadline struct {
	Text  string
	Means string // "day", "monthly", "quarterly", "period", "continuous", or "" with a Why
	Day   string // NoDay when the words give none
	OnDay int    // day of the month for "monthly"; 0 is its last day
	Why   string // doubt: "deadline_missing", "deadline_not_understood", "deadline_open", …
	Parts []DeadlinePart
}

// DeadlinePart is one labelled part of a compound deadline: "Kế hoạch: Quý I".
type DeadlinePart struct {
	Label string
	Deadline
}

//go:embed data/phrases.json
var phraseFile []byte

type phrase struct {
	Means   string `json:"means"`
	Pattern string `json:"pattern"`
	expr    *regexp.Regexp
}

// phraseList is compiled once; the file is part of the program, so a fault in it is
// a fault of the program and TestPhrases_compile finds it.
var phraseList = sync.OnceValue(func() []phrase {
	var list []phrase
	if err := json.Unmarshal(phraseFile, &list); err != nil {
		panic(err)
	}
	for i := range list {
		list[i].expr = regexp.MustCompile(list[i].Pattern)
	}
	return list
})

// ParseDeadline reads the words of a deadline in a plan of the given year. Words that
// name no day, or more than one, come back with the reason in Why: a person decides.
func ParseDeadline(words string, year int) Deadline {
	words = text.Clean(words)
	d := Deadline{Text: words, Day: NoDay}
	if words == "" {
		d.Why = "deadline_missing"
		return d
	}
	folded := strings.TrimRight(text.Fold(words), ".;, ")
	for _, p := range phraseList() {
		if m := p.expr.FindStringSubmatch(folded); m != nil {
			return d.read(p, m, year)
		}
	}
	if parts := labelled(words, year); len(parts) > 1 {
		d.Parts, d.Why = parts, "deadline_several"
		return d
	}
	d.Why = "deadline_not_understood"
	return d
}

// labelled splits "label: words; label: words"; nil unless every part is understood.
func labelled(words string, year int) []DeadlinePart {
	var parts []DeadlinePart
	for _, piece := range strings.Split(words, ";") {
		label, when, ok := strings.Cut(piece, ":")
		if !ok {
			return nil
		}
		d := ParseDeadline(when, year)
		if d.Why != "" {
			return nil
		}
		parts = append(parts, DeadlinePart{Label: strings.TrimSpace(label), Deadline: d})
	}
	return parts
}

// read turns one matched phrase into a day. It refuses a day that does not exist
// (31/4) as not understood.
func (d Deadline) read(p phrase, m []string, year int) Deadline {
	number := func(name string, otherwise int) int {
		i := p.expr.SubexpIndex(name)
		if i < 0 || m[i] == "" {
			return otherwise
		}
		n, err := strconv.Atoi(m[i])
		if err != nil {
			return otherwise
		}
		return n
	}
	y := number("y", year)
	on := func(month, day int) string {
		t := time.Date(y, time.Month(month), day, 0, 0, 0, 0, clock.Vietnam)
		if t.Day() != day || int(t.Month()) != month {
			return ""
		}
		return clock.Day(t)
	}
	monthEnd := func(month int) string {
		return clock.Day(time.Date(y, time.Month(month)+1, 0, 0, 0, 0, 0, clock.Vietnam))
	}
	d.Means = "day"
	switch p.Means {
	case "day":
		d.Day = on(number("m", 0), number("d", 0))
	case "day_before":
		if d.Day = on(number("m", 0), number("d", 0)); d.Day != "" {
			d.Day = addDays(d.Day, -1)
		}
	case "quarter":
		d.Day = monthEnd(3 * quarterOf(m[p.expr.SubexpIndex("q")]))
	case "month":
		if month := number("m", 0); month < 1 || month > 12 {
			d.Day = ""
		} else {
			d.Day = monthEnd(month)
		}
	case "half":
		d.Day = monthEnd(6)
	case "nine_months":
		d.Day = monthEnd(9)
	case "year":
		d.Day = monthEnd(12)
	case "monthly", "monthly_before":
		d.Means, d.OnDay = "monthly", number("d", 0)
		if p.Means == "monthly_before" {
			d.OnDay-- // before the 1st is the last day of the month: 0
		}
		if d.OnDay > 31 {
			d.Day = ""
		}
	case "quarterly", "period", "continuous":
		d.Means = p.Means
	case "unclear_year":
		d.Means, d.Why = "", "deadline_yearly_without_day"
	case "roadmap":
		d.Means, d.Why = "", "deadline_open"
	case "starts":
		d.Means, d.Why = "", "deadline_is_a_start"
	}
	if d.Day == "" {
		d.Means, d.Day, d.Why = "", NoDay, "deadline_not_understood"
	}
	return d
}

func quarterOf(s string) int {
	switch s {
	case "i", "1":
		return 1
	case "ii", "2":
		return 2
	case "iii", "3":
		return 3
	}
	return 4
}

// addDays moves a day by n calendar days.
func addDays(day string, n int) string {
	t, err := clock.ParseDay(day)
	if err != nil {
		return day
	}
	return clock.Day(t.AddDate(0, 0, n))
}
