package plan

import (
	"bytes"
	"context"
	"crypto/sha256"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"cchc/internal/db"
	"cchc/internal/db/dbtest"
	"cchc/internal/file"
	"cchc/internal/i18n"
	"cchc/internal/identity"
	"cchc/internal/ui"
)

// door is the pages of the small province, entered by one person at a time.
type door struct {
	*house
	rt    *ui.Router
	actor identity.Actor
	id    *identity.Service
}

func openDoor(t *testing.T, d *db.DB) *door {
	t.Helper()
	h := newHouse(t, d)
	key := sha256.Sum256([]byte(t.Name()))
	people, err := identity.New(d, h.clock, h.log, identity.NewRights(), identity.Options{Key: key[:], HashMemory: 64})
	if err != nil {
		t.Fatal(err)
	}
	files, err := file.New(t.TempDir(), d, h.clock)
	if err != nil {
		t.Fatal(err)
	}
	w := &door{house: h, id: people, rt: ui.NewRouter(ui.Config{Clock: h.clock, Log: slog.New(slog.NewTextHandler(io.Discard, nil))})}
	w.rt.Use(func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
			next.ServeHTTP(rw, r.WithContext(identity.With(r.Context(), w.actor)))
		})
	})
	Mount(w.rt, h.s, files)
	return w
}

// as enters as a person, with the rights that the database says.
func (w *door) as(a identity.Actor) *door {
	w.t.Helper()
	w.actor = identity.Actor{}
	if a.AccountID == "" {
		return w
	}
	w.write(func(tx *db.Tx) (err error) {
		if err := exec(tx, `INSERT INTO identity_credential (account_id, must_change, sessions_from_ms) VALUES ($1, FALSE, 0) ON CONFLICT (account_id) DO NOTHING`, a.AccountID); err != nil {
			return err
		}
		w.actor, _, err = w.id.ActorOf(tx, a.AccountID)
		return err
	})
	return w
}

func (w *door) send(r *http.Request) *httptest.ResponseRecorder {
	rec := httptest.NewRecorder()
	w.rt.ServeHTTP(rec, r)
	return rec
}

func (w *door) get(path string) *httptest.ResponseRecorder {
	return w.send(httptest.NewRequest(http.MethodGet, path, nil))
}

func (w *door) post(path string, pairs ...string) *httptest.ResponseRecorder {
	v := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		v.Add(pairs[i], pairs[i+1])
	}
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(v.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return w.send(r)
}

// upload posts a form with one file.
func (w *door) upload(path, name string, body []byte, pairs ...string) *httptest.ResponseRecorder {
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	for i := 0; i+1 < len(pairs); i += 2 {
		_ = form.WriteField(pairs[i], pairs[i+1]) // a buffer takes everything
	}
	part, err := form.CreateFormFile("file", name)
	if err != nil {
		w.t.Fatal(err)
	}
	_, _ = part.Write(body)
	_ = form.Close()
	r := httptest.NewRequest(http.MethodPost, path, &b)
	r.Header.Set("Content-Type", form.FormDataContentType())
	return w.send(r)
}

func (w *door) want(rec *httptest.ResponseRecorder, status int, words ...string) {
	w.t.Helper()
	if rec.Code != status {
		w.t.Errorf("status %d, want %d: %s", rec.Code, status, plainText(rec.Body.String()))
	}
	for _, s := range words {
		if !strings.Contains(rec.Body.String(), s) {
			w.t.Errorf("missing %q in: %s", s, plainText(rec.Body.String()))
		}
	}
}

var tags = regexp.MustCompile(`<[^>]*>`)

func plainText(html string) string {
	words := strings.Join(strings.Fields(tags.ReplaceAllString(html, " ")), " ")
	return words[:min(len(words), 1500)]
}

func say(key string, args ...any) string { return i18n.T(context.Background(), key, args...) }

func version(a Assignment) string { return strconv.FormatInt(a.Version, 10) }

