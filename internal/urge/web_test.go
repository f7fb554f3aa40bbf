package urge

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"cchc/internal/db/dbtest"
	"cchc/internal/document"
	"cchc/internal/i18n"
	"cchc/internal/identity"
	"cchc/internal/ui"
)

// desk is the router as one person meets it.
func (h *house) desk(who context.Context) *ui.Router {
	rt := ui.NewRouter(ui.Config{Clock: h.clock})
	rt.Use(func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			next.ServeHTTP(w, r.WithContext(identity.With(r.Context(), identity.From(who))))
		})
	})
	Mount(rt, h.Service)
	return rt
}

func get(t *testing.T, rt http.Handler, path string, wants ...string) string {
	t.Helper()
	w := httptest.NewRecorder()
	rt.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
	if w.Code != http.StatusOK {
		t.Errorf("%s: %d", path, w.Code)
	}
	for _, want := range wants {
		if !strings.Contains(w.Body.String(), want) {
			t.Errorf("%s lacks %s", path, want)
		}
	}
	return w.Body.String()
}

func post(t *testing.T, rt http.Handler, path string, status int, pairs ...string) {
	t.Helper()
	form := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := httptest.NewRecorder()
	rt.ServeHTTP(w, r)
	if w.Code != status {
		t.Errorf("%s: %d, want %d", path, w.Code, status)
	}
}

func TestPages_leadFromADraftOverItsSignatureToTheAnswer(t *testing.T) {
	t.Parallel()
	h := newHouse(t, dbtest.NewSQLite(t), 1)
	h.put(Item{ID: "a", Code: "NV01", Title: "Ban hành kế hoạch", URL: "/x/a", Agency: h.agencies[0], Follower: h.follower, Due: "2026-03-10", Assigned: "2026-01-05", Updated: "2026-03-09", Acknowledged: true})
	h.walk("2026-03-11", "2026-03-19")
	secretary, chairman, head := h.desk(h.secretary), h.desk(h.chairman), h.desk(h.head[h.agencies[0]])
	list, err := h.Letters(h.secretary, nil, 5)
	h.must(err)
	path := "/urge/letters/" + list[0].ID
	get(t, secretary, "/urge", `href="/x/a"`, "Sở số 0")
	get(t, secretary, "/urge?level=2", "Quá hạn 1 ngày")
	get(t, secretary, "/urge/rules", "7 ngày làm việc sau hạn")
	get(t, secretary, "/urge/letters", `href="`+path+`"`)
	get(t, secretary, path, path+"/submit", "Ban hành kế hoạch")
	get(t, secretary, path+"/write", `name="response_day"`)
	post(t, secretary, path+"/write", http.StatusUnprocessableEntity, "version", "1", "items", "a", "response_day", "31/02/2026")
	post(t, secretary, path+"/write", http.StatusSeeOther, "version", "1", "items", "a", "response_day", "27/03/2026", "words", "Đề nghị khẩn trương.")
	post(t, secretary, path+"/submit", http.StatusSeeOther, "version", "2")
	post(t, chairman, path+"/sign", http.StatusUnprocessableEntity, "version", "3", "signer", "")
	post(t, chairman, path+"/sign", http.StatusSeeOther, "version", "3", "signer", "Nguyễn Văn Mẫu")
	post(t, chairman, path+"/sign", http.StatusConflict, "version", "3", "signer", "Nguyễn Văn Mẫu")
	get(t, head, path, path+"/answer", "27/03/2026")
	post(t, head, path+"/answer", http.StatusSeeOther, "version", "4", "answer", "Sẽ xong trước 30/3.")
	get(t, secretary, path, "Sẽ xong trước 30/3.")
	for _, list := range []string{"/urge", "/urge/letters"} {
		get(t, secretary, list, list+"?as=csv", list+"?as=xlsx")
		for _, kind := range []string{"csv", "xlsx"} {
			body := get(t, secretary, list+"?as="+kind)
			sheet, err := document.ReadSheet(strings.NewReader(body), int64(len(body)), "a."+kind, document.Limits{})
			if err != nil || len(sheet.Rows) < 2 {
				t.Errorf("%s as %s: %d rows, %v", list, kind, len(sheet.Rows), err)
			}
		}
	}
}

func TestPages_askForADecisionOnACard(t *testing.T) {
	t.Parallel()
	h := newHouse(t, dbtest.NewSQLite(t), 1)
	h.put(Item{ID: "a", Code: "NV01", Title: "Ban hành kế hoạch", URL: "/x/a", Agency: h.agencies[0], Follower: h.follower, Due: "2026-03-10", Assigned: "2026-01-05", Updated: "2026-03-09", Acknowledged: true})
	h.walk("2026-03-11", "2026-03-31")
	chairman := h.desk(h.chairman)
	list, err := h.Cards(h.chairman, nil, 5)
	h.must(err)
	path := "/urge/cards/" + list[0].ID
	get(t, chairman, "/urge/cards", `href="`+path+`"`)
	get(t, chairman, path, `name="decision"`, `href="/x/a"`)
	post(t, chairman, path, http.StatusUnprocessableEntity, "version", "1", "reason", "Trễ")
	post(t, chairman, path, http.StatusSeeOther, "version", "1", "decision", "give", "reason", "Trễ 15 ngày")
	get(t, h.desk(h.head[h.agencies[0]]), path, "Trễ 15 ngày")
}

func TestLetter_isADecreeLetterInTheNameOfWhoSigns(t *testing.T) {
	t.Parallel()
	h := newHouse(t, dbtest.NewSQLite(t), 1)
	h.put(Item{ID: "a", Code: "NV01", Title: "Ban hành kế hoạch", Agency: h.agencies[0], Follower: h.follower, Due: "2026-03-10", Assigned: "2026-01-05", Updated: "2026-03-09", Acknowledged: true})
	h.walk("2026-03-11", "2026-03-19")
	list, err := h.Letters(h.secretary, nil, 5)
	h.must(err)
	h.must(h.SubmitLetter(h.secretary, list[0].ID, 1))
	h.must(h.SignLetter(h.chairman, list[0].ID, 2, "Nguyễn Văn Mẫu"))
	v, err := h.Letter(h.chairman, list[0].ID)
	h.must(err)
	from, err := h.sender(context.Background(), v)
	h.must(err)
	if !from.province || from.place != "Mẫu" {
		t.Errorf("the chairman's letter comes from %+v", from)
	}
	blocks := v.letter(i18n.WithLang(context.Background(), i18n.Vi), from).Blocks
	if head := blocks[0].(document.Letterhead); head.Number != 1 || head.Symbol != "UBND-NC" || head.Day != "2026-03-19" {
		t.Errorf("the letterhead is %+v", head)
	}
	v.SignedBy = identity.From(h.secretary).AccountID
	if from, err = h.sender(context.Background(), v); err != nil || from.province || from.name != "Sở Nội vụ" {
		t.Errorf("the secretariat's own letter comes from %+v, %v", from, err)
	}
	var out bytes.Buffer
	h.must(h.Docx(context.Background(), v, &out))
	w, err := document.ReadWord(bytes.NewReader(out.Bytes()), int64(out.Len()), document.Limits{})
	if err != nil || len(w.Tables) == 0 || !strings.Contains(strings.Join(w.Lines, "\n"), "Sở số 0") {
		t.Errorf("the letter reads as %q, %v", w.Lines, err)
	}
}
