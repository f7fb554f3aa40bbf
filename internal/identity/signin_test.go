package identity_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"cchc/internal/db"
	"cchc/internal/db/dbtest"
	"cchc/internal/errs"
	"cchc/internal/identity"
	"cchc/internal/identity/identitytest"
)

const secret = "a long enough secret"

// site is the service behind HTTP: what a browser does.
type site struct {
	*identitytest.House
	t       *testing.T
	handler http.Handler
	err     error // of the last act
	act     func(ctx context.Context) error
}

func newSite(t *testing.T, h *identitytest.House) *site {
	s := &site{House: h, t: t}
	s.handler = h.SessionMiddleware(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if s.act != nil {
			s.err = s.act(r.Context())
		}
		a := identity.From(r.Context())
		fmt.Fprintf(w, "%s %v", a.Login, a.Has("plan.view"))
	}))
	return s
}

// browser keeps one cookie.
type browser struct {
	s      *site
	cookie string
}

// do sends a request that runs act, and returns what the page says.
func (b *browser) do(act func(ctx context.Context) error) string {
	b.s.t.Helper()
	r := httptest.NewRequest("GET", "/", nil)
	if b.cookie != "" {
		r.AddCookie(&http.Cookie{Name: "cchc", Value: b.cookie})
	}
	w := httptest.NewRecorder()
	b.s.act, b.s.err = act, nil
	b.s.handler.ServeHTTP(w, r)
	for _, c := range w.Result().Cookies() {
		if c.Name == "cchc" {
			if !c.HttpOnly || c.SameSite != http.SameSiteLaxMode {
				b.s.t.Error("the cookie is open to scripts or to other sites")
			}
			b.cookie = c.Value
		}
	}
	return w.Body.String()
}

func (b *browser) signIn(login, password, code string) error {
	b.do(func(ctx context.Context) error {
		_, err := b.s.SignIn(ctx, login, password, code, "10.0.0.7")
		return err
	})
	return b.s.err
}

// who is the login the site sees, "" for a visitor.
func (b *browser) who() string { login, _, _ := strings.Cut(b.do(nil), " "); return login }

func TestSignIn_beginsASessionUnderANewToken(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := house(t, d, newHand())
		s := newSite(t, h)
		h.Person("lan", "a", "a", "plan.view")
		planted := &browser{s: s, cookie: "planted-by-an-attacker"}
		must(t, planted.signIn("  LÁN ", secret, ""))
		if planted.cookie == "planted-by-an-attacker" || planted.who() != "lan" {
			t.Fatal("the session lives under the token that was planted, or not at all")
		}
		victim := &browser{s: s, cookie: planted.cookie}
		before := victim.cookie
		must(t, victim.signIn("lan", secret, ""))
		if victim.cookie == before || (&browser{s: s, cookie: before}).who() != "" {
			t.Error("the old token still works after signing in again")
		}
		must(t, d.Read(context.Background(), func(tx *db.Tx) error {
			n, _, err := db.One(tx, db.Value[int], `SELECT COUNT(*) FROM identity_session WHERE token_hash = $1 OR data LIKE $2`, victim.cookie, "%"+victim.cookie+"%")
			if n != 0 {
				t.Error("the token itself is in the database")
			}
			return err
		}))
	})
}

