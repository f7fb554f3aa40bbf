package document

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"strings"
)

//go:embed decree30.json
var decreeJSON []byte

// fixed holds what Decree 30/2020/NĐ-CP fixes for every document: words, and measures
// in twips (1/1440 inch) and half points as Word keeps them. Where the decree leaves a
// range, decree30.json holds the choice of the house.
type fixed struct {
	Country, Motto, Number, Date, Subject, To, Recipients string
	Annex, Attached, End, Part, Chapter, Section, Article string
	Alphabet                                              string
	Urgencies                                             map[Level]struct {
		Text  string
		Width int
	}
	UrgencyHeight int `json:"urgency_height"`
	Kinds         map[string]struct{ Code, Name string }
	Font          string
	Page          struct{ Width, Height, Top, Bottom, Left, Right, Header int }
	Head          struct {
		Left, Right int
		MottoLine   int `json:"motto_line"`
	}
	Sizes             map[string]int
	Indent, Gap, Line int
}

var decree = func() (f fixed) {
	if err := json.Unmarshal(decreeJSON, &f); err != nil {
		panic(err) // embedded: a fault here is a fault of the build
	}
	return f
}()

// KindName returns the name of a kind of document as its title shows it (tên loại):
// "plan" gives the word for a plan; "" for an official letter, which has none.
func KindName(kind string) string { return decree.Kinds[kind].Name }

// Symbol joins the code of a kind of document and the issuer's codes (ký hiệu):
// Symbol("plan", "UBND") is "KH-UBND", Symbol("letter", "UBND", "NC") is "UBND-NC".
func Symbol(kind string, issuers ...string) string {
	if code := decree.Kinds[kind].Code; code != "" {
		issuers = append([]string{code}, issuers...)
	}
	return strings.Join(issuers, "-")
}

// Number writes number and symbol: 0 before numbers under 10; room to write by hand
// when there is no number yet (n = 0).
func Number(n int, symbol string) string {
	if n == 0 {
		return "        /" + symbol
	}
	return fmt.Sprintf("%02d/%s", n, symbol)
}

// Date writes place and day: 0 before days under 10 and before months 1 and 2 only, so
// that nobody can turn them into another day. day is YYYY-MM-DD; with "" or only a
// year the rest is left open for the pen.
func Date(place, day string) string {
	y, m, d := "      ", "    ", "    "
	if len(day) >= 4 {
		y = day[:4]
	}
	if len(day) == 10 {
		m, d = day[5:7], day[8:]
		if m > "02" {
			m = strings.TrimPrefix(m, "0")
		}
	}
	return strings.NewReplacer("{place}", place, "{day}", d, "{month}", m, "{year}", y).Replace(decree.Date)
}
