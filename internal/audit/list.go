package audit

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"cchc/internal/db"
)

// Filter narrows a list of entries; zero fields do not.
type Filter struct {
	Kind    string // exact
	Subject string // exact, "plan_assignment:<id>"
	Account string // who acted
	Agency  string // agency concerned
	From    time.Time
	To      time.Time // exclusive
	// With Right set, only entries are listed whose agency Reader reaches with it now.
	Reader string
	Right  string
	Now    time.Time
	After  string // the previous page's Next, "" for the first page
	Limit  int    // at most 200; 0 means 50
}

// Page is one page of entries, newest first.
type Page struct {
	Rows []Row
	Next string // "" on the last page
}

// List pages through the log by key, newest first.
func (l *Log) List(tx *db.Tx, f Filter) (Page, error) {
	q := query{Filter: f, from: -1 << 62, to: 1 << 62, id: "\x7f", limit: f.Limit}
	if q.limit <= 0 || q.limit > 200 {
		q.limit = 50
	}
	if !f.From.IsZero() {
		q.from = f.From.UnixMilli()
	}
	if !f.To.IsZero() {
		q.to, q.id = f.To.UnixMilli(), ""
	}
	if f.After != "" {
		ms, id, _ := strings.Cut(f.After, ".")
		n, err := strconv.ParseInt(ms, 10, 64)
		if err != nil {
			return Page{}, fmt.Errorf("audit: page key %q: %w", f.After, err)
		}
		q.to, q.id = n, id
	}
	rows, err := list(tx, q)
	if err != nil {
		return Page{}, err
	}
	p := Page{Rows: rows}
	if len(rows) > q.limit {
		p.Rows = rows[:q.limit]
		last := p.Rows[q.limit-1]
		p.Next = strconv.FormatInt(last.At.UnixMilli(), 10) + "." + last.ID
	}
	return p, nil
}
