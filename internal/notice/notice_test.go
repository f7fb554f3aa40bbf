package notice_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http/httptest"
	"net/mail"
	"strings"
	"sync"
	"testing"
	"time"

	"cchc/internal/audit"
	"cchc/internal/db"
	"cchc/internal/db/dbtest"
	"cchc/internal/errs"
	"cchc/internal/job"
	"cchc/internal/notice"
)

// morning is 09:00 on 14 October 2026 in Vietnam.
var morning = time.Date(2026, 10, 14, 2, 0, 0, 0, time.UTC)

type hand struct {
	mu sync.Mutex
	at time.Time
}

func (h *hand) now() time.Time       { h.mu.Lock(); defer h.mu.Unlock(); return h.at }
func (h *hand) wind(d time.Duration) { h.mu.Lock(); defer h.mu.Unlock(); h.at = h.at.Add(d) }

type post struct {
	*notice.Service
	d *db.DB
	h *hand
	t *testing.T
}

var book = map[string]notice.Address{
	"lan": {Name: "Trần Thị Lan", Email: "lan@so.example.vn", Phone: "0901234567", Lang: "vi"},
	"nam": {Name: "Lê Văn Nam", Lang: "vi"}, // no address
}

func open(t *testing.T, d *db.DB, h *hand) *post { t.Helper(); return openTrusting(t, d, h, nil) }

