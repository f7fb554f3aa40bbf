package directive

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"cchc/internal/audit"
	"cchc/internal/db"
	"cchc/internal/db/dbtest"
	"cchc/internal/document"
	"cchc/internal/errs"
	"cchc/internal/identity"
	"cchc/internal/identity/identitytest"
	"cchc/internal/indicator"
	"cchc/internal/org"
	"cchc/internal/ui"
)

// register stands for the plans: it remembers what was given.
type register struct {
	given []Given
	class map[string]string // by lead
	fail  error
}

func (r *register) Give(_ *db.Tx, _ audit.Who, _ time.Time, g Given) (string, error) {
	if r.fail != nil {
		return "", r.fail
	}
	r.given = append(r.given, g)
	return fmt.Sprintf("task-%s-%d", g.Lead, len(r.given)), nil
}

func (r *register) Standings(_ *db.Tx, tasks []string, _ string) (map[string]Standing, error) {
	out := map[string]Standing{}
	for _, id := range tasks {
		lead := strings.Split(id, "task-")[1]
		lead = lead[:strings.LastIndexByte(lead, '-')]
		out[id] = Standing{Code: "CD1", URL: "/plan/tasks/" + id, Class: r.class[lead]}
	}
	return out, nil
}

// house is a province with an office, two departments and somebody for each.
type house struct {
	*Service
	t                                         *testing.T
	d                                         *db.DB
	at                                        time.Time
	tasks                                     *register
	id                                        map[string]string
	office, chairman, builder, other, nothing context.Context
}

func (h *house) clock() time.Time { return h.at }

func (h *house) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) refused(err error, code string) {
	h.t.Helper()
	if got := errs.CodeOf(err); got != code {
		h.t.Errorf("got %v, want %s", err, code)
	}
}

func newHouse(t *testing.T, d *db.DB) *house {
	t.Helper()
	h := &house{t: t, d: d, at: time.Date(2026, 10, 14, 2, 0, 0, 0, time.UTC), tasks: &register{class: map[string]string{}}, id: map[string]string{}}
	keys, err := audit.NewKeys()
	h.must(err)
	log := audit.New(keys, h.clock)
	people := identitytest.New(t, d, h.clock, Rights...)
	dir := org.NewDirectory(log, h.clock)
	for _, a := range []struct {
		code, name string
		kind       org.Kind
	}{{"U", "UBND tỉnh Mẫu", org.Province}, {"V", "Văn phòng UBND tỉnh", org.Department}, {"X", "Sở Xây dựng", org.Department}, {"Y", "Sở Y tế", org.Department}} {
		h.must(d.Write(context.Background(), func(tx *db.Tx) error {
			got, err := dir.Create(tx, audit.System("test"), org.New{Code: a.code, Name: a.name, Kind: a.kind, ParentID: h.id["U"], ValidFrom: org.First, ValidTo: org.Last})
			h.id[a.code] = got.ID
			return err
		}))
	}
	as := func(login, own, over string, rights ...string) context.Context {
		return identity.With(context.Background(), people.Person(login, own, over, rights...))
	}
	h.office = as("office", h.id["V"], "", RightView, RightDraft)
	h.chairman = as("chairman", h.id["U"], "", RightView, RightDraft, RightIssue)
	h.builder = as("builder", h.id["X"], h.id["X"], RightView)
	h.other = as("other", h.id["Y"], h.id["Y"], RightView)
	h.nothing = as("nothing", h.id["Y"], "")
	h.Service = &Service{DB: d, Clock: h.clock, Log: log, Tasks: h.tasks, Province: func(*db.Tx, string) (string, error) { return h.id["U"], nil }}
	return h
}

// draft writes a directive with two items, complete or not.
func (h *house) draft(complete bool) Directive {
	h.t.Helper()
	d, err := h.Write(h.office, Directive{Title: "Kết luận họp giao ban", Source: Minutes, Level: Provincial, Day: "2026-10-13"})
	h.must(err)
	i := Item{Text: "Rà soát quy hoạch", Product: "Báo cáo", Lead: h.id["X"], Due: "2026-11-30", Helpers: []string{h.id["Y"], h.id["X"]}}
	d, err = h.WriteItem(h.office, d.ID, d.Version, i)
	h.must(err)
	second := Item{Text: "Mua sắm trang thiết bị", Lead: h.id["Y"]}
	if complete {
		second.Product, second.Due = "Quyết định", "2026-12-15"
	}
	d, err = h.WriteItem(h.office, d.ID, d.Version, second)
	h.must(err)
	return d
}

