package calendar

import (
	"bytes"
	"embed"
	"encoding/csv"
	"encoding/json"
	"fmt"
)

// The shipped entries, and the rules from which a year is suggested. Names of
// holidays are data of the country, not words of the program.
//
//go:embed data
var shipped embed.FS

// ShippedYears are the years whose days off the shipped entries list in full.
var ShippedYears = []int{2022, 2026}

// Shipped returns the entries of data/calendar.csv: national days off, make-up days
// and doubts of 2022, 2026 and 2027. Those typed from memory are marked Sample.
func Shipped() ([]Day, error) {
	raw, err := shipped.ReadFile("data/calendar.csv")
	if err != nil {
		return nil, err
	}
	rows, err := csv.NewReader(bytes.NewReader(raw)).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("data/calendar.csv: %w", err)
	}
	var all []Day
	for _, r := range rows[1:] {
		all = append(all, Day{Day: r[0], Kind: DayKind(r[1]), Name: r[2], SwapDay: r[3], Basis: r[4], Sample: r[5] == "M"})
	}
	return all, nil
}

// holiday is one rule of data/holidays.json.
type holiday struct {
	Name      string `json:"name"`
	Solar     string `json:"solar"`  // MM-DD
	Lunar     string `json:"lunar"`  // MM-DD of the lunar year
	Before    int    `json:"before"` // how many of the days come before that day
	Days      int    `json:"days"`
	ToConfirm bool   `json:"to_confirm"`
	FromYear  int    `json:"from_year"`
	Basis     string `json:"basis"`
}

func readJSON[T any](name string) (v T, err error) {
	raw, err := shipped.ReadFile(name)
	if err == nil {
		err = json.Unmarshal(raw, &v)
	}
	if err != nil {
		err = fmt.Errorf("%s: %w", name, err)
	}
	return v, err
}