func openTrusting(t *testing.T, d *db.DB, h *hand, trust *tls.Config) *post {
	t.Helper()
	q, err := job.New(d, h.now)
	must(t, err)
	keys, err := audit.NewKeys()
	must(t, err)
	s, err := notice.New(d, h.now, audit.New(keys, h.now), q, notice.Options{Key: make([]byte, 32), BaseURL: "https://cchc.example.vn", TLS: trust,
		Book: func(_ *db.Tx, account string) (notice.Address, bool, error) {
			a, ok := book[account]
			return a, ok, nil
		}})
	must(t, err)
	return &post{s, d, h, t}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (p *post) set(change func(x *notice.Settings)) {
	p.t.Helper()
	must(p.t, p.d.Write(context.Background(), func(tx *db.Tx) error {
		x, err := p.Settings(tx)
		if err != nil {
			return err
		}
		change(&x)
		return p.SetSettings(tx, audit.System("test"), x, x.Version)
	}))
}

func (p *post) smtp(m *mailServer) {
	p.set(func(x *notice.Settings) {
		x.Mail, x.SMTPHost, x.SMTPPort, x.SMTPSecurity, x.MailFrom = notice.MailSMTP, "127.0.0.1", m.port, "none", "Cải cách hành chính <cchc@tinh.example.vn>"
	})
}

func (p *post) send(n notice.Notice) error {
	return p.d.Write(context.Background(), func(tx *db.Tx) error { return p.Send(tx, n) })
}

func (p *post) due() {
	p.t.Helper()
	must(p.t, p.DeliverDue(context.Background()))
}

// deliveries describes all deliveries, oldest first: "mail sent 250 x1".
func (p *post) deliveries() []string {
	p.t.Helper()
	var all []string
	must(p.t, p.d.Read(context.Background(), func(tx *db.Tx) error {
		list, err := p.Deliveries(tx, notice.DeliveryFilter{})
		all = nil
		for _, x := range list {
			all = append([]string{fmt.Sprintf("%s %s %s x%d", x.Channel, x.State, x.Result, x.Attempts)}, all...)
		}
		return err
	}))
	return all
}

func (p *post) expect(want ...string) {
	p.t.Helper()
	if got := p.deliveries(); fmt.Sprint(got) != fmt.Sprint(want) {
		p.t.Fatalf("deliveries %q, want %q", got, want)
	}
}

var urge = notice.Notice{Key: "notice.test:1", To: "lan", Kind: "identity.token_made", Subject: "plan_assignment:1", URL: "/plan/assignment/1", Args: map[string]string{"name": "Lê Văn Nam", "token": "báo cáo"}}

func TestSend_isOnceForEverAlsoSideBySide(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := open(t, d, &hand{at: morning})
		m := newMailServer(t)
		p.smtp(m)
		var all sync.WaitGroup
		for range 20 {
			all.Go(func() {
				if err := p.send(urge); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		for range 4 { // and several workers at once
			all.Go(func() {
				if err := p.DeliverDue(context.Background()); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		must(t, open(t, d, p.h).send(urge)) // and after a restart
		p.due()
		if n := len(m.taken()); n != 1 {
			t.Errorf("%d mails, want one", n)
		}
		p.expect("mail sent 250 x1")
		must(t, d.Read(context.Background(), func(tx *db.Tx) error {
			list, err := p.List(tx, "lan", "", 10)
			if len(list) != 1 {
				t.Errorf("%d messages in the list, want one", len(list))
			}
			return err
		}))
	})
}

func TestMail_isReadableVietnameseInTextAndHTML(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := open(t, d, &hand{at: morning})
		m := newMailServer(t)
		p.smtp(m)
		must(t, p.send(urge))
		p.due()
		got, err := mail.ReadMessage(strings.NewReader(m.taken()[0]))
		must(t, err)
		subject, err := new(mime.WordDecoder).DecodeHeader(got.Header.Get("Subject"))
		must(t, err)
		if subject != "Lê Văn Nam đã cấp mã truy cập “báo cáo” cho tài khoản của bạn" || strings.Contains(got.Header.Get("Subject"), "cấp") {
			t.Errorf("subject %q as %q", subject, got.Header.Get("Subject"))
		}
		if to, err := mail.ParseAddress(got.Header.Get("To")); err != nil || to.Name != "Trần Thị Lan" || to.Address != "lan@so.example.vn" {
			t.Errorf("to %v, %v", to, err)
		}
		_, params, err := mime.ParseMediaType(got.Header.Get("Content-Type"))
		must(t, err)
		parts := multipart.NewReader(got.Body, params["boundary"])
		for _, want := range []string{"Xem chi tiết: https://cchc.example.vn/plan/assignment/1", `<a href="https://cchc.example.vn/plan/assignment/1">`} {
			part, err := parts.NextPart()
			must(t, err)
			text, err := io.ReadAll(part)
			must(t, err)
			if !strings.Contains(string(text), want) || !strings.Contains(string(text), "Kính gửi Trần Thị Lan,") {
				t.Errorf("%s lacks %q:\n%s", part.Header.Get("Content-Type"), want, text)
			}
		}
	})
}

func TestMail_refusedForNowIsTriedAgainAndForEverIsNot(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, verb, reply, after, last string }{
		{"greylisted", "RCPT", "451 later", "mail waiting 451 x1", "mail sent 250 x2"},
		{"busy at the dot", "END", "452 full", "mail waiting 452 x1", "mail sent 250 x2"},
		{"no such mailbox", "RCPT", "550 nobody", "mail failed 550 x1", "mail failed 550 x1"},
		{"line cut early", "MAIL", "", "mail waiting sender x1", "mail sent 250 x2"},
		{"line cut after the dot", "END", "", "mail maybe_sent no_reply x1", "mail sent 250 x2"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			dbtest.Each(t, func(t *testing.T, d *db.DB) {
				p := open(t, d, &hand{at: morning})
				m := newMailServer(t)
				p.smtp(m)
				m.will(c.verb, c.reply)
				must(t, p.send(urge))
				p.due()
				p.expect(c.after)
				p.due() // not before its pause is over
				p.expect(c.after)
				m.will(c.verb, "ok")
				p.h.wind(2 * time.Minute)
				p.due()
				p.expect(c.last)
				ids := map[string]bool{}
				for _, text := range m.taken() {
					got, err := mail.ReadMessage(strings.NewReader(text))
					must(t, err)
					ids[got.Header.Get("Message-ID")] = true
				}
				if len(m.taken()) > 0 && len(ids) != 1 {
					t.Errorf("%d Message-IDs for one message, want one", len(ids))
				}
			})
		})
	}
}

func TestMail_goesInsideTLSWithThePasswordOrNotAtAll(t *testing.T) {
	t.Parallel()
	https := httptest.NewTLSServer(nil)
	t.Cleanup(https.Close)
	trust := x509.NewCertPool()
	trust.AddCert(https.Certificate())
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := openTrusting(t, d, &hand{at: morning}, &tls.Config{RootCAs: trust})
		plain := newMailServer(t)
		p.smtp(plain)
		secure := func(x *notice.Settings) {
			x.SMTPSecurity, x.SMTPUser, x.SMTPPassword = "starttls", "cchc", "open says me"
		}
		p.set(secure)
		must(t, p.send(urge))
		p.due()
		p.expect("mail waiting unreachable x1")
		if strings.Contains(plain.verbs(), "MAIL") || strings.Contains(plain.verbs(), "AUTH") {
			t.Errorf("spoke in the clear: %s", plain.verbs())
		}
		m := newMailServer(t)
		m.tls = &tls.Config{Certificates: https.TLS.Certificates}
		p.smtp(m)
		p.set(secure)
		p.h.wind(time.Minute)
		p.due()
		p.expect("mail waiting sign_in x2")
		p.set(func(x *notice.Settings) { x.SMTPPassword = "open sesame" })
		p.h.wind(time.Hour)
		p.due()
		p.expect("mail sent 250 x3")
		if want := "HELLO EHLO STARTTLS EHLO AUTH MAIL RCPT DATA END QUIT"; !strings.HasSuffix(m.verbs(), want) {
			t.Errorf("spoke %s, want %s", m.verbs(), want)
		}
	})
}