func TestIssue_givesEveryItemAsATaskOrNone(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		x := h.draft(true)
		h.tasks.fail = errs.New(errs.Conflict, "plan.parent_missing")
		_, err := h.Issue(h.chairman, x.ID, x.Version, "5/TB-UBND", "Chủ tịch")
		h.refused(err, "plan.parent_missing")
		if v, err := h.Open(h.office, x.ID); err != nil || v.Directive.State != Draft {
			t.Fatalf("a refused issue left %v %v", v.Directive.State, err)
		}
		h.tasks.fail, h.tasks.given = nil, nil
		_, err = h.Issue(h.chairman, x.ID, x.Version, "5/TB-UBND", "Chủ tịch")
		h.must(err)
		if g := h.tasks.given; len(g) != 2 || g[0].Lead != h.id["X"] || g[0].Due != "2026-11-30" || g[0].Number != "5/TB-UBND" || !slices.Equal(g[0].Helpers, []string{h.id["Y"]}) {
			t.Errorf("given %+v", g)
		}
		v, err := h.Open(h.chairman, x.ID)
		h.must(err)
		if v.Directive.State != Issued || v.List[0].Task == "" || v.IssuedDay != "2026-10-14" {
			t.Errorf("%+v", v)
		}
		_, err = h.Issue(h.chairman, x.ID, v.Version, "5/TB-UBND", "")
		h.refused(err, "directive.wrong_state")
	})
}

func TestWrite_isRefusedWithASentence(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		_, err := h.Write(h.office, Directive{})
		var codes []string
		for _, e := range errs.All(err) {
			codes = append(codes, e.Code)
		}
		if want := []string{"directive.title_missing", "directive.source_missing", "directive.level_missing", "directive.day_unreadable"}; !slices.Equal(codes, want) {
			t.Errorf("got %v, want %v", codes, want)
		}
		_, err = h.Write(h.office, Directive{Title: "Mai", Source: Order, Level: Central, Day: "2026-10-15"})
		h.refused(err, "directive.day_unreadable")
		_, err = h.Write(h.builder, Directive{Title: "x", Source: Order, Level: Central, Day: "2026-10-14"})
		h.refused(err, "identity.right_missing")
		_, err = h.Write(context.Background(), Directive{})
		h.refused(err, "identity.sign_in_first")
		x, err := h.Write(h.office, Directive{Title: "Chỉ đạo", Source: Order, Level: Central, Day: "2026-10-14"})
		h.must(err)
		_, err = h.Move(h.office, x.ID, x.Version, "submit", "")
		h.refused(err, "directive.no_item")
		_, err = h.Issue(h.chairman, x.ID, x.Version, "1", "")
		h.refused(err, "directive.no_item")
		_, err = h.Issue(h.chairman, x.ID, x.Version, " ", "")
		h.refused(err, "directive.number_missing")
		for _, c := range []struct {
			item Item
			code string
		}{{Item{}, "directive.item_text_missing"}, {Item{Text: "x", Due: "2026-10-13"}, "directive.item_day"}, {Item{Text: "x", Due: "30/11"}, "directive.item_day"},
			{Item{Text: "x", Lead: "none"}, "directive.agency_unknown"}, {Item{ID: "none", Text: "x"}, "directive.item_unknown"}} {
			_, err := h.WriteItem(h.office, x.ID, x.Version, c.item)
			h.refused(err, c.code)
		}
		_, err = h.Paste(h.office, x.ID, x.Version, " \n ")
		h.refused(err, "directive.lines_missing")
		_, err = h.RemoveItem(h.office, x.ID, x.Version, "none")
		h.refused(err, "directive.item_unknown")

		y := h.draft(false)
		_, err = h.Issue(h.chairman, y.ID, y.Version, "1", "")
		h.refused(err, "directive.item_lacks")
		_, err = h.WriteItem(h.office, y.ID, y.Version-1, Item{Text: "Cũ"})
		h.refused(err, "directive.changed_meanwhile")
		h.at = h.at.AddDate(0, 2, 0)
		_, err = h.Issue(h.chairman, y.ID, y.Version, "1", "")
		h.refused(err, "directive.item_past")
	})
}

func TestMove_aReturnSaysWhyAndOnlyWhoSignsReturns(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		x, err := h.Move(h.office, h.draft(true).ID, 3, "submit", "")
		h.must(err)
		_, err = h.WriteItem(h.office, x.ID, x.Version, Item{Text: "Thêm"})
		h.refused(err, "directive.not_draft")
		_, err = h.Move(h.office, x.ID, x.Version, "return", "Sai")
		h.refused(err, "identity.right_missing")
		_, err = h.Issue(h.office, x.ID, x.Version, "1", "")
		h.refused(err, "identity.right_missing")
		_, err = h.Move(h.chairman, x.ID, x.Version, "return", " ")
		h.refused(err, "directive.reason_missing")
		x, err = h.Move(h.chairman, x.ID, x.Version, "return", "Chưa rõ hạn")
		h.must(err)
		x, err = h.Move(h.office, x.ID, x.Version, "drop", "")
		h.must(err)
		_, err = h.Move(h.office, x.ID, x.Version, "submit", "")
		h.refused(err, "directive.wrong_state")
		if list, err := h.List(h.office, "", nil, 10); err != nil || len(list) != 0 {
			t.Errorf("a dropped one is listed: %v %v", list, err)
		}
	})
}

