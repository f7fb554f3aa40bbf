package dossier

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
	"cchc/internal/ui"
)

// TestOperations_asPromisedToPrograms goes the whole way over HTTP: the body of the
// contract, a repeat over a bad line, stale versions, lists by cursor, foreign records.
func TestOperations_asPromisedToPrograms(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		actor := identity.Actor{From: "203.0.113.9"}
		rt := ui.NewRouter(ui.Config{Clock: h.clock})
		rt.Use(func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				next.ServeHTTP(w, r.WithContext(identity.With(r.Context(), actor)))
			})
		})
		a := api.New(rt, d, h.clock, api.Config{Rate: 1000, Burst: 1000})
		Operations(a, h.Service)
		a.Ready()
		call := func(want int, method, path, body string, header ...string) map[string]any {
			t.Helper()
			r := httptest.NewRequest(method, path, strings.NewReader(body))
			if body != "" {
				r.Header.Set("Content-Type", "application/json")
			}
			for i := 0; i+1 < len(header); i += 2 {
				r.Header.Set(header[i], header[i+1])
			}
			w := httptest.NewRecorder()
			rt.ServeHTTP(w, r)
			if w.Code != want {
				t.Errorf("%s %s: %d %s, want %d", method, path, w.Code, w.Body, want)
			}
			out := map[string]any{}
			if err := json.Unmarshal(w.Body.Bytes(), &out); err != nil {
				t.Fatal(w.Body.String(), err)
			}
			return out
		}
		const contract = `{"procedure":"karaoke-new","variant":"","channel":"counter","receiving_agency":"GL.X001","competent_agency":"GL.D08","returning_agency":"GL.X001",
			"applicant":{"kind":"citizen","name":"Nguyễn Văn An","id_kind":"citizen_id","id_number":"052088001234","phone":"","email":"","address":""},
			"submitter":null,"content":"","papers":[{"component":"form","originals":1,"certified":0,"copies":0,"file":""}],"received_at":null}`
		if got := call(401, "POST", "/api/v1/dossiers", contract); got["code"] != "identity.sign_in_first" && got["code"] != "api.sign_in_first" {
			t.Errorf("%v", got)
		}
		actor = identity.From(h.counter)
		for range 2 { // sent again over a bad line: the same number
			got := call(201, "POST", "/api/v1/dossiers", contract, "Idempotency-Key", "0198c9a2-7b1e")
			if got["code"] != "GL.X001-261014-0001" || got["state"] != "received" || got["due_at"] != "2026-10-21T09:00:00+07:00" || got["version"] != 1.0 {
				t.Errorf("%v", got)
			}
		}
		for old, want := range map[string][2]string{
			`"karaoke-new"`: {`"bay"`, "dossier.procedure_unknown"}, `"052088001234"`: {`"05208800123"`, "dossier.id_number_form"}, `"GL.D08"`: {`"GL.KHONG"`, "dossier.agency_unknown"},
			`"received_at":null`: {`"received_at":"hôm qua"`, "dossier.time_form"}, `"channel":"counter"`: {`"channel":"fax"`, "dossier.channel_unknown"},
		} {
			if got := call(422, "POST", "/api/v1/dossiers", strings.Replace(contract, old, want[0], 1)); got["code"] != want[1] {
				t.Errorf("%s: %v, want %s", want[0], got, want[1])
			}
		}
		got := call(201, "POST", "/api/v1/dossiers", strings.Replace(contract, `"received_at":null`, `"received_at":"2026-10-13T15:00"`, 1))
		if got["code"] != "GL.X001-261013-0001" || got["due_at"] != "2026-10-20T15:00:00+07:00" {
			t.Errorf("a time without a zone is Vietnam's: %v", got)
		}
		const one = "/api/v1/dossiers/GL.X001-261014-0001"
		if got := call(422, "POST", one+"/moves", `{"move":"hand_over"}`); got["code"] != "dossier.version_missing" {
			t.Errorf("%v", got)
		}
		if got := call(409, "POST", one+"/moves", `{"move":"hand_over","version":7}`); got["code"] != "dossier.changed_meanwhile" {
			t.Errorf("%v", got)
		}
		call(412, "POST", one+"/moves", `{"move":"hand_over"}`, "If-Match", `"7"`)
		if got := call(422, "POST", one+"/moves", `{"move":"fly","version":1}`); got["code"] != "dossier.move_unknown" {
			t.Errorf("%v", got)
		}
		if got := call(409, "POST", one+"/moves", `{"move":"supply","version":1}`); got["code"] != "dossier.wrong_state" {
			t.Errorf("%v", got)
		}
		if got := call(200, "POST", one+"/moves", `{"move":"hand_over","version":1}`); got["state"] != "in_process" || got["version"] != 2.0 {
			t.Errorf("%v", got)
		}
		call(403, "POST", one+"/moves", `{"move":"advance","version":2}`)
		actor = identity.From(h.handler)
		if got := call(422, "POST", one+"/moves", `{"move":"advance","version":2,"step":4}`); got["code"] != "dossier.step_not_open" {
			t.Errorf("a step was skipped: %v", got)
		}
		call(200, "POST", one+"/moves", `{"move":"advance"}`, "If-Match", `"2"`)
		full := call(200, "GET", one, "")
		if full["step"] != 3.0 || full["applicant"].(map[string]any)["id_number"] != "052088001234" || len(full["steps"].([]any)) != 3 || len(full["moves"].([]any)) == 0 {
			t.Errorf("%v", full)
		}
		line := call(200, "GET", one+"/timeline?limit=2", "")
		if len(line["items"].([]any)) != 2 || line["next"] == nil {
			t.Errorf("%v", line)
		}
		rest := call(200, "GET", one+"/timeline?limit=2&after="+line["next"].(string), "")
		if len(rest["items"].([]any)) != 1 || rest["items"].([]any)[0].(map[string]any)["move"] != "advance" {
			t.Errorf("%v", rest)
		}
		list := call(200, "GET", "/api/v1/dossiers?agency=GL.D08&limit=1", "")
		if len(list["items"].([]any)) != 1 || list["total"] != 2.0 || list["next"] == nil {
			t.Errorf("%v", list)
		}
		if list = call(200, "GET", "/api/v1/dossiers?agency=GL.D08&limit=1&after="+list["next"].(string), ""); len(list["items"].([]any)) != 1 || list["next"] != nil {
			t.Errorf("%v", list)
		}
		if list = call(200, "GET", "/api/v1/dossiers?state=in_process&q=nguyen+van+an", ""); len(list["items"].([]any)) != 1 {
			t.Errorf("%v", list)
		}
		call(422, "GET", "/api/v1/dossiers?state=bay", "")
		actor = identity.From(h.other)
		call(404, "GET", one, "")
		call(404, "POST", one+"/moves", `{"move":"advance","version":3}`)
		call(404, "GET", one+"/timeline", "")
		actor = identity.Actor{From: "203.0.113.9"}
		public := call(200, "GET", "/api/v1/public/dossiers/GL.X001-261014-0001", "")
		if public["applicant"] != "N*** V** A*" || strings.Contains(toText(public), "Nguyễn Văn An") || strings.Contains(toText(public), "052088001234") {
			t.Errorf("%v", public)
		}
		call(404, "GET", "/api/v1/public/dossiers/GL.X001-261014-0099", "")
		for range freeGuesses {
			r := httptest.NewRequest("GET", "/api/v1/public/dossiers/GL.X001-261014-0098", nil)
			rt.ServeHTTP(httptest.NewRecorder(), r)
		}
		if got := call(429, "GET", "/api/v1/public/dossiers/GL.X001-261014-0001", ""); got["code"] != "dossier.guessing" {
			t.Errorf("%v", got)
		}
	})
}

func toText(v any) string {
	raw, _ := json.Marshal(v)
	return string(raw)
}
