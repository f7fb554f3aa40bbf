package calendar

import (
	"fmt"
	"strings"

	"cchc/internal/errs"
)

// Hours are working hours (giờ làm việc): for some weekdays, between two days, and in
// a season of each year (mùa hè, mùa đông) or all year.
type Hours struct {
	ID         string `json:"id"`
	AgencyID   string `json:"agency_id"` // "" for all agencies
	Name       string `json:"name"`
	Weekdays   string `json:"weekdays"` // "12345": 1 is Monday, 7 Sunday
	FromDay    string `json:"from_day"`
	ToDay      string `json:"to_day"`
	SeasonFrom string `json:"season_from"` // "MM-DD", "" all year; may run over New Year
	SeasonTo   string `json:"season_to"`
	Sessions   string `json:"sessions"` // "07:00-11:30,13:30-17:00"; "" closed
	Basis      string `json:"basis"`
	Version    int64  `json:"version"`
}

// DefaultSessions are the hours where no others are entered, Monday to Friday: 8 hours.
const DefaultSessions = "07:00-11:30,13:30-17:00"

var defaultPeriods = []Period{{7 * 60, 11*60 + 30}, {13*60 + 30, 17 * 60}}

// Period is one stretch of work in a day, in minutes from midnight; To is not worked.
type Period struct{ From, To int }

// hours are Hours ready to count with.
type hours struct {
	weekdays             [8]bool
	from, to             int
	seasonal             bool
	seasonFrom, seasonTo int // month*100 + day
	periods              []Period
}

func (h hours) covers(n, wd int) bool {
	if n < h.from || n > h.to || !h.weekdays[wd] {
		return false
	}
	if !h.seasonal {
		return true
	}
	_, month, day := civil(n).Date()
	md := int(month)*100 + day
	if h.seasonFrom <= h.seasonTo {
		return h.seasonFrom <= md && md <= h.seasonTo
	}
	return md >= h.seasonFrom || md <= h.seasonTo
}

// compile checks hours and makes them ready. It lists every fault.
func compile(h Hours) (hours, error) {
	var faults errs.List
	out := hours{seasonal: h.SeasonFrom != "" || h.SeasonTo != ""}
	var ok bool
	if out.from, ok = dayNumber(h.FromDay); !ok {
		faults = append(faults, badDay("from_day", h.FromDay))
	}
	if out.to, ok = dayNumber(h.ToDay); !ok {
		faults = append(faults, badDay("to_day", h.ToDay))
	}
	if out.from > out.to {
		faults = append(faults, errs.OnField("to_day", "calendar.ends_before_it_begins"))
	}
	if out.seasonal {
		var from, to bool
		out.seasonFrom, from = monthDay(h.SeasonFrom)
		out.seasonTo, to = monthDay(h.SeasonTo)
		if !from || !to {
			faults = append(faults, errs.OnField("season_from", "calendar.season_unreadable", "from", h.SeasonFrom, "to", h.SeasonTo))
		}
	}
	for _, r := range h.Weekdays {
		if r < '1' || r > '7' {
			faults = append(faults, errs.OnField("weekdays", "calendar.weekdays_unreadable", "text", h.Weekdays))
			break
		}
		out.weekdays[r-'0'] = true
	}
	if h.Weekdays == "" {
		faults = append(faults, errs.OnField("weekdays", "calendar.weekdays_unreadable", "text", h.Weekdays))
	}
	periods, err := ParseSessions(h.Sessions)
	if err != nil {
		faults = append(faults, errs.All(err)...)
	}
	out.periods = periods
	return out, faults.Err()
}

// ParseSessions reads "07:00-11:30,13:30-17:00": periods in order, none touching the
// next, within one day. "" is no work.
func ParseSessions(sessions string) ([]Period, error) {
	if strings.TrimSpace(sessions) == "" {
		return nil, nil
	}
	var all []Period
	for _, part := range strings.Split(sessions, ",") {
		from, to, found := strings.Cut(strings.TrimSpace(part), "-")
		a, okA := clockMinutes(from)
		b, okB := clockMinutes(to)
		if !found || !okA || !okB {
			return nil, errs.OnField("sessions", "calendar.sessions_unreadable", "text", part)
		}
		if a >= b || len(all) > 0 && a <= all[len(all)-1].To {
			return nil, errs.OnField("sessions", "calendar.sessions_out_of_order", "text", part)
		}
		all = append(all, Period{a, b})
	}
	return all, nil
}

// clockMinutes reads HH:MM, 24:00 at most, as minutes from midnight.
func clockMinutes(s string) (int, bool) {
	s = strings.TrimSpace(s)
	if len(s) != 5 || s[2] != ':' {
		return 0, false
	}
	digits := s[:2] + s[3:]
	n := 0
	for _, r := range digits {
		if r < '0' || r > '9' {
			return 0, false
		}
		n = n*10 + int(r-'0')
	}
	h, m := n/100, n%100
	return h*60 + m, m < 60 && (h < 24 || h == 24 && m == 0)
}

func clockText(minutes int64) string { return fmt.Sprintf("%02d:%02d", minutes/60, minutes%60) }

// monthDay reads MM-DD as month*100+day; 29 February is a day.
func monthDay(s string) (int, bool) {
	if _, ok := dayNumber("2024-" + s); !ok {
		return 0, false
	}
	return int(s[0]-'0')*1000 + int(s[1]-'0')*100 + int(s[3]-'0')*10 + int(s[4]-'0'), true
}

func badDay(field, day string) *errs.Error {
	return errs.OnField(field, "calendar.day_unreadable", "day", day)
}
