package ui

import "net/http"

// Policy is the content security policy of every page: nothing from outside, no inline
// script, no inline style, no framing, forms only to ourselves.
const Policy = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; font-src 'self'; " +
	"connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"

// setHeaders writes the safety headers of every answer; a handler may narrow them.
func (rt *Router) setHeaders(h http.Header, r *http.Request) {
	h.Set("Content-Security-Policy", Policy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()")
	// Pages hold what the reader may see, so no shared cache keeps them.
	h.Set("Cache-Control", "private, no-cache")
	if rt.secure(r) {
		h.Set("Strict-Transport-Security", "max-age=63072000; includeSubDomains")
	}
}

func (rt *Router) secure(r *http.Request) bool { return rt.cfg.Secure || r.TLS != nil }

// setCookie writes a cookie of ours: not for script, not sent with cross-site posts,
// Secure behind TLS. maxAge is in seconds, negative to remove.
func setCookie(w http.ResponseWriter, r *http.Request, name, value string, maxAge int) {
	http.SetCookie(w, &http.Cookie{Name: name, Value: value, Path: "/", MaxAge: maxAge, HttpOnly: true,
		SameSite: http.SameSiteLaxMode, Secure: viewOf(r.Context()).rt.secure(r)})
}
