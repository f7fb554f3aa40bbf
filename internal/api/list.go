package api

import (
	"net/url"
	"strconv"

	"cchc/internal/errs"
	"cchc/internal/ui"
)

// Paging is embedded in the input of a list. Lists page by key: a page stays right while
// records come and go, and the millionth costs as much as the first.
type Paging struct {
	Limit int    `query:"limit" minimum:"1" maximum:"200" default:"50" example:"50" doc:"How many at most"`
	After string `query:"after" maxLength:"500" example:"WyIyMDI2LTEwLTE0Il0" doc:"The next of the page before: opaque, never made by hand"`
}

// Cursor reads the n values of After; nil for the first page. Refusal: api.cursor_unreadable (400).
func (p Paging) Cursor(n int) ([]string, error) {
	values, ok := ui.ReadCursor(p.After, n)
	if !ok {
		return nil, errs.New(errs.Invalid, "api.cursor_unreadable")
	}
	return values, nil
}

// List is the output of a list operation.
type List[T any] struct {
	Link string `header:"Link" doc:"The next page (RFC 8288), absent on the last"`
	Body struct {
		Items []T    `json:"items" doc:"In the order that the operation says"`
		Next  string `json:"next,omitempty" example:"WyIyMDI2LTEwLTE0Il0" doc:"Value of after for the next page; absent on the last"`
	}
}

// NewList answers a page. items holds up to p.Limit+1 records: the extra one only says
// that there is more. key gives the values that the next page begins after; path is the
// operation's address with its filters.
func NewList[T any](p Paging, path string, filters url.Values, items []T, key func(T) []string) *List[T] {
	out := &List[T]{}
	out.Body.Items = items
	if items == nil {
		out.Body.Items = []T{}
	}
	if p.Limit > 0 && len(items) > p.Limit {
		out.Body.Items = items[:p.Limit]
		out.Body.Next = ui.Cursor(key(items[p.Limit-1])...)
		q := url.Values{}
		for k, v := range filters {
			q[k] = v
		}
		q.Set("after", out.Body.Next)
		q.Set("limit", strconv.Itoa(p.Limit))
		out.Link = "<" + path + "?" + q.Encode() + `>; rel="next"`
	}
	return out
}
