// Package directory is the pages of what every room shares (danh mục dùng chung): the
// agencies through time and the calendar of work. The rules live in packages org and
// calendar; this room lets people see and change them.
//
// Start at Service.Agencies for the list on a day, Service.Reorganise for mergers,
// Service.Change for the calendar.
package directory

import (
	"slices"
	"strings"

	"cchc/internal/clock"
	"cchc/internal/errs"
	"cchc/internal/org"
)

// Rights of the room: to look, to change agencies, to change the calendar.
var Rights = []string{"directory.view", "directory.manage", "directory.calendar"}

// RoleRights says which roles hold them when a province begins. Everybody who works
// here may look: a name or a holiday is no secret.
var RoleRights = map[string][]string{
	"admin":       {"directory.view", "directory.manage", "directory.calendar"},
	"secretariat": {"directory.view", "directory.manage", "directory.calendar"},
	"chairman":    {"directory.view"},
	"office":      {"directory.view"},
	"area_lead":   {"directory.view"},
	"agency_head": {"directory.view"},
	"focal_point": {"directory.view"},
	"officer":     {"directory.view"},
	"inspector":   {"directory.view"},
	"auditor":     {"directory.view"},
}

// Filter cuts the list of agencies. Day is the day on which they exist, "" for today.
type Filter struct {
	Day   string
	Kind  org.Kind // "" for all
	Query string   // any part of a name, old name or code, with or without marks
	After []string // rank of the kind, sort key and id of the last one shown
	Limit int
}

// Listed is one agency of the list, as it was called and placed on the day.
type Listed struct {
	org.Agency
	OnName     string // name on the day
	ParentName string // name of its parent on the day, as it is called today
	Rank       int    // place of the kind in the list
	Sort       string
}

// Key is where the next page begins.
func (l Listed) Key() []string { return []string{rankText(l.Rank), l.Sort, l.ID} }

func rankText(n int) string { return string(rune('a' + n)) }

func readRank(s string) (int, bool) {
	if len(s) != 1 || s[0] < 'a' || s[0] > 'z' {
		return 0, false
	}
	return int(s[0] - 'a'), true
}

// clean checks a filter; today fills a missing day.
func (f Filter) clean(today string) (Filter, error) {
	if f.Day == "" {
		f.Day = today
	}
	if _, err := clock.ParseDay(f.Day); err != nil {
		return f, errs.OnField("on", "directory.day_unreadable", "day", f.Day)
	}
	if f.Kind != "" && !slices.Contains(org.Kinds, f.Kind) {
		return f, errs.OnField("kind", "org.kind_unknown", "kind", string(f.Kind))
	}
	f.Query = strings.TrimSpace(f.Query)
	if len([]rune(f.Query)) > 100 {
		return f, errs.OnField("q", "directory.query_too_long")
	}
	return f, nil
}

// Succession is one line of who took over from whom.
type Succession struct {
	Agency org.Agency
	Field  string // "" for every field without a line of its own
	Day    string
}

// Count is how many pieces of work of a kind are open at an agency.
type Count struct {
	Kind string
	N    int
	Late int
}

// person is an account that may head an agency.
type person struct{ ID, Name string }

// nameOf finds the name of an account among those of an agency.
func nameOf(all []person, account string) (string, error) {
	for _, p := range all {
		if p.ID == account {
			return p.Name, nil
		}
	}
	return "", errs.OnField("account", "directory.account_elsewhere")
}
