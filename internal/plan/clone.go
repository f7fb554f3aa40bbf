package plan

import (
	_ "embed"
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
)

//go:embed data/years.json
var yearFile []byte

// aYear matches a year by itself: 2026, but not 12026 or 2026a.
var aYear = regexp.MustCompile(`\b20\d\d\b`)

// namedYear matches a year that the words before it name as one ("năm 2026"), so that
// the day of a cited decision stays.
var namedYear = sync.OnceValue(func() *regexp.Regexp {
	var words struct {
		Before []string `json:"before"`
	}
	if err := json.Unmarshal(yearFile, &words); err != nil {
		panic(err)
	}
	for i, w := range words.Before {
		words.Before[i] = regexp.QuoteMeta(w)
	}
	return regexp.MustCompile(`((?:` + strings.Join(words.Before, "|") + `)\s+)(20\d\d)\b`)
})

// moveYears moves the years of a deadline by as many years as lie between two plans:
// the year of the plan and those beside it.
func moveYears(words string, from, to int) string {
	return aYear.ReplaceAllStringFunc(words, func(s string) string { return movedYear(s, from, to) })
}

// moveNamedYears does so in running text, where only a year that is named as one moves.
func moveNamedYears(words string, from, to int) string {
	return namedYear().ReplaceAllStringFunc(words, func(s string) string {
		m := namedYear().FindStringSubmatch(s)
		return m[1] + movedYear(m[2], from, to)
	})
}

func movedYear(s string, from, to int) string {
	n, err := strconv.Atoi(s)
	if err != nil || n < from-1 || n > from+1 {
		return s
	}
	return strconv.Itoa(n + to - from)
}

// cloneRows makes the rows of an exported plan those of another year: deadlines move
// with the year. Decisions about deadlines move along; everything else is read and
// doubted anew against the agencies of that year.
func cloneRows(rows [][]string, from, to int) ([][]string, error) {
	out := make([][]string, len(rows))
	for i, row := range rows {
		out[i] = slices.Clone(row)
	}
	if len(out) == 0 {
		return out, nil
	}
	for col, name := range out[0] {
		for _, row := range out[1:] {
			if col >= len(row) {
				continue
			}
			switch name {
			case "deadline_text", "deadline_date", "milestones":
				row[col] = moveYears(row[col], from, to)
			case "decisions":
				moved, err := moveDecisions(row[col], from, to)
				if err != nil {
					return nil, err
				}
				row[col] = moved
			}
		}
	}
	return out, nil
}

func moveDecisions(column string, from, to int) (string, error) {
	if column == "" {
		return "", nil
	}
	var made []decision
	if err := json.Unmarshal([]byte(column), &made); err != nil {
		return "", err
	}
	for i, d := range made {
		switch d.Field {
		case "deadline", "due_day", "kind", "milestones":
			made[i].Text, made[i].Choice = moveYears(d.Text, from, to), moveYears(d.Choice, from, to)
		}
	}
	raw, err := json.Marshal(made)
	return string(raw), err
}

// yearDoubts are the tasks of a cloned plan whose words name the year of the old one:
// a person says whether they move along or stay.
func yearDoubts(tasks []Task, from, to int) (list []Doubt) {
	for _, t := range tasks {
		for _, f := range []struct{ field, words string }{{"content", t.Content}, {"product", t.Product}} {
			if moved := moveNamedYears(f.words, from, to); moved != f.words {
				list = append(list, Doubt{Row: t.Sort + 1, Task: t.Code, Field: f.field, Text: f.words, Code: "year_in_words",
					Proposal: chooseText + moved, Choices: []string{chooseText + moved, keepText, chooseText}})
			}
		}
	}
	return list
}