func TestList_showsEachReaderWhatConcernsHim(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		x := h.draft(true)
		sees := func(who context.Context, want, items int) {
			t.Helper()
			list, err := h.List(who, "", nil, 10)
			if h.must(err); len(list) != want || want > 0 && list[0].Items != int64(items) {
				t.Errorf("%s sees %+v, want %d with %d items", identity.From(who).Login, list, want, items)
			}
		}
		sees(h.office, 1, 2)
		sees(h.builder, 0, 0)
		_, err := h.Open(h.builder, x.ID)
		h.refused(err, "directive.unknown")
		_, err = h.Issue(h.chairman, x.ID, x.Version, "5/TB", "")
		h.must(err)
		sees(h.builder, 1, 1)
		sees(h.nothing, 0, 0)
		v, err := h.Open(h.builder, x.ID)
		if h.must(err); len(v.List) != 1 || v.List[0].Lead != h.id["X"] {
			t.Errorf("a department reads what others were given: %+v", v.List)
		}
		if list, err := h.List(h.office, "giao bàn", nil, 10); err != nil || len(list) != 1 { // marks do not matter
			t.Errorf("search: %v %v", list, err)
		}
		if list, err := h.List(h.office, "ngân sách", nil, 10); err != nil || len(list) != 0 {
			t.Errorf("search: %v %v", list, err)
		}
		second := h.draft(true)
		page, err := h.List(h.office, "", nil, 1)
		h.must(err)
		rest, err := h.List(h.office, "", []string{page[0].Day, page[0].ID}, 10)
		if h.must(err); page[0].ID != second.ID || len(rest) != 1 || rest[0].ID != x.ID {
			t.Errorf("pages: %v then %v", page, rest)
		}
	})
}

func TestLinesOf_takesNumbersAndDashesAway(t *testing.T) {
	t.Parallel()
	got := linesOf("1. Giao Sở Xây dựng rà soát\n\n a) Báo cáo kết quả\n- Sở Y tế mua sắm\n12) Họp lại\nNăm 2026 tổng kết\nIV. Kết luận")
	want := []string{"Giao Sở Xây dựng rà soát", "Báo cáo kết quả", "Sở Y tế mua sắm", "Họp lại", "Năm 2026 tổng kết", "Kết luận"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
}

func TestIndicators_countAndOpenTheSameItems(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		x := h.draft(true)
		_, err := h.Issue(h.chairman, x.ID, x.Version, "5/TB", "")
		h.must(err)
		h.tasks.class = map[string]string{h.id["X"]: "overdue", h.id["Y"]: "on_time"}
		for _, c := range []struct {
			code  string
			scope indicator.Scope
			want  int64
		}{{"directive.given", indicator.Scope{}, 2}, {"directive.overdue", indicator.Scope{}, 1}, {"directive.on_time", indicator.Scope{}, 1}, {"directive.late", indicator.Scope{}, 0},
			{"directive.given", indicator.Scope{Dims: map[string]string{"level": "central"}}, 0}, {"directive.given", indicator.Scope{Dims: map[string]string{"level": "province"}}, 2},
			{"directive.overdue", indicator.Scope{AgencyID: h.id["Y"]}, 0}, {"directive.given", indicator.Scope{Account: identity.From(h.builder).AccountID, Right: RightView}, 1}} {
			i := h.Indicators()[slices.IndexFunc(h.Indicators(), func(i indicator.Indicator) bool { return i.Code == c.code })]
			c.scope.Now = h.at
			h.must(d.Read(context.Background(), func(tx *db.Tx) error {
				r, err := i.Read(tx, c.scope, indicator.Period{OnDay: "2026-10-14"})
				if err != nil {
					return err
				}
				open, err := i.Open(tx, c.scope, indicator.Period{OnDay: "2026-10-14"}, "", 10)
				if r.Numerator != c.want || int64(len(open.Rows)) != c.want || open.Total.N != c.want {
					t.Errorf("%s %+v: %d, opens %d, want %d", c.code, c.scope, r.Numerator, len(open.Rows), c.want)
				}
				return err
			}))
		}
	})
}

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

