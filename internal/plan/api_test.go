package plan

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"cchc/internal/api"
	"cchc/internal/db"
	"cchc/internal/db/dbtest"
	"cchc/internal/identity"
	"cchc/internal/identity/identitytest"
	"cchc/internal/ui"
)

func TestOperations_giveTheStatusOfADayAndMoveAnAssignmentOnce(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d).issued()
		people := identitytest.New(t, d, h.clock, Rights...)
		justice := people.Person("api.tu.phap", h.id["T"], h.id["T"], RightView, RightReport)
		actor := identity.Actor{}
		rt := ui.NewRouter(ui.Config{Clock: h.clock})
		rt.Use(func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				next.ServeHTTP(w, r.WithContext(identity.With(r.Context(), actor)))
			})
		})
		a := api.New(rt, d, h.clock, api.Config{Rate: 100, Burst: 100})
		Operations(a, h.s)
		a.Ready()
		call := func(method, path, body string, header ...string) *httptest.ResponseRecorder {
			r := httptest.NewRequest(method, path, strings.NewReader(body))
			if body != "" {
				r.Header.Set("Content-Type", "application/json")
			}
			for i := 0; i+1 < len(header); i += 2 {
				r.Header.Set(header[i], header[i+1])
			}
			w := httptest.NewRecorder()
			rt.ServeHTTP(w, r)
			return w
		}
		var plans struct{ Items []planBody }
		w := call("GET", "/api/v1/plans?year=2022", "")
		if err := json.Unmarshal(w.Body.Bytes(), &plans); err != nil || len(plans.Items) != 1 || plans.Items[0].ID != h.plan.ID {
			t.Fatalf("%d %s %v", w.Code, w.Body, err)
		}
		w = call("GET", "/api/v1/plans/"+h.plan.ID+"/status?on=2022-02-01", "")
		var st map[string]any
		if err := json.Unmarshal(w.Body.Bytes(), &st); err != nil || st["tasks"] != 4.0 || st["completion_percent"] != "0.00" || st["overdue_percent"] != "100.00" {
			t.Errorf("%d %s %v", w.Code, w.Body, err)
		}
		if w = call("GET", "/api/v1/plans/"+h.plan.ID+"/status?on=2022-02-30", ""); w.Code/100 != 4 {
			t.Errorf("a day that does not exist: %d %s", w.Code, w.Body)
		}
		job := h.lead("NV02", "T")
		path := "/api/v1/assignments/" + job.ID
		if w = call("GET", path, ""); w.Code != 401 && w.Code != 403 {
			t.Errorf("a visitor opens an assignment: %d", w.Code)
		}
		actor = justice
		if w = call("GET", path, ""); w.Code != 200 || w.Header().Get("ETag") != `"1"` || !strings.Contains(w.Body.String(), `"acknowledge"`) {
			t.Errorf("%d %s %s", w.Code, w.Header().Get("ETag"), w.Body)
		}
		if w = call("POST", path+"/moves", `{"move":"acknowledge"}`); w.Code != 428 {
			t.Errorf("without a version: %d %s", w.Code, w.Body)
		}
		for range 2 { // told twice, done once
			w = call("POST", path+"/moves", `{"move":"progress","percent":30,"text":"Đã rà soát"}`, "If-Match", `"1"`, "Idempotency-Key", "0198c9a2-7b1e")
			if w.Code != 200 || !strings.Contains(w.Body.String(), `"in_progress"`) {
				t.Errorf("%d %s", w.Code, w.Body)
			}
		}
		if got := h.lead("NV02", "T"); got.Version != 2 || got.Progress != 30 {
			t.Errorf("%+v", got)
		}
		if w = call("POST", path+"/moves", `{"move":"submit","document":"1/QĐ"}`, "If-Match", `"1"`); w.Code != 412 && w.Code != 409 {
			t.Errorf("a stale version: %d %s", w.Code, w.Body)
		}
		w = call("GET", "/api/v1/plans/"+h.plan.ID+"/figures/total/records?on=2022-02-01&limit=1", "")
		var page struct {
			Items []Line
			Next  string
		}
		if err := json.Unmarshal(w.Body.Bytes(), &page); err != nil || len(page.Items) != 1 || page.Next == "" {
			t.Errorf("%d %s %v", w.Code, w.Body, err)
		}
	})
}
