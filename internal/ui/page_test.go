package ui

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"cchc/internal/identity"
	"context"
)

func TestDisplay_keepsTheChoiceAndReturnsToALocalPage(t *testing.T) {
	t.Parallel()
	rt, _ := desk(t, officer)
	w := ask(rt, "POST", "/display", url.Values{"size": {"l"}, "back": {"/dev/components?face=desk"}})
	if w.Code != 303 || w.Header().Get("Location") != "/dev/components?face=desk" {
		t.Fatalf("got %d to %s", w.Code, w.Header().Get("Location"))
	}
	cookie := w.Result().Cookies()[0].Value
	w = ask(rt, "POST", "/display", url.Values{"contrast": {"up"}, "back": {"//evil.example/x"}}, "Cookie", "display="+cookie)
	if w.Header().Get("Location") != "/" {
		t.Errorf("an address outside leads home, got %s", w.Header().Get("Location"))
	}
	cookie = w.Result().Cookies()[0].Value
	w = ask(rt, "POST", "/display", url.Values{"theme": {"dark"}, "lang": {"en"}, "rows": {"compact"}}, "Cookie", "display="+cookie)
	cookie = w.Result().Cookies()[0].Value
	body := ask(rt, "GET", "/dev/components?face=desk", nil, "Cookie", "display="+cookie).Body.String()
	if !strings.Contains(body, `<html lang="en" class="face-desk t-l hc dark compact">`) {
		t.Errorf("got %.200s", body)
	}
	if !strings.Contains(body, "Skip to main content") || !strings.Contains(body, `value="down"`) || !strings.Contains(body, `value="light"`) {
		t.Error("the page speaks English and offers the way back")
	}
	back := ask(rt, "GET", "/dev/components", nil, "Cookie", "display=nonsense.&&").Body.String()
	if !strings.Contains(back, `<html lang="vi" class="face-portal">`) {
		t.Error("a cookie that says nothing leaves the page as usual")
	}
}

func TestLocalPath_leadsNowhereElse(t *testing.T) {
	t.Parallel()
	for to, want := range map[string]string{
		"/plan/1?x=2#log": "/plan/1?x=2#log", "": "/", "plan": "/", "//evil.example": "/", `/\evil.example`: "/",
		"https://evil.example": "/", "/a\r\nSet-Cookie: x": "/", "/%0d%0a": "/%0d%0a", "javascript:alert(1)": "/", "/\t/evil.example": "/",
	} {
		if got := LocalPath(to); got != want {
			t.Errorf("LocalPath(%q) = %q, want %q", to, got, want)
		}
	}
}

func FuzzLocalPath_staysHere(f *testing.F) {
	for _, s := range []string{"/x", "//x", `/\x`, "/x//y", "http:x"} {
		f.Add(s)
	}
	base, _ := url.Parse("https://here.example/page")
	f.Fuzz(func(t *testing.T, s string) {
		u, err := base.Parse(LocalPath(s))
		if err != nil || u.Host != "here.example" || u.Scheme != "https" {
			t.Errorf("%q leads to %v (%v)", s, u, err)
		}
	})
}

func TestFlash_isSaidOnceInTheReadersLanguage(t *testing.T) {
	t.Parallel()
	rt, _ := desk(t, officer)
	rt.Handle("POST /act", SignedIn, func(w http.ResponseWriter, r *http.Request) error {
		Flash(w, r, "ui.filter.off", "name", "<b>Hạn</b>")
		return Back(w, r, "/dev/components")
	})
	w := ask(rt, "POST", "/act", url.Values{})
	if w.Code != 303 {
		t.Fatalf("got %d", w.Code)
	}
	cookie := w.Result().Cookies()[0]
	w = ask(rt, "GET", "/dev/components", nil, "Cookie", cookie.Name+"="+cookie.Value)
	if !strings.Contains(w.Body.String(), `Bỏ lọc: &lt;b&gt;Hạn&lt;/b&gt;`) || w.Result().Cookies()[0].MaxAge >= 0 {
		t.Error("the sentence is shown, escaped, and its cookie removed")
	}
	for _, planted := range []string{"!!!", "eyJrIjoiWW91IGhhdmUgd29uIn0"} { // {"k":"You have won"}
		if body := ask(rt, "GET", "/dev/components", nil, "Cookie", "flash="+planted).Body.String(); strings.Contains(body, "toast") {
			t.Errorf("a planted cookie puts words on the page: %s", planted)
		}
	}
}