func TestMail_isGivenUpAfterEightTries(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := open(t, d, &hand{at: morning})
		m := newMailServer(t)
		p.smtp(m)
		m.will("RCPT", "451 later")
		must(t, p.send(urge))
		for range 12 {
			p.due()
			p.h.wind(4 * time.Hour)
		}
		p.expect("mail failed 451 x8")
	})
}

// The program dies between the wire and the row: the next one takes over after the
// lease, says so in the log, and sends under the same Message-ID.
func TestMail_ofADeadProgramIsSentAgainAndMarked(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := open(t, d, &hand{at: morning})
		m := newMailServer(t)
		p.smtp(m)
		must(t, p.send(urge))
		must(t, d.Write(context.Background(), func(tx *db.Tx) error { // what a worker writes before the wire
			for _, q := range []string{
				`UPDATE notice_delivery SET state = 'trying', attempt_id = 'dead', attempts = 1, lease_ms = due_ms + 300000`,
				`INSERT INTO notice_attempt (id, delivery_id, begun_ms) SELECT 'dead', id, due_ms FROM notice_delivery`} {
				if _, err := tx.Exec(q); err != nil {
					return err
				}
			}
			return nil
		}))
		p.due()
		p.expect("mail trying  x1") // somebody may still be at it
		p.h.wind(5 * time.Minute)
		restarted := open(t, d, p.h)
		restarted.due()
		p.expect("mail sent 250 x2")
		must(t, d.Read(context.Background(), func(tx *db.Tx) error {
			list, err := p.Deliveries(tx, notice.DeliveryFilter{})
			if err != nil {
				return err
			}
			tries, err := p.Attempts(tx, list[0].ID)
			if len(tries) != 2 || tries[0].Result != "maybe_sent" || !tries[0].Ended.IsZero() || tries[1].Result != "250" {
				t.Errorf("the log says %+v", tries)
			}
			return err
		}))
	})
}

