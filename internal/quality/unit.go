package quality

import (
	"cchc/internal/decimal"
	"cchc/internal/errs"
	"cchc/internal/flow"
)

// Items are the nine indicators of a unit (NĐ 61/2018/NĐ-CP, article 31; TT 01/2018),
// each 0 to 2 points: at most 18.
const Items = 9

// OfficerItems are those that an officer is judged by: at most 10.
var OfficerItems = []int{1, 2, 3, 4, 7}

// mostTenths is the best mark of an item, in tenths of a point.
const mostTenths = 20

// State is where a sheet of marks stands.
type State string

// The states.
const (
	Open      State = "open"      // the unit scores
	Submitted State = "submitted" // waits for somebody else to verify
	Verified  State = "verified"
)

// Moves are the moves of a sheet.
var Moves = flow.Table[State]{
	{Name: "submit", From: []State{Open}, To: Submitted},
	{Name: "return", From: []State{Submitted}, To: Open},
	{Name: "verify", From: []State{Submitted}, To: Verified},
}

// None stands for a mark that nobody gave.
const None int64 = -1

// Mark is one item. Marks are tenths of a point, None while there is none.
type Mark struct {
	Item                     int
	Computed, Self, Verified int64
	Evidence                 string // what a judged mark rests on
	Reason                   string // why the verifier took points away
}

// Wanted lists the items of a sheet: nine of a unit, five of an officer.
func Wanted(officer bool) []int {
	if officer {
		return OfficerItems
	}
	return []int{1, 2, 3, 4, 5, 6, 7, 8, 9}
}

// Total adds the marks that pick gives, in tenths; complete says that none is missing.
func Total(marks []Mark, pick func(Mark) int64) (tenths int64, complete bool) {
	complete = len(marks) > 0
	for _, m := range marks {
		if n := pick(m); n == None {
			complete = false
		} else {
			tenths += n
		}
	}
	return tenths, complete
}

// Class is a grade from a total up; From is points with one decimal.
type Class struct {
	Code string `json:"code"`
	From string `json:"from"`
}

// ClassOf gives the class of a unit's total in tenths. Boundaries belong to the better
// class: exactly 15.0 is excellent.
func ClassOf(classes []Class, tenths int64) string {
	total := decimal.FromScaled(tenths, 1)
	for _, c := range classes {
		if from, err := decimal.Parse(c.From); err == nil && total.Cmp(from) >= 0 {
			return c.Code
		}
	}
	return ""
}

// Mean is the average mark of dossiers of which so many earn 2, 1 and 0 points, in tenths,
// rounded half up once; None when there is none.
func Mean(two, one, zero int64) int64 {
	share, ok := decimal.Ratio(2*two+one, two+one+zero)
	if !ok {
		return None
	}
	n, _ := share.Scaled(1)
	return n
}

// Feedback marks item 8: none received or all answered on time 2, at least 90 % 1.
func Feedback(onTime, all int64) int64 {
	switch {
	case onTime >= all:
		return mostTenths
	case onTime*10 >= all*9:
		return mostTenths / 2
	}
	return 0
}

// Online marks item 9 from shares in hundredths: of eligible procedures online, of
// dossiers sent online, and how many of these were late.
func Online(procedures, dossiers Fact, late int64) int64 {
	atLeast := func(f Fact, percent int64) bool {
		return f.Denominator > 0 && f.Numerator*100 >= f.Denominator*percent
	}
	switch {
	case late > 0 || !atLeast(procedures, 20) || !atLeast(dossiers, 15):
		return 0
	case atLeast(dossiers, 30):
		return mostTenths
	}
	return mostTenths / 2
}

// score checks a mark as its unit gives it. A computed item takes the computed mark.
func (m Mark) score() error {
	switch {
	case m.Computed != None && m.Self != m.Computed:
		return errs.OnField(field("self", m.Item), "quality.mark_computed", "n", m.Item)
	case m.Self < 0 || m.Self > mostTenths:
		return errs.OnField(field("self", m.Item), "quality.mark_range", "n", m.Item)
	case m.Computed == None && m.Self > 0 && m.Evidence == "":
		return errs.OnField(field("evidence", m.Item), "quality.evidence_missing", "n", m.Item)
	}
	return nil
}

// verify checks a mark as somebody else verified it: less needs a reason.
func (m Mark) verify() error {
	switch {
	case m.Verified < 0 || m.Verified > mostTenths:
		return errs.OnField(field("verified", m.Item), "quality.mark_range", "n", m.Item)
	case m.Verified < m.Self && m.Reason == "":
		return errs.OnField(field("reason", m.Item), "quality.reason_missing", "n", m.Item)
	}
	return nil
}

func field(name string, item int) string { return name + string(rune('0'+item)) }
