package org

import (
	"cmp"
	"slices"
	"strings"

	"cchc/internal/audit"
	"cchc/internal/db"
	"cchc/internal/errs"
	"cchc/internal/text"
)

// OpenWork is one piece of unfinished work of an agency, as its room describes it.
type OpenWork struct {
	Kind   string `json:"kind"` // the room's word: "dossier", "plan_assignment"
	ID     string `json:"id"`
	Code   string `json:"code"` // as people read it; never changes
	Title  string `json:"title"`
	Field  string `json:"field"`   // field of work, by which a successor is chosen
	DueDay string `json:"due_day"` // "" when it has none
}

// Handover is what a room offers for its work: to list what is open at an agency, and
// to give pieces of it to another. HandOver changes who is responsible and nothing
// else: codes stay, clocks do not restart. It runs in the caller's Write.
type Handover interface {
	Open(tx *db.Tx, agencyID string) ([]OpenWork, error)
	HandOver(tx *db.Tx, who audit.Who, from, to string, ids []string, minutesID string) error
}

// Register makes a room's work part of every hand-over; kind is OpenWork.Kind.
func (d *Directory) Register(kind string, h Handover) { d.rooms[kind] = h }

// Change says what kind of reorganisation it is.
type Change string

// The kinds of reorganisation.
const (
	Merge    Change = "merge"    // sáp nhập, hợp nhất: several into one
	Split    Change = "split"    // chia, tách: one into several
	Dissolve Change = "dissolve" // giải thể: ends, its work goes to others
)

// Successor names who takes over from an agency in one field ("" all others).
type Successor struct {
	From, To string // agency ids
	Field    string
}

// Reorganisation ends agencies and hands their open work over. Day is the first day
// without them.
type Reorganisation struct {
	Change     Change
	From       []string // ids of the agencies that end
	Successors []Successor
	Day        string
	// Choose settles work for which several successors come into question, by
	// OpenWork.Kind + ":" + OpenWork.ID.
	Choose map[string]string
	// The minutes (biên bản bàn giao).
	Number, SignedDay, GiverSigner, TakerSigner, LegalBasis string
}

// Item is one piece of work in a hand-over. To is "" when a person must choose one of
// Choices.
type Item struct {
	OpenWork
	From    string   `json:"from"`
	To      string   `json:"to"`
	Choices []string `json:"choices,omitempty"`
}

// Preview is what a reorganisation would do.
type Preview struct {
	Ends      []Agency `json:"ends"`
	Items     []Item   `json:"items"`
	Undecided int      `json:"undecided"` // items without To
}

// PreviewReorganisation lists what would end and what would move, and changes nothing.
func (d *Directory) PreviewReorganisation(tx *db.Tx, r Reorganisation) (Preview, error) {
	var p Preview
	if err := r.check(); err != nil {
		return p, err
	}
	for _, id := range r.From {
		a, err := Find(tx, id)
		if err == nil {
			err = d.checkDay(a, r.Day)
		}
		if err == nil {
			err = r.checkChildren(tx, a)
		}
		if err != nil {
			return p, err
		}
		p.Ends = append(p.Ends, a)
	}
	for _, s := range r.Successors {
		a, err := Find(tx, s.To)
		if err != nil {
			return p, err
		}
		if !a.On(r.Day) {
			return p, errs.OnField("successors", "org.successor_not_valid", "name", a.Name, "day", r.Day)
		}
	}
	kinds := make([]string, 0, len(d.rooms))
	for kind := range d.rooms {
		kinds = append(kinds, kind)
	}
	slices.Sort(kinds)
	for _, a := range p.Ends {
		for _, kind := range kinds {
			open, err := d.rooms[kind].Open(tx, a.ID)
			if err != nil {
				return p, err
			}
			for _, w := range open {
				w.Kind = kind
				it := r.item(a.ID, w)
				if it.To == "" {
					p.Undecided++
				}
				p.Items = append(p.Items, it)
			}
		}
	}
	return p, nil
}

// item decides who gets a piece of work: the one that a person chose, else the only
// successor in its field, else the only one for all fields.
func (r Reorganisation) item(from string, w OpenWork) Item {
	it := Item{OpenWork: w, From: from}
	for _, field := range []string{w.Field, ""} {
		for _, s := range r.Successors {
			if s.From == from && s.Field == field && !slices.Contains(it.Choices, s.To) {
				it.Choices = append(it.Choices, s.To)
			}
		}
		if len(it.Choices) > 0 {
			break
		}
	}
	chosen := r.Choose[w.Kind+":"+w.ID]
	switch {
	case slices.ContainsFunc(r.Successors, func(s Successor) bool { return s.From == from && s.To == chosen }):
		it.To = chosen
	case len(it.Choices) == 1:
		it.To = it.Choices[0]
	}
	return it
}