func TestQuietHours_delayChannelsButNotTheList(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := open(t, d, &hand{at: morning.Add(13 * time.Hour)}) // 22:00
		m := newMailServer(t)
		p.smtp(m)
		must(t, p.send(urge))
		p.due()
		must(t, d.Read(context.Background(), func(tx *db.Tx) error {
			n, err := p.Unread(tx, "lan")
			if n != 1 {
				t.Errorf("%d unread at night, want one", n)
			}
			return err
		}))
		p.h.wind(8*time.Hour - time.Millisecond) // 05:59:59.999
		p.due()
		p.expect("mail waiting  x0")
		p.h.wind(time.Millisecond)
		p.due()
		p.expect("mail sent 250 x1")
	})
}

func TestDigest_isOneMailAPersonADayAndLeavesOutWhatWasRead(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := open(t, d, &hand{at: morning})
		m := newMailServer(t)
		p.smtp(m)
		p.set(func(x *notice.Settings) { x.DigestKinds = []string{urge.Kind} })
		for i := range 3 {
			n := urge
			n.Key = fmt.Sprint("notice.test:", i)
			must(t, p.send(n))
		}
		must(t, d.Write(context.Background(), func(tx *db.Tx) error {
			list, err := p.List(tx, "lan", "", 10)
			if err != nil {
				return err
			}
			return p.MarkRead(tx, "lan", list[0].ID)
		}))
		p.due()
		p.expect("mail waiting  x0")
		p.h.wind(7*time.Hour + 30*time.Minute) // 16:30
		p.due()
		p.expect("mail sent 250 x1")
		got, err := mail.ReadMessage(strings.NewReader(m.taken()[0]))
		must(t, err)
		if subject, _ := new(mime.WordDecoder).DecodeHeader(got.Header.Get("Subject")); !strings.HasPrefix(subject, "2 ") {
			t.Errorf("subject %q, want two unread", subject)
		}
		n := urge
		n.Key = "notice.test:evening"
		must(t, p.send(n)) // belongs to tomorrow
		must(t, d.Write(context.Background(), func(tx *db.Tx) error { return p.MarkRead(tx, "lan", "") }))
		p.h.wind(24 * time.Hour)
		p.due()
		p.expect("mail sent 250 x1", "mail sent nothing_unread x1")
		if len(m.taken()) != 1 {
			t.Error("a digest without anything unread was mailed")
		}
	})
}

func TestSecret_isNeverReadableInTheDatabaseAndErasedOnceSent(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := open(t, d, &hand{at: morning.Add(13 * time.Hour)}) // at night: a link cannot wait
		m := newMailServer(t)
		p.smtp(m)
		n := notice.Notice{Key: "identity.reset:1", To: "lan", Kind: "identity.reset", Args: map[string]string{"login": "lan"}, Secret: map[string]string{"link": "https://cchc.example.vn/link/geheim"}}
		must(t, p.send(n))
		rows := func() (all string) {
			must(t, d.Read(context.Background(), func(tx *db.Tx) error {
				list, err := db.All(tx, db.Value[string], `SELECT args_json || secret_sealed FROM notice_message UNION ALL SELECT title || body || result FROM notice_delivery`)
				all = fmt.Sprint(list)
				return err
			}))
			return all
		}
		if strings.Contains(rows(), "geheim") {
			t.Error("the link lies readable in the database")
		}
		p.due()
		if !strings.Contains(m.taken()[0], "geheim") || strings.Contains(rows(), "geheim") {
			t.Error("the link must be in the mail and nowhere else")
		}
		must(t, d.Read(context.Background(), func(tx *db.Tx) error {
			left, _, err := db.One(tx, db.Value[string], `SELECT secret_sealed FROM notice_message`)
			if left != "" {
				t.Error("the sealed link is kept after it was sent")
			}
			list, listErr := p.List(tx, "lan", "", 10)
			if len(list) != 0 {
				t.Error("a message with a secret is listed")
			}
			return errorsOr(err, listErr)
		}))
	})
}

