package org

import (
	"cmp"

	"cchc/internal/audit"
	"cchc/internal/db"
	"cchc/internal/errs"
	"cchc/internal/text"
)

// Appointment says who heads an agency from a day on. PostTitle "" keeps the post's
// title, or takes the usual one (Giám đốc, Chánh Văn phòng).
type Appointment struct {
	AgencyID   string
	PostTitle  string
	AccountID  string // "" for a person without an account
	PersonName string
	Acting     bool   // giao quyền, phụ trách
	Document   string // quyết định bổ nhiệm
	FromDay    string
	ToDay      string // "" open
}

// SetHead appoints the head of an agency (người đứng đầu). Whoever held the post until
// then holds it until the day before; an appointment on the same day replaces it.
func (d *Directory) SetHead(tx *db.Tx, who audit.Who, p Appointment) (Holder, error) {
	if err := tx.Lock("org_head:" + p.AgencyID); err != nil {
		return Holder{}, err
	}
	a, err := Find(tx, p.AgencyID)
	if err != nil {
		return Holder{}, err
	}
	h := Holder{AccountID: p.AccountID, PersonName: text.Clean(p.PersonName), PostTitle: text.Clean(p.PostTitle), Acting: p.Acting,
		FromDay: p.FromDay, ToDay: cmp.Or(p.ToDay, a.ValidTo)}
	switch {
	case h.PersonName == "" || len([]rune(h.PersonName)) > 200:
		return h, errs.OnField("person_name", "org.person_missing")
	case !validDay(h.FromDay):
		return h, errs.OnField("from_day", "org.day_unreadable", "day", h.FromDay)
	case !validDay(h.ToDay):
		return h, errs.OnField("to_day", "org.day_unreadable", "day", h.ToDay)
	case h.FromDay > h.ToDay:
		return h, errs.OnField("to_day", "org.ends_before_it_begins", "from", h.FromDay, "to", h.ToDay)
	case h.FromDay < a.ValidFrom || h.ToDay > a.ValidTo:
		return h, errs.OnField("from_day", "org.day_out_of_validity", "name", a.Name, "from", a.ValidFrom, "to", a.ValidTo)
	}
	if h.PostID, h.PostTitle, err = headPost(tx, a, h.PostTitle); err != nil {
		return h, err
	}
	if p.ToDay == "" { // entered for the past: until the next one who is known
		if next, err := nextHolder(tx, h.PostID, h.FromDay); err != nil {
			return h, err
		} else if next != "" {
			h.ToDay = dayBefore(next)
		}
	}
	before, held, err := Head(tx, a.ID, h.FromDay)
	if err != nil {
		return h, err
	}
	if err := appoint(tx, h, text.Clean(p.Document)); err != nil {
		return h, err
	}
	e := audit.Entry{Kind: "org.head_set", Subject: "org_agency:" + a.ID, Agency: a.ID, After: h, Reason: p.Document}
	if held {
		e.Before = before
	}
	return h, d.log.Record(tx, who, e)
}