// ask sends a request and wants a status and words; it returns where the answer leads.
func (h *house) ask(rt http.Handler, method, path string, status int, form url.Values, words ...string) string {
	h.t.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := httptest.NewRecorder()
	rt.ServeHTTP(w, r)
	if w.Code != status {
		h.t.Errorf("%s %s: %d, want %d", method, path, w.Code, status)
	}
	for _, s := range words {
		if !strings.Contains(w.Body.String(), s) {
			h.t.Errorf("%s lacks %q", path, s)
		}
	}
	return w.Header().Get("Location")
}

func TestPages_leadFromTheMinutesToTheTasks(t *testing.T) {
	t.Parallel()
	h := newHouse(t, dbtest.NewSQLite(t))
	office, chairman, builder := h.desk(h.office), h.desk(h.chairman), h.desk(h.builder)
	h.ask(office, "GET", "/directives", 200, nil, "Chưa có ý kiến chỉ đạo nào", "Thêm ý kiến chỉ đạo")
	h.ask(office, "GET", "/directives/new", 200, nil)
	h.ask(office, "POST", "/directives/new", 422, url.Values{"title": {""}})
	path := h.ask(office, "POST", "/directives/new", 303, url.Values{"title": {"Kết luận họp"}, "source": {"minutes"}, "level": {"province"}, "day": {"13/10/2026"}})
	h.ask(office, "POST", path+"/lines", 422, url.Values{"version": {"1"}, "lines": {""}}, "Chưa có dòng nào")
	h.ask(office, "POST", path+"/lines", 303, url.Values{"version": {"1"}, "lines": {"1. Rà soát quy hoạch\n2. Việc thừa"}})
	h.ask(office, "GET", path, 200, nil, "Rà soát quy hoạch", "Thiếu sản phẩm, chủ trì, hạn")
	v, err := h.Open(h.office, path[len("/directives/"):])
	h.must(err)
	h.ask(office, "GET", path+"/items/"+v.List[0].ID, 200, nil, "Sở Xây dựng")
	h.ask(office, "GET", path+"/items/none", 404, nil)
	h.ask(office, "POST", path+"/items/"+v.List[0].ID, 422, url.Values{"version": {"2"}, "text": {"Rà soát"}, "due": {"13/10/2020"}})
	h.ask(office, "POST", path+"/items/"+v.List[0].ID, 303, url.Values{"version": {"2"}, "text": {"Rà soát quy hoạch"}, "product": {"Báo cáo"}, "lead": {h.id["X"]}, "due": {"30/11/2026"}, "helpers": {h.id["Y"]}})
	h.ask(office, "POST", path+"/remove", 303, url.Values{"version": {"3"}, "item": {v.List[1].ID}})
	h.ask(office, "GET", path+"/edit", 200, nil, "Kết luận họp")
	h.ask(office, "POST", path+"/move", 303, url.Values{"version": {"4"}, "move": {"submit"}})
	h.ask(office, "GET", path+"/issue", 403, nil)
	h.ask(builder, "GET", path, 404, nil)
	h.ask(chairman, "GET", path, 200, nil, "Chờ ký giao")
	h.ask(chairman, "GET", path+"/return", 200, nil)
	h.ask(chairman, "POST", path+"/return", 422, url.Values{"version": {"5"}, "reason": {""}})
	h.ask(chairman, "GET", path+"/issue", 200, nil)
	h.ask(chairman, "POST", path+"/issue", 422, url.Values{"version": {"5"}, "number": {"7/TB-UBND"}})
	h.ask(chairman, "POST", path+"/issue", 303, url.Values{"version": {"5"}, "number": {"7/TB-UBND"}, "signer": {"Chủ tịch"}, "sure": {"yes"}})
	h.tasks.class[h.id["X"]] = "overdue"
	h.ask(builder, "GET", path, 200, nil, "/plan/tasks/task-", "Quá hạn")
	h.ask(builder, "GET", "/directives", 200, nil, "7/TB-UBND")
}

func TestDocx_isANoticeWithItsItems(t *testing.T) {
	t.Parallel()
	h := newHouse(t, dbtest.NewSQLite(t))
	x := h.draft(true)
	_, err := h.Issue(h.chairman, x.ID, x.Version, "7/TB-UBND", "Chủ tịch Mẫu")
	h.must(err)
	v, err := h.Open(h.chairman, x.ID)
	h.must(err)
	var out bytes.Buffer
	h.must(h.Docx(h.chairman, v, &out))
	word, err := document.ReadWord(bytes.NewReader(out.Bytes()), int64(out.Len()), document.Limits{})
	h.must(err)
	words := fmt.Sprint(word)
	for _, want := range []string{"07/TB-UBND", "Rà soát quy hoạch", "Sở Xây dựng; phối hợp: Sở Y tế", "30/11/2026", "Chủ tịch Mẫu"} {
		if !strings.Contains(words, want) {
			t.Errorf("the document lacks %q: %s", want, words)
		}
	}
}
