package calendar

import (
	"fmt"
	"slices"
	"strings"

	"cchc/internal/errs"
)

// Suggest proposes a year's days off: the fixed holidays, the lunar ones computed
// (kind lunar_hint, because the Government chooses the days around Tết each year),
// and the next working day for each that falls on a weekly day off (nghỉ bù, Labour
// Code 2019 art. 111.3). Nothing is stored: an officer corrects the list against the
// yearly announcement and confirms it with ConfirmYear. Swaps cannot be guessed.
func Suggest(year int) ([]Day, error) {
	if year < firstYear || year >= lastYear {
		return nil, errs.OnField("year", "calendar.year_out_of_range", "year", year)
	}
	rules, err := readJSON[[]holiday]("data/holidays.json")
	if err != nil {
		return nil, err
	}
	words, err := readJSON[map[string]string]("data/words.json")
	if err != nil {
		return nil, err
	}
	var all []Day
	taken := map[string]bool{}
	for _, h := range rules {
		if year < h.FromYear {
			continue
		}
		first, kind, err := h.begins(year)
		if err != nil {
			return nil, err
		}
		for i := range h.Days {
			d := Day{Day: dayText(first + i), Kind: kind, Name: h.Name, Basis: h.Basis}
			if !taken[d.Day] {
				taken[d.Day] = true
				all = append(all, d)
			}
		}
	}
	// Compensation comes after every holiday is known, so that it never lands on one.
	for _, d := range slices.Clone(all) {
		n, _ := dayNumber(d.Day)
		if d.Kind == ToConfirm || weekday(n) <= 5 {
			continue
		}
		for n++; weekday(n) > 5 || taken[dayText(n)]; n++ {
		}
		taken[dayText(n)] = true
		all = append(all, Day{Day: dayText(n), Kind: d.Kind, Name: strings.ReplaceAll(words["make_up_for_weekend"], "{name}", d.Name), Basis: d.Basis})
	}
	slices.SortFunc(all, func(a, b Day) int { return strings.Compare(a.Day, b.Day) })
	return all, nil
}

// begins is the day number of the holiday's first day in a year, and its kind.
func (h holiday) begins(year int) (int, DayKind, error) {
	kind, day := DayOff, fmt.Sprintf("%04d-%s", year, h.Solar)
	if h.Lunar != "" {
		md, ok := monthDay(h.Lunar)
		if !ok {
			return 0, "", badDay("lunar", h.Lunar)
		}
		kind, day = LunarHint, FromLunar(LunarDate{Year: year, Month: md / 100, Day: md % 100})
	}
	if h.ToConfirm {
		kind = ToConfirm
	}
	n, ok := dayNumber(day)
	if !ok {
		return 0, "", badDay("day", day)
	}
	return n - h.Before, kind, nil
}
