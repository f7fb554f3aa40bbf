// Package portal is the public face (cổng thông tin): the first page, and the tool
// that counts a deadline in working time and explains it day by day (tính hạn).
//
// Start at DueRequest for what is counted, Service for the call, web.go for the pages.
package portal

import (
	"strings"
	"time"

	"cchc/internal/calendar"
	"cchc/internal/clock"
	"cchc/internal/errs"
)

// DueRequest asks when work that began at Start is due. Amount counts in Unit; the
// clock stands still during Pauses. Agency is a code, "" for the province's usual hours.
type DueRequest struct {
	Start  time.Time
	Amount int
	Unit   calendar.Unit
	Pauses []calendar.Span
	Agency string
}

// DueAnswer is the due time with its explanation.
type DueAnswer struct {
	Request DueRequest
	Agency  string // name of the agency whose hours counted, "" for the usual ones
	Due     time.Time
	Steps   []calendar.Step
}

// layouts are the ways in which a moment may be written. One without a zone is
// Vietnam's time; a day alone begins at midnight, so the clock starts with the day's work.
var layouts = []string{
	"2006-01-02T15:04:05Z07:00", "2006-01-02T15:04Z07:00",
	"2006-01-02T15:04:05", "2006-01-02T15:04", "2006-01-02 15:04", "2006-01-02",
	"2/1/2006 15:04", "15:04 2/1/2006", "15:04, 2/1/2006", "2/1/2006",
}

// ParseMoment reads a moment; field names the input in the refusal.
func ParseMoment(field, s string) (time.Time, error) {
	s = strings.TrimSpace(s)
	if s == "" {
		return time.Time{}, errs.OnField(field, "portal.moment_missing")
	}
	for _, layout := range layouts {
		if t, err := time.ParseInLocation(layout, s, clock.Vietnam); err == nil {
			return t, nil
		}
	}
	return time.Time{}, errs.OnField(field, "portal.moment_invalid", "text", s)
}

// ParsePause reads FROM/TO.
func ParsePause(s string) (calendar.Span, error) {
	from, to, ok := strings.Cut(s, "/")
	if !ok {
		return calendar.Span{}, errs.OnField("pause", "portal.pause_invalid", "text", s)
	}
	start, err := ParseMoment("pause", from)
	if err != nil {
		return calendar.Span{}, err
	}
	end, err := ParseMoment("pause", to)
	if err != nil {
		return calendar.Span{}, err
	}
	return calendar.Span{From: start, To: end}, nil
}