func TestSignIn_answersAlikeForUnknownWrongLockedAndInvited(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := house(t, d, newHand())
		b := &browser{s: newSite(t, h)}
		locked := h.Person("locked", "a", "")
		write(t, d, func(tx *db.Tx) error {
			if _, err := h.CreateAccount(tx, h.Admin(), identity.AccountInput{Login: "invited", Name: "Mới"}); err != nil {
				return err
			}
			acc, err := h.Account(tx, h.Admin(), locked.AccountID)
			if err != nil {
				return err
			}
			return h.ChangeState(tx, h.Admin(), locked.AccountID, acc.Version, "lock", "nghi lộ mật khẩu")
		})
		h.Person("lan", "a", "")
		for _, c := range []struct{ login, password string }{{"nobody", secret}, {"lan", "wrong"}, {"locked", secret}, {"invited", secret}, {"invited", ""}, {"", ""}} {
			err := b.signIn(c.login, c.password, "")
			refused(t, err, "identity.sign_in_failed")
			if errs.KindOf(err) != errs.Unauthenticated || len(errs.All(err)[0].Args) != 0 || b.who() != "" {
				t.Errorf("%s: the answer differs: %+v", c.login, errs.All(err)[0])
			}
		}
		must(t, d.Read(context.Background(), func(tx *db.Tx) error {
			rows, err := h.ListSignIns(tx, h.Admin(), "", "", 50)
			var got []string
			for _, r := range rows {
				got = append(got, r.Login+"="+r.Result)
			}
			if want := "[=unknown invited=password invited=password locked=state lan=password =unknown]"; fmt.Sprint(got) != want {
				t.Errorf("the log says %v, want %s", got, want)
			}
			return err
		}))
	})
}

func TestSignIn_waitsLongerAfterEveryWrongTryAndForUnknownNamesToo(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		c := newHand()
		h := house(t, d, c)
		b := &browser{s: newSite(t, h)}
		h.Person("lan", "a", "")
		for _, login := range []string{"lan", "nobody"} {
			for range 5 {
				refused(t, b.signIn(login, "wrong", ""), "identity.sign_in_failed")
			}
			refused(t, b.signIn(login, secret, ""), "identity.try_later")
		}
		c.wind(30 * time.Second)
		refused(t, b.signIn("lan", "wrong", ""), "identity.sign_in_failed") // the sixth: now a minute
		c.wind(30 * time.Second)
		refused(t, b.signIn("lan", secret, ""), "identity.try_later")
		c.wind(30 * time.Second)
		must(t, b.signIn("lan", secret, "")) // and success clears the count
		for range 4 {
			refused(t, b.signIn("lan", "wrong", ""), "identity.sign_in_failed")
		}
		must(t, b.signIn("lan", secret, ""))
	})
}

func TestSignIn_countsTriesSentSideBySide(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := house(t, d, newHand())
		h.Person("lan", "a", "")
		var looked, slowed int
		var mu sync.Mutex
		var all sync.WaitGroup
		for range 12 {
			all.Go(func() {
				_, err := h.SignIn(context.Background(), "lan", "wrong", "", "10.0.0.9")
				mu.Lock()
				defer mu.Unlock()
				switch errs.CodeOf(err) {
				case "identity.sign_in_failed":
					looked++
				case "identity.try_later":
					slowed++
				default:
					t.Error(err)
				}
			})
		}
		all.Wait()
		if looked != 5 || slowed != 7 {
			t.Errorf("%d passwords were looked at and %d not, want 5 and 7", looked, slowed)
		}
	})
}

func TestSignIn_fromOneAddressAtManyNamesIsSlowed(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := house(t, d, newHand())
		h.Person("lan", "a", "")
		ctx := context.Background()
		for i := range 50 {
			must(t, h.StartReset(ctx, "x", "10.0.0.9")) // costs nothing: without a queue it is not even counted
			_, err := h.SignIn(ctx, fmt.Sprint("name", i), "wrong", "", fmt.Sprintf("2001:db8::%x", i))
			refused(t, err, "identity.sign_in_failed")
		}
		_, err := h.SignIn(ctx, "lan", secret, "", "2001:db8::ffff")
		refused(t, err, "identity.try_later")
	})
}