func TestPages_openToTheRightReadersOnly(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := openDoor(t, d)
		w.issued()
		a := w.lead("NV02", "T")
		board, task, mine := "/plan/"+w.plan.ID, "/plan/tasks/"+a.TaskID, "/plan/assignments/"+a.ID
		guest := identity.Actor{}
		for _, c := range []struct {
			who    identity.Actor
			path   string
			status int
		}{
			{guest, "/plan", 200}, {guest, "/plan/public", 200}, {guest, board, 303}, {guest, task, 303}, {guest, mine, 303},
			{w.secretary, "/plan", 303}, {w.secretary, "/plan/all", 200}, {w.secretary, board, 200}, {w.secretary, task, 200}, {w.secretary, mine, 200},
			{w.secretary, board + "/targets", 200}, {w.secretary, board + "/export.csv", 200}, {w.secretary, board + "/export.xlsx", 200},
			{w.secretary, board + "/export.xlsx?whole=yes", 200}, {w.secretary, board + "/nothing", 404}, {w.secretary, board + "/figures/nothing", 404},
			{w.secretary, "/plan/import", 200}, {w.secretary, mine + "/urge", 200}, {w.secretary, "/plan/drafts/" + w.plan.ID, 200},
			{w.secretary, board + "?on=32/13/2022", 422}, {w.secretary, mine + "/pause", 403},
			{w.justice, board, 200}, {w.justice, task, 200}, {w.justice, mine, 200}, {w.justice, mine + "/progress", 200}, {w.justice, mine + "/submit", 200},
			{w.justice, mine + "/acknowledge", 200}, {w.justice, mine + "/extend", 200}, {w.justice, mine + "/input", 200}, {w.justice, mine + "/approve", 303},
			{w.justice, mine + "/urge", 403}, {w.justice, "/plan/import", 200}, {w.justice, "/plan/drafts/" + w.plan.ID, 404}, {w.justice, task + "/edit", 404},
			{w.health, mine, 404}, {w.health, mine + "/progress", 404}, {w.health, task, 200}, {w.district, task, 404}, {w.district, mine, 404},
			{w.chairman, mine + "/pause", 200}, {w.chairman, task + "/cancel", 200}, {w.chairman, mine + "/progress", 403}, {w.chairman, mine + "/approve", 303},
			{w.chairman, "/plan/extensions/none", 404}, {w.justice, "/plan/periods/none", 404}, {w.justice, "/plan/evidence/none", 404},
			{w.secretary, "/plan/none", 404}, {w.secretary, "/plan/tasks/none", 404}, {w.secretary, "/plan/assignments/none", 404}, {w.secretary, mine + "/proof/none", 404},
		} {
			if got := w.as(c.who).get(c.path); got.Code != c.status {
				t.Errorf("%s by %s: %d, want %d: %s", c.path, c.who.Login, got.Code, c.status, plainText(got.Body.String()))
			}
		}
	})
}

func TestPublicPage_namesNoOfficerNoDraftAndNoConfidentialTask(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := openDoor(t, d)
		w.want(w.get("/plan"), 200, say("planweb.public.empty"))
		w.issued()
		w.set("2022-03-01")
		w.write(func(tx *db.Tx) error {
			return exec(tx, `UPDATE plan_task SET confidential = TRUE WHERE code = 'NV02'`)
		})
		for _, path := range []string{"/plan", "/plan/public?as=csv"} {
			rec := w.get(path)
			w.want(rec, 200, "Chấm điểm chỉ số", "Sở Nội vụ")
			for _, hidden := range []string{"Công bố văn bản hết hiệu lực", "Người đứng đầu", "Người thu.ky"} {
				if strings.Contains(rec.Body.String(), hidden) {
					t.Errorf("%s shows %q", path, hidden)
				}
			}
		}
		rows, err := w.s.tasksFor(t.Context(), &StatusQuery{ID: w.plan.ID}) // what programs of visitors get
		if err != nil || len(rows) != 3 {
			t.Errorf("open data has %d tasks, %v", len(rows), err)
		}
		for _, r := range rows {
			if r.Task.Confidential || r.Task.Note != "" {
				t.Errorf("open data shows %+v", r.Task)
			}
		}
	})
}

func TestFigures_openAsManyRecordsAsTheBoardSays(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := openDoor(t, d)
		w.issued()
		w.as(w.secretary)
		st, err := w.s.Status(as(w.secretary), w.plan.ID, "2022-07-10", Filter{})
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range Figures {
			for level, want := range map[string]int64{"": st.Counts.Of(f), "assignments": st.Assignments.Counts.Of(f)} {
				rec := w.get("/plan/" + w.plan.ID + "/figures/" + string(f) + "?on=2022-07-10&level=" + level)
				kind := "/plan/tasks/"
				if level != "" {
					kind = "/plan/assignments/"
				}
				links := regexp.MustCompile(`href="`+kind+`[0-9a-f-]{36}(\?[^"/]*)?"`).FindAllString(rec.Body.String(), -1)
				if rec.Code != 200 || int64(len(links)) != want {
					t.Errorf("%s %s: %d records, want %d (status %d)", f, level, len(links), want, rec.Code)
				}
			}
		}
	})
}