func TestLayout_showsWhatTheReaderMayUse(t *testing.T) {
	t.Parallel()
	build := func(actor identity.Actor) string {
		rt, _ := desk(t, actor)
		rt.Face(Portal, "/", Public)
		rt.Face(Desk, "/desk", SignedIn)
		rt.Face(Cockpit, "/cockpit", "report.cockpit")
		rt.Menu(
			MenuItem{Face: Desk, Group: "ui.menu.lead", Label: "ui.back", URL: "/second", Icon: "plan", Right: SignedIn, Order: 2},
			MenuItem{Face: Desk, Group: "ui.menu.lead", Label: "ui.close", URL: "/first", Icon: "eye", Right: SignedIn, Order: 1,
				Badge: func(context.Context) Badge { return Badge{Text: "4 trễ", Late: true} }},
			MenuItem{Face: Desk, Group: "ui.menu.mine", Label: "ui.change", URL: "/hidden", Icon: "inbox", Right: "plan.edit"})
		return ask(rt, "GET", "/dev/components?face=desk", nil).Body.String()
	}
	body := build(officer)
	if !strings.Contains(body, `<span class="count late">4 trễ</span>`) || !strings.Contains(body, "Trần Minh Hạnh") || strings.Index(body, "/first") > strings.Index(body, "/second") {
		t.Error("menu, badge and account are shown in order")
	}
	if strings.Contains(body, "/hidden") || strings.Contains(body, "/cockpit") {
		t.Error("what needs a right that the reader lacks is not offered")
	}
	if guest := build(identity.Actor{}); strings.Contains(guest, "/first") || !strings.Contains(guest, "/sign-in") {
		t.Error("a guest sees no menu of the desk and the way to sign in")
	}
}

func TestLayout_showsTheDemonstrationBannerWhenThereIsOne(t *testing.T) {
	t.Parallel()
	rt := NewRouter(Config{Clock: noon, Dev: true, Demo: func(context.Context) *Demo { return &Demo{Now: noon()} }})
	if body := ask(rt, "GET", "/dev/components", nil).Body.String(); !strings.Contains(body, "dữ liệu mẫu") || !strings.Contains(body, "12:00, 14/10/2026") {
		t.Error("the banner names sample data and the demonstration's clock")
	}
	rt = NewRouter(Config{Clock: noon, Dev: true})
	if strings.Contains(ask(rt, "GET", "/dev/components", nil).Body.String(), "dữ liệu mẫu") {
		t.Error("a real installation has no banner")
	}
	plain := NewRouter(Config{Clock: noon})
	if w := ask(plain, "GET", "/dev/components", nil); w.Code != 404 {
		t.Errorf("the component page is for development, got %d", w.Code)
	}
}

func TestStatic_hasHashedNamesForAYearAndPacks(t *testing.T) {
	t.Parallel()
	rt, _ := desk(t, officer)
	w := ask(rt, "GET", Asset("style.css"), nil, "Accept-Encoding", "gzip")
	if w.Code != 200 || w.Header().Get("Content-Encoding") != "gzip" || !strings.Contains(w.Header().Get("Cache-Control"), "immutable") || w.Header().Get("Content-Type") != "text/css; charset=utf-8" {
		t.Errorf("got %d %v", w.Code, w.Header())
	}
	css := ask(rt, "GET", Asset("style.css"), nil).Body.String()
	if strings.Contains(css, "url(/static/fonts/be-vietnam-pro-latin-400-normal.woff2)") {
		t.Error("fonts are asked for by their hashed names")
	}
	for _, m := range fontURL.FindAllStringSubmatch(css, -1) {
		if w := ask(rt, "GET", "/static/"+m[1], nil); w.Code != 200 || w.Header().Get("Content-Type") != "font/woff2" {
			t.Errorf("%s: got %d %s", m[1], w.Code, w.Header().Get("Content-Type"))
		}
	}
	for _, bad := range []string{"/static/style.css", "/static/../ui.go", "/static/"} {
		if w := ask(rt, "GET", bad, nil); w.Code == 200 {
			t.Errorf("%s is served", bad)
		}
	}
}

func TestAccountLang_holdsUntilTheBrowserChose(t *testing.T) {
	t.Parallel()
	foreign := officer
	foreign.Lang = "en"
	rt, _ := desk(t, foreign)
	if !strings.Contains(ask(rt, "GET", "/dev/components", nil).Body.String(), "Skip to main content") {
		t.Error("the account's language")
	}
	if !strings.Contains(ask(rt, "GET", "/dev/components", nil, "Cookie", "display=m.vi").Body.String(), "Đến nội dung chính") {
		t.Error("the browser's choice")
	}
}

func TestHere_isThePageAFormCameFrom(t *testing.T) {
	t.Parallel()
	r := httptest.NewRequest("POST", "/plan/1/submit", nil)
	if here(r) != "/" {
		t.Error("unknown leads home")
	}
	r.Header.Set("Referer", "http://example.com/plan/1?x=1")
	if here(r) != "/plan/1?x=1" {
		t.Errorf("got %s", here(r))
	}
	r.Header.Set("Referer", "http://evil.example/plan/1")
	if here(r) != "/" {
		t.Error("another site leads home")
	}
}
