package app

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"cchc/internal/dossier"
)

// deskCall asks the pages as somebody of the demonstration.
func deskCall(t *testing.T, h http.Handler, session *http.Cookie, method, path string, form url.Values) (int, string) {
	t.Helper()
	req := httptest.NewRequest(method, "http://"+defaultListen+path, strings.NewReader(form.Encode()))
	if method == http.MethodPost {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	req.AddCookie(session)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, req)
	return w.Code, w.Body.String()
}

// TestDesk_aDossierOfOthersIsNotFound: who has no part in a dossier does not learn by any
// page, slip or operation that it exists; who has, reads it.
func TestDesk_aDossierOfOthersIsNotFound(t *testing.T) {
	t.Parallel()
	a := openDemo(t)
	h, _ := a.handler(slog.New(slog.DiscardHandler))
	received := func(competent, name string) dossier.Dossier {
		d, err := a.rooms.dossier.Receive(actor(t, a, "motcua"), dossier.Receipt{Procedure: "karaoke-new", Channel: dossier.Counter, Receiving: "GL.X001", Competent: competent,
			Applicant: dossier.Party{Kind: "citizen", Name: name, IDKind: "citizen_id", IDNumber: "052090000001"}, Content: "Cấp giấy phép"})
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	shared, foreign := received("GL.D08", "Nguyễn Thị Mẫu"), received("GL.X001", "Trần Văn Riêng")
	session, err := demoSession(h, "thuly")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/dossiers/%", "/dossiers/%/received", "/slips/of/%/receipt/docx", "/api/v1/dossiers/%", "/dossiers/%/do/note"} {
		if code, _ := deskCall(t, h, session, http.MethodGet, strings.Replace(path, "%", shared.Code, 1), nil); code != http.StatusOK {
			t.Errorf("%s of one's own: %d", path, code)
		}
		code, body := deskCall(t, h, session, http.MethodGet, strings.Replace(path, "%", foreign.Code, 1), nil)
		if code != http.StatusNotFound || strings.Contains(body, "Trần Văn Riêng") {
			t.Errorf("%s of another agency: %d", path, code)
		}
	}
	if code, _ := deskCall(t, h, session, http.MethodPost, "/dossiers/"+foreign.Code+"/do/note", url.Values{"version": {"1"}, "reason": {"x"}}); code != http.StatusNotFound {
		t.Errorf("a move on another agency's dossier: %d", code)
	}
	_, list := deskCall(t, h, session, http.MethodGet, "/dossiers", nil)
	if !strings.Contains(list, shared.Code) || strings.Contains(list, foreign.Code) {
		t.Error("the list is not the reader's own")
	}
}

// TestDesk_aRefusedReceiptKeepsWhatWasTyped and receives nothing.
func TestDesk_aRefusedReceiptKeepsWhatWasTyped(t *testing.T) {
	t.Parallel()
	a := openDemo(t)
	h, _ := a.handler(slog.New(slog.DiscardHandler))
	session, err := demoSession(h, "motcua")
	if err != nil {
		t.Fatal(err)
	}
	last := func() string {
		p, err := a.rooms.dossier.List(actor(t, a, "motcua"), dossier.Filter{Limit: 1})
		if err != nil || len(p.Lines) != 1 {
			t.Fatal(p, err)
		}
		return p.Lines[0].Code
	}
	before := last()
	code, body := deskCall(t, h, session, http.MethodPost, "/receive/karaoke-new", url.Values{"channel": {"counter"}, "receiving": {"GL.X001"}, "competent": {"GL.D08"},
		"applicant.kind": {"citizen"}, "applicant.name": {"Hộ kinh doanh Gõ Dở"}, "applicant.id_kind": {"citizen_id"}, "applicant.id_number": {"12"}})
	if kept, said := strings.Contains(body, "Hộ kinh doanh Gõ Dở"), strings.Contains(body, "CCCD có 12 chữ số"); code != http.StatusUnprocessableEntity || !kept || !said {
		t.Errorf("answered %d; kept %v, said what is wrong %v", code, kept, said)
	}
	if last() != before {
		t.Error("a refused receipt took a dossier in")
	}
}
