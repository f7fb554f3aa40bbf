// Package views keeps lists with their filters under names of their reader's own (góc
// nhìn đã lưu). A view is an address and nothing else: opened, it is cut to the reach of
// whoever opens it, so that it may be sent on.
//
// Start at Service.Save. Every account sees its own views; there is no right to give.
package views

import (
	"net/url"
	"strings"

	"cchc/internal/errs"
	"cchc/internal/text"
)

// View is one kept list.
type View struct {
	ID, Name, Address string
	CreatedMs         int64
}

const (
	mostViews    = 50 // of one account: a list of views that needs a search helps nobody
	longestName  = 80
	longestQuery = 1000
)

// tidied checks a name and an address as they came from a form. The address must be a
// page of this program; the place within the list and the kind of file are left out.
func tidied(name, address string) (string, string, error) {
	var l errs.List
	name = text.Clean(name)
	if name == "" || len([]rune(name)) > longestName {
		l = append(l, errs.OnField("name", "views.name_missing", "most", longestName))
	}
	u, err := url.Parse(address)
	if err != nil || u.IsAbs() || u.Host != "" || !strings.HasPrefix(u.Path, "/") || strings.HasPrefix(address, "//") ||
		strings.ContainsAny(address, "\\\r\n") || len(address) > longestQuery || strings.HasPrefix(u.Path, "/views") {
		return name, "", append(l, errs.New(errs.Invalid, "views.address_unclear")).Err()
	}
	q := u.Query()
	q.Del("after")
	q.Del("as")
	address = u.EscapedPath()
	if len(q) > 0 {
		address += "?" + q.Encode()
	}
	return name, address, l.Err()
}