func errorsOr(a, b error) error {
	if a != nil {
		return a
	}
	return b
}

func TestOutbox_keepsTheMailOfADemonstration(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := open(t, d, &hand{at: morning})
		p.set(func(x *notice.Settings) { x.Mail = notice.MailOutbox })
		must(t, p.send(urge))
		nobody := urge
		nobody.Key, nobody.To = "notice.test:nam", "nam"
		must(t, p.send(nobody)) // no address: in the list only
		p.due()
		must(t, d.Read(context.Background(), func(tx *db.Tx) error {
			list, err := p.Deliveries(tx, notice.DeliveryFilter{Transport: "outbox"})
			if len(list) != 1 || list[0].Address != "lan@so.example.vn" || !strings.Contains(list[0].Body, "Kính gửi Trần Thị Lan") {
				t.Errorf("the outbox holds %+v", list)
			}
			return err
		}))
	})
}

func TestMarkRead_leavesAnotherPersonsMessageAlone(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := open(t, d, &hand{at: morning})
		must(t, p.send(urge))
		must(t, d.Write(context.Background(), func(tx *db.Tx) error {
			list, err := p.List(tx, "lan", "", 1)
			if err != nil {
				return err
			}
			if err := p.MarkRead(tx, "nam", list[0].ID); err != nil {
				return err
			}
			if n, err := p.Unread(tx, "lan"); err != nil || n != 1 {
				t.Errorf("%d unread, %v: another person marked it read", n, err)
			}
			if err := p.MarkRead(tx, "lan", list[0].ID); err != nil {
				return err
			}
			n, err := p.Unread(tx, "lan")
			if n != 0 {
				t.Errorf("%d unread after reading", n)
			}
			return err
		}))
	})
}

func TestSettings_keepSecretsSealedAndRefuseWhatCannotWork(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := open(t, d, &hand{at: morning})
		p.set(func(x *notice.Settings) {
			x.WebhookURL, x.WebhookSecret, x.SMTPPassword = "https://sms.example.vn/send", "k-very-secret", "p-very-secret"
		})
		must(t, d.Write(context.Background(), func(tx *db.Tx) error {
			stored, _, err := db.One(tx, db.Value[string], `SELECT value FROM notice_setting`)
			if strings.Contains(stored, "very-secret") {
				t.Error("a secret lies readable in the settings")
			}
			x, getErr := p.Settings(tx)
			if x.SMTPPassword != "" || x.WebhookSecret != "" {
				t.Error("a secret is shown")
			}
			if err := p.SetSettings(tx, audit.System("test"), x, x.Version-1); errs.CodeOf(err) != "notice.changed_meanwhile" {
				t.Errorf("a stale form: %v", err)
			}
			for code, change := range map[string]func(*notice.Settings){
				"notice.webhook_bad":   func(x *notice.Settings) { x.WebhookURL = "http://10.0.0.1/" },
				"notice.hour_bad":      func(x *notice.Settings) { x.QuietTo = "25:00" },
				"notice.mail_from_bad": func(x *notice.Settings) { x.Mail, x.SMTPHost, x.MailFrom = "smtp", "mail", "x\r\nBcc: y" },
				"notice.mail_unknown":  func(x *notice.Settings) { x.Mail = "pigeon" },
				"notice.smtp_security_bad": func(x *notice.Settings) {
					x.Mail, x.SMTPHost, x.MailFrom, x.SMTPSecurity = "smtp", "mail", "a@b.vn", "maybe"
				},
			} {
				y := x
				change(&y)
				if err := p.SetSettings(tx, audit.System("test"), y, x.Version); errs.CodeOf(err) != code {
					t.Errorf("got %v, want %s", err, code)
				}
			}
			return errorsOr(err, getErr)
		}))
	})
}