func TestSecondFactor_isAskedForAndNeverTakenTwice(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		c := newHand()
		h := house(t, d, c)
		b := &browser{s: newSite(t, h)}
		lan := h.Person("lan", "a", "")
		_, err := h.EnrolTOTP(context.Background(), lan, "wrong")
		refused(t, err, "identity.password_wrong")
		e, err := h.EnrolTOTP(context.Background(), lan, secret)
		must(t, err)
		must(t, b.signIn("lan", secret, "")) // not asked for before it is confirmed
		codeAt := func(at time.Time) string {
			code, err := totp.GenerateCode(e.Secret, at)
			must(t, err)
			return code
		}
		var codes []string
		write(t, d, func(tx *db.Tx) (err error) { codes, err = h.ConfirmTOTP(tx, lan, codeAt(c.at)); return err })
		refused(t, b.signIn("lan", secret, codeAt(c.at)), "identity.code_wrong") // the enrolment used it
		refused(t, b.signIn("lan", "wrong", codeAt(c.at)), "identity.sign_in_failed")
		c.wind(time.Minute)
		b = &browser{s: b.s}
		refused(t, b.signIn("lan", secret, ""), "identity.code_needed")
		if b.who() != "" {
			t.Fatal("signed in by the password alone")
		}
		now := codeAt(c.at)
		second := func(code string) error {
			b.do(func(ctx context.Context) error { _, err := h.SignInCode(ctx, code, "10.0.0.7"); return err })
			return b.s.err
		}
		refused(t, second("000000"), "identity.code_wrong")
		must(t, second(now))
		if b.who() != "lan" {
			t.Fatal("not signed in by password and code")
		}
		refused(t, (&browser{s: b.s}).signIn("lan", secret, now), "identity.code_wrong")
		must(t, (&browser{s: b.s}).signIn("lan", secret, strings.ToUpper(codes[3])))
		refused(t, (&browser{s: b.s}).signIn("lan", secret, codes[3]), "identity.code_wrong")

		refused(t, (&browser{s: b.s}).signIn("lan", secret, ""), "identity.code_needed")
		refused(t, second(codeAt(c.at.Add(time.Minute))), "identity.sign_in_again") // a session signed in has nothing pending
		must(t, d.Read(context.Background(), func(tx *db.Tx) error {
			stored, _, err := db.One(tx, db.Value[string], `SELECT totp_sealed FROM identity_credential WHERE account_id = $1`, lan.AccountID)
			if stored == "" || strings.Contains(stored, e.Secret) {
				t.Error("the secret lies readable in the database")
			}
			return err
		}))
		must(t, h.DisableTOTP(context.Background(), lan, secret))
		must(t, (&browser{s: b.s}).signIn("lan", secret, ""))
	})
}

func TestSecondFactor_cannotBeGuessedByRepeatingThePassword(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		c := newHand()
		h := house(t, d, c)
		b := &browser{s: newSite(t, h)}
		lan := h.Person("lan", "a", "")
		e, err := h.EnrolTOTP(context.Background(), lan, secret)
		must(t, err)
		code, err := totp.GenerateCode(e.Secret, c.at)
		must(t, err)
		write(t, d, func(tx *db.Tx) error { _, err := h.ConfirmTOTP(tx, lan, code); return err })
		looked := 0
		for range 10 {
			if errs.CodeOf(b.signIn("lan", secret, "")) != "identity.code_needed" {
				break
			}
			b.do(func(ctx context.Context) error { _, err := h.SignInCode(ctx, "000000", "10.0.0.7"); return err })
			if errs.CodeOf(b.s.err) == "identity.code_wrong" {
				looked++
			}
		}
		if looked > 4 {
			t.Errorf("%d codes were looked at without a pause", looked)
		}
	})
}

func TestDemoSignIn_isNotThereOutsideTheDemonstration(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := house(t, d, newHand())
		b := &browser{s: newSite(t, h)}
		h.Person("lan", "a", "")
		b.do(func(ctx context.Context) error { _, err := h.DemoSignIn(ctx, "lan", "127.0.0.1"); return err })
		refused(t, b.s.err, "identity.demo_off")
		if b.who() != "" {
			t.Error("signed in")
		}
	})
}