func TestForms_comeBackWithTheirFaultsAndRefuseStaleOnes(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := openDoor(t, d)
		w.issued()
		a := w.lead("NV02", "T")
		path := "/plan/assignments/" + a.ID
		w.as(w.justice)
		w.want(w.post(path+"/progress", "version", version(a), "percent", "abc", "text", "Đã rà soát"), 422, `class="errsum"`, `href="#f-percent"`, "Đã rà soát")
		w.want(w.post(path+"/progress", "version", version(a), "percent", "40"), 422, `href="#f-text"`)
		w.want(w.post(path+"/progress", "percent", "40", "text", "x"), 409, `class="errsum"`)
		w.want(w.post(path+"/progress", "version", version(a), "percent", "40", "text", "Đã rà soát"), 303)
		w.want(w.post(path+"/progress", "version", version(a), "percent", "50", "text", "Lần nữa"), 409, `class="errsum"`, "Lần nữa")
		if b := w.lead("NV02", "T"); b.Progress != 40 {
			t.Errorf("a stale form wrote: %d", b.Progress)
		}
		a = w.lead("NV02", "T")
		w.want(w.post(path+"/submit", "version", version(a)), 422, `href="#f-document"`)
		w.want(w.post(path+"/extend", "version", version(a), "new_day", "30/02/2022", "reason", "x"), 422, `href="#f-new_day"`)
		w.want(w.as(w.health).post(path+"/progress", "version", version(a), "percent", "60", "text", "x"), 404)
		w.want(w.as(w.chairman).post(path+"/progress", "version", version(a), "percent", "60", "text", "x"), 403)
	})
}

func TestAssignmentPage_saysBesideTheButtonWhyAResultWaitsForAnother(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := openDoor(t, d)
		w.issued()
		a := w.lead("NV03", "S")
		path := "/plan/assignments/" + a.ID
		w.want(w.as(w.secretary).post(path+"/submit", "version", version(a), "document", "12/QĐ-UBND"), 303)
		w.want(w.get(path), 200, "disabled", say("error.plan.own_work"))
		a = w.lead("NV03", "S")
		w.want(w.post(path+"/approve", "version", version(a)), 403)
		w.want(w.as(w.office).get(path), 200, say("planweb.next.approve"))
		w.want(w.post(path+"/return", "version", version(a)), 422, `href="#f-reason"`)
		w.want(w.post(path+"/approve", "version", version(a)), 303)
		w.want(w.get(path), 200, say("planweb.next.closed"))
	})
}

func TestEvidence_isKeptBeforeTheRowAndOpensToWhoSeesTheAssignment(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := openDoor(t, d)
		w.issued()
		a := w.lead("NV02", "T")
		path := "/plan/assignments/" + a.ID
		w.as(w.justice)
		w.want(w.upload(path+"/submit", "x.exe", []byte("MZ\x90\x00 no document"), "version", version(a)), 422, `href="#f-file"`)
		w.want(w.upload(path+"/submit", "bao-cao.csv", []byte("a,b\n1,2\n"), "version", "99", "document", ""), 409, `name="kept"`)
		kept := regexp.MustCompile(`name="kept" value="([0-9a-f-]{36})"`).FindStringSubmatch(
			w.upload(path+"/submit", "bao-cao.csv", []byte("a,b\n1,2\n"), "version", "99").Body.String())
		if len(kept) != 2 {
			t.Fatal("the document of a refused form is asked for again")
		}
		w.want(w.post(path+"/submit", "version", version(a), "kept", kept[1]), 303)
		w.want(w.get(path), 200, "/plan/evidence/"+kept[1])
		rec := w.get("/plan/evidence/" + kept[1])
		w.want(rec, 200, "a,b")
		if got := rec.Header().Get("Content-Disposition"); !strings.HasPrefix(got, "attachment") {
			t.Errorf("handed out as %q", got)
		}
		w.want(w.as(w.health).get("/plan/evidence/"+kept[1]), 404)
		w.want(w.as(w.secretary).get("/plan/evidence/"+kept[1]), 200)
	})
}

