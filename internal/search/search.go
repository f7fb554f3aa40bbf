// Package search finds records by the words in them, the same on both engines.
//
// Rooms call Put in the Write that changes a record, and Delete when it goes; Find
// answers within the reader's reach, newest first or by how exactly words match.
// Marks do not matter for finding ("dat dai" finds Đất đai) but exact ones rank first.
// docs/adr/0011-search.md says why the index is built the way it is.
package search

import (
	"time"

	"cchc/internal/db"
	"cchc/internal/errs"
)

// Query is what somebody looks for. Words are all to be there; "words in quotes" stand
// together; the last word may be unfinished.
type Query struct {
	Text    string
	Kinds   []string // of records; none = all
	Account string   // who asks, and with which right: only records of agencies
	Right   string   // that identity_reach gives them
	All     bool     // no scope: for what everybody may see, and for the program itself
	Now     time.Time
	After   string // Page.Next of the page before, "" for the first
	Limit   int    // 1..100, 0 = 20
	// RankByRelevance puts exact matches first, among the 500 newest that match.
	RankByRelevance bool
}

// Hit is a record found.
type Hit struct {
	Kind, ID, AgencyID string
	AtMs               int64
	Snippet            []Part // some words around the first match
	num                int64
	score              int
}

// Part is a piece of a snippet; Match ones are what was looked for.
type Part struct {
	Text  string
	Match bool
}

// Page is a page of hits. Next is "" on the last one.
type Page struct {
	Hits []Hit
	Next string
}

const (
	rankAmong  = 500
	limitUsual = 20
	limitMost  = 100
)

// Find answers a query. No words in it: an empty page. Invalid "search.cursor" when
// After is not a cursor of the same query's kind. A query that names neither an
// account nor All is Forbidden "search.no_scope": a fault of the caller.
func Find(tx *db.Tx, q Query) (Page, error) {
	if !q.All && (q.Account == "" || q.Right == "") {
		return Page{}, errs.New(errs.Forbidden, "search.no_scope")
	}
	terms := parse(q.Text)
	after, err := parseCursor(q.After, q.RankByRelevance)
	if err != nil || len(terms) == 0 {
		return Page{}, err
	}
	limit := q.Limit
	if limit <= 0 {
		limit = limitUsual
	}
	limit = min(limit, limitMost)
	take, before := limit+1, after.num
	if q.RankByRelevance {
		take, before = rankAmong, newest
	}
	docs, err := match(tx, terms, q, before, take)
	if err != nil {
		return Page{}, err
	}
	if q.RankByRelevance {
		docs = ranked(docs, terms, after)
	}
	page := Page{}
	if len(docs) > limit {
		docs = docs[:limit]
		page.Next = cursor{docs[limit-1].score, docs[limit-1].num}.String(q.RankByRelevance)
	}
	for _, d := range docs {
		d.Hit.Snippet = snippet(d.body, terms)
		page.Hits = append(page.Hits, d.Hit)
	}
	return page, nil
}
