// Package org knows the agencies (cơ quan, đơn vị) of the province through time:
// what they are called, who stands over whom, who heads them, and who takes over
// from those that ended. Start with Agency; Resolve turns a text into agencies,
// Successors follows a merger, Directory changes anything.
//
// Every question names a day, because the province of 2022 (districts) and that of
// 2026 (communes, merged) both run; day "" asks about all days.
package org

import (
	"slices"

	"cchc/internal/clock"
)

// Kind says what sort of agency it is; the stored word is the value.
type Kind string

// The kinds, with the Vietnamese term.
const (
	Province      Kind = "province"       // UBND tỉnh
	Department    Kind = "department"     // sở, ban, ngành
	CentralAgency Kind = "central_agency" // cơ quan Trung ương đóng tại địa phương
	District      Kind = "district"       // UBND huyện, thị xã, thành phố; none since 1/7/2025
	Commune       Kind = "commune"        // UBND xã, phường
	ServiceCentre Kind = "service_centre" // Trung tâm Phục vụ hành chính công
	PublicUnit    Kind = "public_unit"    // đơn vị sự nghiệp công lập
	Company       Kind = "company"        // doanh nghiệp
	Other         Kind = "other"
)

// Kinds lists every kind in the order in which lists show them.
var Kinds = []Kind{Province, Department, CentralAgency, District, Commune, ServiceCentre, PublicUnit, Company, Other}

// Known reports whether k is one of Kinds.
func (k Kind) Known() bool { return slices.Contains(Kinds, k) }

// First and Last are the days of an open validity, so that comparing needs no NULL.
const (
	First = "0001-01-01"
	Last  = "9999-12-31"
)

// Agency is one agency as it is called today. It exists from ValidFrom to ValidTo,
// both days included.
type Agency struct {
	ID        string `json:"id"`
	Code      string `json:"code"`
	Name      string `json:"name"`
	ShortName string `json:"short_name"`
	Kind      Kind   `json:"kind"`
	ParentID  string `json:"parent_id"` // "" at the top
	ValidFrom string `json:"valid_from"`
	ValidTo   string `json:"valid_to"`
	Sample    bool   `json:"sample"` // typed from memory: pages say "dữ liệu mẫu"
	Version   int64  `json:"version"`
}

// On reports whether the agency exists on day; "" asks about no day and is true.
func (a Agency) On(day string) bool {
	return day == "" || a.ValidFrom <= day && day <= a.ValidTo
}

// Holder is who holds a post on a day. AccountID is "" for a person without an account.
type Holder struct {
	PostID     string `json:"post_id"`
	AccountID  string `json:"account_id"`
	PersonName string `json:"person_name"`
	PostTitle  string `json:"post_title"`
	Acting     bool   `json:"acting"` // giao quyền, phụ trách
	FromDay    string `json:"from_day"`
	ToDay      string `json:"to_day"`
}

// validDay reports whether day is a real day written YYYY-MM-DD.
func validDay(day string) bool {
	t, err := clock.ParseDay(day)
	return err == nil && clock.Day(t) == day
}

// dayBefore returns the day before day, which must be valid.
func dayBefore(day string) string {
	t, err := clock.ParseDay(day)
	if err != nil {
		return day
	}
	return clock.Day(t.AddDate(0, 0, -1))
}

// dayAfter returns the day after day, which must be valid.
func dayAfter(day string) string {
	t, err := clock.ParseDay(day)
	if err != nil || day == Last {
		return day
	}
	return clock.Day(t.AddDate(0, 0, 1))
}