func TestProof_isOfThisAssignmentOnly(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := openDoor(t, d)
		w.issued()
		a, b := w.lead("NV02", "T"), w.lead("NV04", "Y")
		w.as(w.justice)
		w.want(w.post("/plan/assignments/"+a.ID+"/acknowledge", "version", version(a)), 303)
		v, err := w.s.Assignment(as(w.justice), a.ID)
		if err != nil || len(v.Audit) != 1 {
			t.Fatalf("%d entries, %v", len(v.Audit), err)
		}
		proof := "/proof/" + v.Audit[0].ID
		w.want(w.get("/plan/assignments/"+a.ID+proof), 200, say("planweb.proof.not_yet"))
		w.want(w.get("/plan/assignments/"+a.ID+proof+"/file"), 409)
		w.want(w.as(w.secretary).get("/plan/assignments/"+b.ID+proof), 404)
		w.want(w.as(w.health).get("/plan/assignments/"+a.ID+proof), 404)
	})
}

func TestImport_goesFromAFileOverDoubtsToAnIssuedPlan(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := openDoor(t, d)
		w.set("2022-01-05")
		w.as(w.secretary)
		csv := "task_id,area_no,area,task,product,lead_agency,deadline_text\n" +
			"NV01,1,Chỉ đạo,Ban hành quy chế,Quyết định,Sở Không Có,Quý II/2022\n"
		fields := []string{"title", "Kế hoạch thử", "year", "2022", "issuer", w.house.id["U"], "office", w.house.id["V"]}
		w.want(w.post("/plan/import", fields...), 422, `href="#f-file"`)
		w.want(w.upload("/plan/import", "ke-hoach.csv", []byte("không có cột nào\n1\n"), fields...), 422, `href="#f-file"`)
		rec := w.upload("/plan/import", "ke-hoach.csv", []byte(csv), fields...)
		w.want(rec, 200, "Ban hành quy chế", say("planweb.doubt.agency_unknown"), `name="step" value="keep"`)
		sha := regexp.MustCompile(`name="sha" value="([0-9a-f]{64})"`).FindStringSubmatch(rec.Body.String())
		if len(sha) != 2 {
			t.Fatal("the file was not kept")
		}
		rec = w.post("/plan/import", append(fields, "step", "keep", "sha", sha[1], "name", "ke-hoach.csv")...)
		w.want(rec, 303)
		draft := rec.Header().Get("Location")
		id := strings.TrimPrefix(draft, "/plan/drafts/")
		w.want(w.get(draft), 200, say("planweb.doubt.agency_unknown"), say("planweb.draft.not_ready"))
		p, err := w.s.Plan(as(w.secretary), id)
		if err != nil {
			t.Fatal(err)
		}
		n := strconv.FormatInt(p.Version, 10)
		w.want(w.get(draft+"/issue"), 403)
		w.want(w.as(w.chairman).post(draft+"/issue", "version", n, "number", "1/KH-UBND", "sure", "yes"), 409, `class="errsum"`)
		w.as(w.secretary)
		list, err := w.s.Doubts(as(w.secretary), id, false)
		if err != nil || len(list) != 1 {
			t.Fatalf("%d doubts, %v", len(list), err)
		}
		doubt := "/plan/doubts/" + list[0].ID
		w.want(w.post(doubt, "version", "1", "plan", id, "choice", "nonsense"), 422, `class="errsum"`)
		w.want(w.as(w.justice).post(doubt, "version", "1", "plan", id, "agency", w.house.id["T"]), 404) // a head drafts, but another plan
		w.want(w.as(w.secretary).post(doubt, "version", "1", "plan", id, "agency", w.house.id["T"]), 303)
		w.want(w.get(draft), 200, say("planweb.draft.ready"), say("planweb.issue.not_you"))
		w.want(w.as(w.chairman).post(draft+"/issue", "version", n, "number", "", "sure", "yes"), 422, `href="#f-number"`)
		w.want(w.post(draft+"/issue", "version", n, "number", "1/KH-UBND"), 422, `href="#f-sure"`)
		w.want(w.post(draft+"/issue", "version", n, "number", "1/KH-UBND", "sure", "yes"), 303)
		w.want(w.as(w.justice).get("/plan/"+id), 200, "Ban hành quy chế")
	})
}
