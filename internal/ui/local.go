package ui

import (
	"net/http"
	"net/url"
	"strings"
)

// LocalPath returns to when it is an address inside this program, else "/". It guards
// every "come back to" value that a request brings (open redirects): "//host", "/\host",
// other schemes and control characters lead home.
func LocalPath(to string) string {
	if !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") || strings.ContainsAny(to, "\\") {
		return "/"
	}
	for _, c := range to {
		if c < 0x20 || c == 0x7f {
			return "/"
		}
	}
	u, err := url.Parse(to)
	if err != nil || u.Host != "" || u.Scheme != "" {
		return "/"
	}
	return to
}

// Back answers a done POST: 303 to a local address, so that reloading does not do it twice.
func Back(w http.ResponseWriter, r *http.Request, to string) error {
	http.Redirect(w, r, LocalPath(to), http.StatusSeeOther)
	return nil
}

// here is the address to return to after a change of display: this page, or for a
// re-shown form the page that it was sent from.
func here(r *http.Request) string {
	if r.Method == http.MethodGet {
		return LocalPath(r.URL.RequestURI())
	}
	if u, err := url.Parse(r.Referer()); err == nil && u.Host == r.Host && u.Path != "" {
		return LocalPath(u.RequestURI())
	}
	return "/"
}