// check lists what is wrong with the order before anything is read.
func (r Reorganisation) check() error {
	var faults errs.List
	into := map[string]bool{}
	for _, s := range r.Successors {
		if !slices.Contains(r.From, s.From) || slices.Contains(r.From, s.To) {
			faults = append(faults, errs.OnField("successors", "org.successor_wrong"))
		}
		into[s.To] = true
	}
	switch {
	case len(r.From) == 0:
		faults = append(faults, errs.OnField("from", "org.nothing_ends"))
	case r.Change == Merge && len(into) != 1, r.Change == Split && (len(r.From) != 1 || len(into) < 2), r.Change == Dissolve && len(into) == 0:
		faults = append(faults, errs.OnField("successors", "org.successors_do_not_fit", "change", string(r.Change), "count", len(into)))
	case r.Change != Merge && r.Change != Split && r.Change != Dissolve:
		faults = append(faults, errs.OnField("change", "org.change_unknown", "change", string(r.Change)))
	}
	for _, id := range r.From {
		if !slices.ContainsFunc(r.Successors, func(s Successor) bool { return s.From == id }) {
			faults = append(faults, errs.OnField("successors", "org.successor_missing"))
			break
		}
	}
	return faults.Err()
}

// checkChildren refuses to end an agency while others that go on stand below it.
func (r Reorganisation) checkChildren(tx *db.Tx, a Agency) error {
	children, err := Children(tx, a.ID, r.Day)
	if err != nil {
		return err
	}
	var names []string
	for _, c := range children {
		if !slices.Contains(r.From, c.ID) {
			names = append(names, c.Name)
		}
	}
	if len(names) > 0 {
		return errs.New(errs.Conflict, "org.has_agencies_below", "name", a.Name, "count", len(names), "names", strings.Join(names[:min(3, len(names))], "; "))
	}
	return nil
}

// Reorganise ends the agencies on the day before r.Day, records who succeeds them and
// writes the minutes with every piece of open work, in one transaction. The first
// pieces are handed over at once; while the minutes are in state handing_over the
// caller goes on with Continue, in short Writes.
func (d *Directory) Reorganise(tx *db.Tx, who audit.Who, r Reorganisation) (Minutes, error) {
	if err := lockTree(tx); err != nil {
		return Minutes{}, err
	}
	p, err := d.PreviewReorganisation(tx, r)
	if err != nil {
		return Minutes{}, err
	}
	if p.Undecided > 0 {
		return Minutes{}, errs.OnField("choose", "org.work_without_successor", "count", p.Undecided)
	}
	m := Minutes{
		ID: db.NewID(), Number: text.Clean(r.Number), Change: r.Change, Day: r.Day, SignedDay: cmp.Or(r.SignedDay, d.today()),
		GiverSigner: text.Clean(r.GiverSigner), TakerSigner: text.Clean(r.TakerSigner), LegalBasis: text.Clean(r.LegalBasis), State: HandingOver, Version: 1,
	}
	if err := m.check(); err != nil {
		return m, err
	}
	if err := insertMinutes(tx, m, d.clock().UnixMilli()); err != nil {
		return m, err
	}
	for _, a := range p.Ends {
		after := a
		after.ValidTo = dayBefore(r.Day)
		if err := moveEnds(tx, a, after); err != nil {
			return m, err
		}
		if err := endPosts(tx, a.ID, after.ValidTo); err != nil {
			return m, err
		}
		if _, err := d.save(tx, who, "org.agency_end", a, after, m.Number); err != nil {
			return m, err
		}
	}
	for _, s := range r.Successors {
		if err := insertSuccession(tx, s, r.Day, m.ID); err != nil {
			return m, err
		}
	}
	for _, it := range p.Items {
		if err := insertItem(tx, m.ID, it); err != nil {
			return m, err
		}
	}
	entry := audit.Entry{Kind: "org.reorganise", Subject: "org_minutes:" + m.ID, Agency: r.Successors[0].To, After: map[string]any{"minutes": m, "successors": r.Successors, "items": len(p.Items)}, Reason: m.LegalBasis}
	if err := d.log.Record(tx, who, entry); err != nil {
		return m, err
	}
	m, err = d.Continue(tx, who, m.ID)
	return m, err
}
