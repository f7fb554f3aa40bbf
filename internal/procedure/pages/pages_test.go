package pages

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"cchc/internal/i18n"
	"cchc/internal/procedure"
	"cchc/internal/ui"
)

func TestCompare_saysWhatWasAddedChangedAndLeftOut(t *testing.T) {
	t.Parallel()
	vi := i18n.WithLang(context.Background(), i18n.Vi)
	old, fresh := sound(), sound()
	fresh.Limit = days(1)
	fresh.Components = append(fresh.Components, procedure.Component{Code: "TP2", Name: "Giấy ủy quyền"})
	fresh.Steps = fresh.Steps[:1]
	var got []string
	for _, c := range compare(told(vi, old), told(vi, fresh)) {
		got = append(got, c.label+": "+c.old+" → "+c.fresh)
	}
	want := []string{"Thời hạn giải quyết: 2 ngày làm việc → 1 ngày làm việc", "Giấy tờ TP2:  → Giấy ủy quyền; Chờ xác nhận; Không bắt buộc", "Bước 2: Công chức tư pháp: giải quyết; 1,5 ngày làm việc → "}
	if !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
	if list := compare(told(vi, old), told(vi, old)); len(list) > 0 {
		t.Errorf("%v", list)
	}
}

// serve asks the room's pages as somebody.
func (h *house) serve(ctx context.Context, method, path string, form url.Values) *httptest.ResponseRecorder {
	h.t.Helper()
	rt := ui.NewRouter(ui.Config{Clock: h.clock})
	Mount(rt, h.Service)
	var body *strings.Reader
	r := httptest.NewRequest(method, path, nil)
	if form != nil {
		body = strings.NewReader(form.Encode())
		r = httptest.NewRequest(method, path, body)
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	w := httptest.NewRecorder()
	rt.ServeHTTP(w, r.WithContext(ctx))
	return w
}

// A procedure is written, checked, presented and published by pages alone.
func TestPages_fromAnEmptyDraftToThePublicPage(t *testing.T) {
	each(t, func(h *house) {
		w := h.serve(h.writer, "POST", "/catalogue/new", url.Values{"key": {"cap-the"}, "name": {"Cấp thẻ"}, "kind": {"single"}})
		at := w.Header().Get("Location")
		if w.Code != http.StatusSeeOther || !strings.HasPrefix(at, "/procedure-versions/") {
			h.t.Fatal(w.Code, w.Body.String())
		}
		id := strings.TrimPrefix(at, "/procedure-versions/")
		version := func() string {
			v, err := h.OpenVersion(h.writer, id)
			h.must(err)
			return versionView{v}.version()
		}
		post := func(path string, form url.Values) {
			h.t.Helper()
			form.Set("version", version())
			if w := h.serve(h.writer, "POST", at+path, form); w.Code != http.StatusSeeOther {
				h.t.Fatal(path, w.Code, w.Body.String())
			}
		}
		post("/rules", url.Values{"limit_amount": {"1"}, "limit_unit": {"working_day"}, "pays": {"none"}, "receipt": {"yes"}})
		post("/steps/new", url.Values{"actor": {"Một cửa"}, "do": {"tiếp nhận"}, "group": {"counter"}, "hours": {"0,5"}, "stage": {"1"}})
		post("/steps/new", url.Values{"actor": {"Phòng"}, "do": {"giải quyết"}, "group": {"handler"}, "hours": {"7"}, "stage": {"1"}})
		post("/papers/new", url.Values{"code": {"TP1"}, "name": {"Tờ khai"}, "originals": {"1"}, "required": {"yes"}})
		post("/fees/new", url.Values{"amount": {"20.000"}})
		if w := h.serve(h.publisher, "GET", at, nil); !strings.Contains(w.Body.String(), "7 giờ làm việc 30 phút") || !strings.Contains(w.Body.String(), "Chưa công khai được") {
			h.t.Error("the page does not say that the hours do not add up")
		}
		post("/steps/2", url.Values{"actor": {"Phòng"}, "do": {"giải quyết"}, "group": {"handler"}, "hours": {"7,5"}, "stage": {"1"}})
		if w := h.serve(h.writer, "POST", at+"/fees/new", url.Values{"version": {version()}, "amount": {"1"}}); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "trùng nhau") {
			h.t.Error("overlapping fees", w.Code)
		}
		if w := h.serve(h.writer, "POST", at+"/head", url.Values{"version": {"1"}, "name": {"Khác"}}); w.Code != http.StatusConflict {
			h.t.Error("a stale page wrote", w.Code)
		}
		post("/move", url.Values{"move": {"present"}})
		w = h.serve(h.publisher, "POST", at+"/publish", url.Values{"version": {version()}, "decision": {"7/QĐ"}, "decision_day": {"01/10/2026"}, "from": {"14/10/2026"}, "sure": {"yes"}})
		if w.Code != http.StatusSeeOther {
			h.t.Fatal(w.Code, w.Body.String())
		}
		page := h.serve(context.Background(), "GET", "/procedures/cap-the", nil).Body.String()
		for _, words := range []string{"Cấp thẻ", "1 ngày làm việc", "20.000 đồng", "Tờ khai", "Đang áp dụng"} {
			if !strings.Contains(page, words) {
				h.t.Errorf("the public page does not say %q", words)
			}
		}
		if w := h.serve(context.Background(), "GET", "/procedures/cap-the/steps.bpmn", nil); !strings.Contains(w.Body.String(), "Phòng") {
			h.t.Error(w.Code)
		}
	})
}

func TestPages_whatIsNotThereOrNotAllowedIsSaid(t *testing.T) {
	each(t, func(h *house) {
		h.must(procedure.Seed(context.Background(), h.Service))
		v, err := h.Open(h.writer, "antt")
		h.must(err)
		at := "/procedure-versions/" + v.Current.ID
		for _, c := range []struct {
			ctx    context.Context
			path   string
			status int
		}{
			{context.Background(), "/procedures/khong-co", 404}, {context.Background(), "/procedures/land-adjust-decision", 404}, {context.Background(), "/procedures/pakn/steps.bpmn", 404},
			{context.Background(), "/procedures/antt?case=khac", 422}, {h.clerk, "/catalogue/land-adjust-decision", 404}, {h.clerk, at + "/steps/1", 403},
			{h.writer, at + "/steps/1", 409}, {h.writer, at + "/khac/1", 409}, {h.writer, "/catalogue/antt/diff?from=1&to=9", 404}, {h.none, "/catalogue", 403},
			{h.writer, "/catalogue/export.json", 200}, {h.writer, "/catalogue/export.xlsx", 200}, {h.writer, "/catalogue?as=xlsx", 200}, {context.Background(), "/procedures?as=csv", 200},
		} {
			if w := h.serve(c.ctx, "GET", c.path, nil); w.Code != c.status {
				h.t.Errorf("%s: %d, want %d", c.path, w.Code, c.status)
			}
		}
	})
}
