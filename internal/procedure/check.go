package procedure

import (
	"slices"
	"strings"

	"cchc/internal/calendar"
	"cchc/internal/errs"
	"cchc/internal/process"
)

// Finding is one thing that is wrong with a version, or that nobody stated. Its words
// are procedure.fault.<code>.
type Finding struct {
	Variant string // "" is the procedure itself
	process.Fault
}

// Check lists what Stands in the way of publishing a version, and what it leaves open.
// A group or feedback has no table of steps of its own.
func Check(kind Kind, c Content) (list []Finding) {
	add := func(field, code string, args ...any) {
		list = append(list, Finding{Fault: process.Fault{Field: field, Code: code, Args: args}})
	}
	if strings.TrimSpace(c.Name) == "" {
		add("name", "name_missing")
	}
	list = append(list, choices(c)...)
	list = append(list, papers(c)...)
	list = append(list, feeFaults(c.Fees)...)
	if kind == Single {
		list = append(list, tables(c)...)
	} else if !c.Limit.Known {
		list = append(list, Finding{Fault: process.Fault{Field: "limit", Code: process.LimitUnknown, Soft: true}})
	}
	parts := c.Parts()
	for _, p := range PartNames {
		if !parts[p] && p != "limit" && p != "name" {
			list = append(list, Finding{Fault: process.Fault{Field: p, Code: "part_missing_" + p, Soft: true}})
		}
	}
	return list
}

// choices refuses words that no list knows.
func choices(c Content) (list []Finding) {
	oneOf := func(field, value string, known []string) {
		if value != "" && !slices.Contains(known, value) {
			list = append(list, Finding{Fault: process.Fault{Field: field, Code: "choice_unknown", Args: []any{"value", value}}})
		}
	}
	oneOf("service_level", c.ServiceLevel, ServiceLevels)
	oneOf("pays", c.Pays, PayTimes)
	if c.Level != "" && !slices.Contains(Levels, c.Level) {
		oneOf("level", string(c.Level), nil)
	}
	for _, ch := range c.Channels {
		oneOf("channels", ch, Channels)
	}
	for _, p := range c.Components {
		oneOf("components", p.Digitise, DigitiseKinds)
	}
	for _, f := range c.Fees {
		oneOf("fees", f.Kind, FeeKinds)
	}
	limits := map[string]Limit{"limit": c.Limit, "online_limit": c.OnlineLimit, "supplement_notice": c.SupplementNotice}
	for _, v := range c.Variants {
		limits["variant."+v.Code] = v.Limit
	}
	for _, field := range slices.Sorted(mapKeys(limits)) {
		if l := limits[field]; l.Known && (l.Amount < 0 || l.Amount > calendar.MaxDays*dayMinutes || !slices.Contains(Units, l.Unit)) {
			list = append(list, Finding{Fault: process.Fault{Field: field, Code: "limit_unreadable"}})
		}
	}
	return list
}

// Units lists the units of limits.
var Units = []calendar.Unit{calendar.WorkingDay, calendar.WorkingHour, calendar.CalendarDay, calendar.Minute}

