package app

import (
	"net/http/httptest"
	"testing"
)

// TestDemo_oneClickOnlyFromThisMachine walks the conditions under which anyone may be
// anyone: each of them alone is enough to close the door.
func TestDemo_oneClickOnlyFromThisMachine(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		why, listen, remote, host, header string
		open                              bool
	}{
		{"as meant", "127.0.0.1:8080", "127.0.0.1:5000", "127.0.0.1:8080", "", true},
		{"by name", "127.0.0.1:8080", "127.0.0.1:5000", "localhost:8080", "", true},
		{"over IPv6", "[::1]:8080", "[::1]:5000", "localhost:8080", "", true},
		{"listening to all", "0.0.0.0:8080", "127.0.0.1:5000", "127.0.0.1:8080", "", false},
		{"from another machine", "127.0.0.1:8080", "10.0.0.7:5000", "127.0.0.1:8080", "", false},
		{"a name pointed at 127.0.0.1", "127.0.0.1:8080", "127.0.0.1:5000", "evil.example:8080", "", false},
		{"another port", "127.0.0.1:8080", "127.0.0.1:5000", "127.0.0.1:9090", "", false},
		{"no port", "127.0.0.1:8080", "127.0.0.1:5000", "127.0.0.1", "", false},
		{"through a proxy", "127.0.0.1:8080", "127.0.0.1:5000", "127.0.0.1:8080", "X-Forwarded-For", false},
		{"through another proxy", "127.0.0.1:8080", "127.0.0.1:5000", "127.0.0.1:8080", "Forwarded", false},
	} {
		r := httptest.NewRequest("POST", "/demo/sign-in", nil)
		r.RemoteAddr, r.Host = c.remote, c.host
		if c.header != "" {
			r.Header.Set(c.header, "for=1.2.3.4")
		}
		if got := loopback(c.listen) && fromThisMachine(r, c.listen); got != c.open {
			t.Errorf("%s: open %v, want %v", c.why, got, c.open)
		}
	}
}

func TestParseLife_readsDaysAndRefusesNonsense(t *testing.T) {
	t.Parallel()
	if d, err := parseLife("30d"); err != nil || d.Hours() != 720 {
		t.Errorf("30d = %v, %v", d, err)
	}
	if d, err := parseLife("12h"); err != nil || d.Hours() != 12 {
		t.Errorf("12h = %v, %v", d, err)
	}
	for _, s := range []string{"", "0d", "-1d", "soon", "99999d", "-5h"} {
		if _, err := parseLife(s); err == nil {
			t.Errorf("%q was taken for a duration", s)
		}
	}
}
