// Package indicator turns facts into figures (chỉ số, chỉ tiêu) that open the records
// behind them.
//
// A room declares what it counts as Indicators and, for what happens rather than what
// stands, Counters. Start here; counter.go is how a flow is counted, store_flow.go how
// it is read (folded + pending in one statement), fold.go how pending deltas are
// folded, verify.go how the records are recounted, snapshot.go how a published table
// is frozen. docs/adr/0013-indicators.md says why it is so.
package indicator

import (
	"context"
	"time"

	"cchc/internal/db"
	"cchc/internal/decimal"
	"cchc/internal/i18n"
)

// Kind says where a figure comes from.
type Kind string

const (
	Flow     Kind = "flow"     // what happened in a period: counted as it happens, folded by a job
	Stock    Kind = "stock"    // what stands on a day (overdue, open): SQL over indexed intervals, never counted
	Distinct Kind = "distinct" // different people, agencies, documents: SQL
	Median   Kind = "median"   // the middle one of durations: SQL, see ReadMedian
)

// BetterIs values: which way is good. A figure that is neither has "".
const (
	Higher = "higher"
	Lower  = "lower"
)

// Indicator is one figure that a room offers.
type Indicator struct {
	Code     string // "plan.on_time_rate"; its name is the locale key "indicator.plan.on_time_rate"
	Unit     string // "percent", "count", "day", "minute", "point": locale key "indicator.unit.<unit>"
	BetterIs string // Higher, Lower or ""
	Area     int    // 1..7, the areas of the reform (lĩnh vực CCHC); 0 when it serves all
	Basis    string // document that asks for it, e.g. "76/NQ-CP", or "" for our own
	Kind     Kind
	// Read gives the figure. It asks everything in as few statements as it can: each
	// statement is one snapshot, a db.Read is one too.
	Read func(tx *db.Tx, s Scope, p Period) (Reading, error)
	// Open lists the records that the numerator counted, at most limit after the cursor.
	Open func(tx *db.Tx, s Scope, p Period, after string, limit int) (Records, error)
	// Points gives a value per step, in one statement; nil lets Series call Read per step.
	Points func(tx *db.Tx, s Scope, p Period, step Step) ([]Point, error)
}

// NameKey is the locale key of the name.
func (i Indicator) NameKey() string { return "indicator." + i.Code }

// Scope is whose records count: an agency with all below it, cut to what the reader
// may see.
type Scope struct {
	// Account and Right cut the figure to the reader's reach at Now. Right "" is the
	// program itself: everything. Account "" with a Right reaches nothing, so
	// identity.Actor.Reach(right) fits here as it is.
	Account, Right string
	Now            time.Time         // the moment of reading; becomes Reading.AsOf
	AgencyID       string            // "" for the whole province
	Dims           map[string]string // by the indicator's own names: {"plan": id, "area": "1"}
}

// Dim is one dimension's wanted value, "" for all.
func (s Scope) Dim(name string) string { return s.Dims[name] }

// NowMs is the moment of reading in milliseconds, as identity_reach wants it.
func (s Scope) NowMs() int64 { return s.Now.UnixMilli() }

// Period is when: a flow reads FromDay to ToDay, both included; a stock reads OnDay.
type Period struct{ FromDay, ToDay, OnDay string }

// Reading is a figure. "No case" is not zero: Value is "" then, and the page says
// "chưa phát sinh" (locale key indicator.no_case).
type Reading struct {
	Numerator   int64
	Denominator int64  // 0 when the figure is no ratio, or no case arose
	Value       string // decimal text with a point, "" when no case
	AsOf        time.Time
}

// Rate is a reading in percent, rounded half up to so many places.
func Rate(numerator, denominator int64, places int, asOf time.Time) Reading {
	r := Reading{Numerator: numerator, Denominator: denominator, AsOf: asOf}
	if v, ok := decimal.Percent(numerator, denominator); ok {
		r.Value = v.Fixed(places)
	}
	return r
}

// Number is a reading that is a plain count; none counted is a true 0.
func Number(n int64, asOf time.Time) Reading {
	return Reading{Numerator: n, Value: decimal.Int(n).Fixed(0), AsOf: asOf}
}

// Record is one of the records behind a figure.
type Record struct {
	ID       string
	Code     string // as people read it: NV01
	Title    string
	AgencyID string
	Agency   string // short name, for the column
	URL      string // page of the record
	At       time.Time
	Note     string // why it counts, in the reader's words, or ""
}

// Records is one page of them.
type Records struct {
	Rows  []Record
	Next  string // cursor of the next page, "" on the last
	Total Total
}

// Total is a count that is exact to 1,000; beyond, counting would cost more than it tells.
type Total struct {
	N    int64
	More bool // there are more than N
}

// MaxTotal is how far totals are exact.
const MaxTotal = 1000

// Capped makes a Total of a count taken by `SELECT COUNT(*) FROM (SELECT 1 … LIMIT 1001)`.
func Capped(n int64) Total {
	if n > MaxTotal {
		return Total{MaxTotal, true}
	}
	return Total{N: n}
}

// Text writes the total for the reader: 37 or 1.000+.
func (t Total) Text(ctx context.Context) string {
	if t.More {
		return i18n.Number(ctx, t.N) + "+"
	}
	return i18n.Number(ctx, t.N)
}