func mapKeys[V any](m map[string]V) func(func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

// papers checks the papers and the cases by themselves.
func papers(c Content) (list []Finding) {
	add := func(field, code string, args ...any) {
		list = append(list, Finding{Fault: process.Fault{Field: field, Code: code, Args: args}})
	}
	cases := map[string]bool{"": true}
	for _, v := range c.Variants {
		if v.Code == "" || cases[v.Code] {
			add("variants", "variant_twice", "code", v.Code)
		}
		if v.Name == "" {
			add("variants", "variant_name", "code", v.Code)
		}
		cases[v.Code] = true
	}
	seen := map[string]bool{}
	for _, p := range c.Components {
		if p.Code == "" || seen[p.Code] {
			add("components", "component_twice", "code", p.Code)
		}
		seen[p.Code] = true
		if p.Name == "" {
			add("components", "component_name", "code", p.Code)
		}
		if p.Originals < 0 || p.Certified < 0 || p.Copies < 0 {
			add("components", "component_count", "code", p.Code)
		}
		if !cases[p.Variant] {
			add("components", "variant_unknown", "variant", p.Variant)
		}
	}
	for _, f := range c.Fees {
		if !cases[f.Variant] {
			add("fees", "variant_unknown", "variant", f.Variant)
		}
	}
	return list
}

// feeFaults refuses lines that would both count for one dossier: the same fee of the
// same case, area and criterion on the same day.
func feeFaults(fees []Fee) (list []Finding) {
	add := func(code string, args ...any) {
		list = append(list, Finding{Fault: process.Fault{Field: "fees", Code: code, Args: args}})
	}
	for i, f := range fees {
		if f.From > f.To {
			add("fee_days", "n", i+1)
		}
		if f.Amount < 0 || f.Cap < 0 || f.Cap > 0 && (f.PerUnit == "" || f.Cap < f.Amount) {
			add("fee_amount", "n", i+1)
		}
		for k, g := range fees[:i] {
			sameCase := f.Variant == g.Variant || f.Variant == "" || g.Variant == ""
			if sameCase && f.Code == g.Code && f.Area == g.Area && f.Criterion == g.Criterion && f.From <= g.To && g.From <= f.To {
				add("fees_overlap", "n", k+1, "m", i+1)
			}
		}
	}
	return list
}

// tables checks the steps of the procedure and of the cases that have their own. A case
// with another limit and the same steps is named: nobody stated how its time is shared.
func tables(c Content) (list []Finding) {
	add := func(variant string, faults []process.Fault) {
		for _, f := range faults {
			list = append(list, Finding{variant, f})
		}
	}
	add("", checkTable(c.Steps, c.Limit, false))
	if c.OnlineLimit.Known {
		add("", onlineOnly(checkTable(c.Steps, c.OnlineLimit, true)))
	}
	for _, v := range c.Variants {
		switch {
		case len(v.Steps) > 0:
			add(v.Code, checkTable(v.Steps, v.Limit, false))
		case v.Limit != c.Limit:
			add(v.Code, []process.Fault{{Field: "steps", Code: "variant_steps", Soft: true}})
		}
		if len(v.Steps) == 0 && !v.Limit.Known {
			add(v.Code, []process.Fault{{Field: "limit", Code: process.LimitUnknown, Soft: true}})
		}
	}
	return list
}

func checkTable(steps []process.Step, l Limit, online bool) []process.Fault {
	minutes, countable := l.minutes()
	faults := process.Check(steps, process.Limit{Minutes: minutes, Known: countable}, online)
	if l.Known && !countable { // calendar days: known, but no sum of hours equals them
		for i := range faults {
			if faults[i].Code == process.LimitUnknown {
				faults[i].Code = "limit_calendar"
			}
		}
	}
	return faults
}

// onlineOnly keeps what only the online times show: the sums.
func onlineOnly(faults []process.Fault) (list []process.Fault) {
	for _, f := range faults {
		if f.Code == process.SumDiffers || f.Code == process.SumOver {
			f.Code += "_online"
			list = append(list, f)
		}
	}
	return list
}

// Stands says whether something Stands in the way, unknown whether a limit is unstated.
func Stands(list []Finding) (blocked, unknown bool) {
	for _, f := range list {
		blocked = blocked || !f.Soft
		unknown = unknown || f.Code == process.LimitUnknown
	}
	return blocked, unknown
}

// refusal says that something Stands in the way; the page lists what.
func refusal(list []Finding) error {
	n := 0
	for _, f := range list {
		if !f.Soft {
			n++
		}
	}
	if n == 0 {
		return nil
	}
	return errs.New(errs.Conflict, "procedure.check_failed", "n", n)
}
