package ui

import (
	"crypto/tls"
	"net/http/httptest"
	"strings"
	"testing"

	"cchc/internal/errs"

	"net/http"
)

// score counts safety headers as public scanners do: 100 is the best.
func score(h http.Header, secure bool) (points int, missing []string) {
	take := func(n int, name string, good bool) {
		if good {
			points += n
		} else {
			missing = append(missing, name)
		}
	}
	policy := map[string]string{}
	for _, part := range strings.Split(h.Get("Content-Security-Policy"), ";") {
		name, value, _ := strings.Cut(strings.TrimSpace(part), " ")
		policy[name] = value
	}
	take(15, "default-src none", policy["default-src"] == "'none'")
	all := h.Get("Content-Security-Policy")
	take(15, "no unsafe sources", policy["script-src"] == "'self'" && policy["style-src"] == "'self'" && !strings.Contains(all, "unsafe") && !strings.Contains(all, "*") && !strings.Contains(all, "http"))
	take(5, "img-src", policy["img-src"] == "'self' data:")
	take(5, "form-action", policy["form-action"] == "'self'")
	take(5, "base-uri", policy["base-uri"] == "'none'")
	take(10, "framing", policy["frame-ancestors"] == "'none'" && h.Get("X-Frame-Options") == "DENY")
	take(10, "nosniff", h.Get("X-Content-Type-Options") == "nosniff")
	take(10, "referrer", h.Get("Referrer-Policy") == "same-origin")
	take(10, "opener", h.Get("Cross-Origin-Opener-Policy") == "same-origin")
	take(5, "resource", h.Get("Cross-Origin-Resource-Policy") == "same-origin")
	take(5, "permissions", strings.Contains(h.Get("Permissions-Policy"), "camera=()"))
	take(5, "hsts", !secure || strings.Contains(h.Get("Strict-Transport-Security"), "max-age=63072000"))
	return points, missing
}

func TestHeaders_everyKindOfAnswerScoresFull(t *testing.T) {
	t.Parallel()
	rt, _ := desk(t, officer)
	rt.Handle("GET /refused", SignedIn, func(http.ResponseWriter, *http.Request) error { return errs.New(errs.NotFound, "ui.page_not_found") })
	rt.Handle("GET /broken", SignedIn, func(http.ResponseWriter, *http.Request) error { panic("x") })
	for _, path := range []string{"/dev/components", "/dev/components?face=desk", "/dev/components?face=cockpit", "/refused", "/broken", "/nowhere", Asset("style.css"), Asset("icons.svg"), "/display"} {
		for _, secure := range []bool{false, true} {
			r := httptest.NewRequest("GET", path, nil)
			if secure {
				r.TLS = &tls.ConnectionState{}
			}
			w := httptest.NewRecorder()
			rt.ServeHTTP(w, r)
			if points, missing := score(w.Header(), secure); points != 100 {
				t.Errorf("%s (TLS %v): %d points, missing %v", path, secure, points, missing)
			}
			if !secure && w.Header().Get("Strict-Transport-Security") != "" {
				t.Errorf("%s: HSTS without TLS", path)
			}
		}
	}
}

func TestPages_holdNothingThatThePolicyForbids(t *testing.T) {
	t.Parallel()
	rt, _ := desk(t, officer)
	for _, face := range []string{"", "desk", "cockpit"} {
		body := ask(rt, "GET", "/dev/components?face="+face, nil).Body.String()
		for _, bad := range []string{" style=", "<style", "<script>", " onclick", " onload", "javascript:", `src="http`, `href="http`} {
			if strings.Contains(body, bad) {
				t.Errorf("face %q holds %s", face, bad)
			}
		}
	}
}

func TestCookies_areNotForScriptAndSecureBehindTLS(t *testing.T) {
	t.Parallel()
	rt, _ := desk(t, officer)
	r := httptest.NewRequest("POST", "/display", strings.NewReader("size=l"))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.TLS = &tls.ConnectionState{}
	w := httptest.NewRecorder()
	rt.ServeHTTP(w, r)
	c := w.Result().Cookies()
	if len(c) != 1 || !c[0].HttpOnly || !c[0].Secure || c[0].SameSite != http.SameSiteLaxMode || c[0].Path != "/" {
		t.Errorf("got %+v", c)
	}
}
