package notice_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"cchc/internal/db/dbtest"

	"cchc/internal/db"
	"cchc/internal/notice"
)

// gateway is an SMS gateway that answers as told and keeps what it was sent.
type gateway struct {
	*httptest.Server
	code    atomic.Int64
	bodies  []string
	headers []http.Header
}

func newGateway(t *testing.T) *gateway {
	g := &gateway{}
	g.code.Store(200)
	g.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		g.bodies, g.headers = append(g.bodies, string(body)), append(g.headers, r.Header)
		if c := int(g.code.Load()); c == 302 {
			http.Redirect(w, r, "http://169.254.169.254/", c)
		} else {
			w.WriteHeader(c)
		}
	}))
	t.Cleanup(g.Close)
	return g
}

func (p *post) webhook(url string, private bool) {
	p.set(func(x *notice.Settings) {
		x.WebhookURL, x.WebhookSecret, x.WebhookKinds, x.WebhookPrivate = url, "shared secret", []string{urge.Kind}, private
	})
}

func TestWebhook_isSignedAndTriedAgainUnderOneKey(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := open(t, d, &hand{at: morning})
		g := newGateway(t)
		p.webhook(g.URL, true)
		g.code.Store(503)
		must(t, p.send(urge))
		p.due()
		p.expect("webhook waiting 503 x1")
		g.code.Store(200)
		p.h.wind(time.Minute)
		p.due()
		p.expect("webhook sent 200 x2")
		var body map[string]string
		must(t, json.Unmarshal([]byte(g.bodies[1]), &body))
		if body["phone"] != "0901234567" || !strings.Contains(body["text"], "Lê Văn Nam") || body["url"] != "https://cchc.example.vn/plan/assignment/1" {
			t.Errorf("the gateway got %v", body)
		}
		stamp, mac, _ := strings.Cut(g.headers[1].Get("X-Cchc-Signature"), ",v1=")
		h := hmac.New(sha256.New, []byte("shared secret"))
		h.Write([]byte(strings.TrimPrefix(stamp, "t=") + "." + g.bodies[1]))
		if mac != hex.EncodeToString(h.Sum(nil)) {
			t.Error("the signature does not verify")
		}
		if a, b := g.headers[0].Get("Idempotency-Key"), g.headers[1].Get("Idempotency-Key"); a == "" || a != b {
			t.Errorf("two tries have the keys %q and %q, want one", a, b)
		}
	})
}

func TestWebhook_refusedForEverOrLedElsewhereIsNotTriedAgain(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		for _, c := range []struct {
			code int64
			want string
		}{{400, "webhook failed 400 x1"}, {302, "webhook failed 302 x1"}} {
			t.Run(c.want, func(t *testing.T) {
				p := open(t, d, &hand{at: morning})
				p.t = t
				g := newGateway(t)
				p.webhook(g.URL, true)
				g.code.Store(c.code)
				n := urge
				n.Key = c.want
				must(t, p.send(n))
				p.due()
				if got := p.deliveries(); got[len(got)-1] != c.want {
					t.Errorf("got %q", got)
				}
				if len(g.bodies) != 1 {
					t.Errorf("%d requests, want one", len(g.bodies))
				}
			})
		}
	})
}

func TestWebhook_neverReachesInsideTheHouse(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := open(t, d, &hand{at: morning})
		for _, host := range []string{"127.0.0.1", "localhost", "10.1.2.3", "192.168.0.1", "172.16.9.9", "169.254.169.254", "100.64.0.1", "0.0.0.0",
			"[::1]", "[::ffff:127.0.0.1]", "[fe80::1]", "[fd00::1]", "[64:ff9b::7f00:1]", "2130706433", "0x7f000001", "127.1"} {
			p.webhook("https://"+host+":1/", false)
			n := urge
			n.Key = "inside:" + host
			must(t, p.send(n))
			must(t, p.DeliverDue(context.Background()))
		}
		for i, got := range p.deliveries() {
			// The last three are no addresses to Go's resolver: they fail as names.
			if got != "webhook failed private_address x1" && !(i >= 13 && got == "webhook waiting unreachable x1") {
				t.Errorf("%d: %q", i, got)
			}
		}
	})
}

func TestExtra_goesByMailAloneAndTheMessageIsListedWithoutIt(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := open(t, d, &hand{at: morning})
		g, m := newGateway(t), newMailServer(t)
		p.smtp(m)
		p.webhook(g.URL, true)
		n := urge
		n.Args = map[string]string{"name": "", "token": "báo cáo"}
		n.Extra = map[string]string{"name": "https://cchc.example.vn/update/geheim"}
		must(t, p.send(n))
		p.due()
		if got := m.taken(); len(got) != 1 || !strings.Contains(got[0], "geheim") {
			t.Errorf("the mail lacks the link: %v", got)
		}
		if len(g.bodies) != 1 || strings.Contains(g.bodies[0], "geheim") {
			t.Errorf("the gateway got %v", g.bodies)
		}
		must(t, d.Read(t.Context(), func(tx *db.Tx) error {
			list, err := p.List(tx, "lan", "", 10)
			if len(list) != 1 || strings.Contains(list[0].Title(t.Context()), "geheim") {
				t.Errorf("listed: %+v", list)
			}
			left, _, readErr := db.One(tx, db.Value[string], `SELECT secret_sealed FROM notice_message`)
			if left != "" {
				t.Error("the sealed link is kept after it was sent")
			}
			return errorsOr(err, readErr)
		}))
	})
}
