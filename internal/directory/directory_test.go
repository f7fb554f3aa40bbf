package directory

import (
	"archive/zip"
	"bytes"
	"context"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"cchc/internal/audit"
	"cchc/internal/calendar"
	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/db/dbtest"
	"cchc/internal/identity"
	"cchc/internal/identity/identitytest"
	"cchc/internal/org"
	"cchc/internal/ui"
)

var now = time.Date(2026, 10, 14, 9, 0, 0, 0, clock.Vietnam)

// bench is the room behind its router, with people of several rights.
type bench struct {
	t      *testing.T
	s      *Service
	rt     *ui.Router
	house  *identitytest.House
	actor  identity.Actor // who asks
	system audit.Who

	manager, reader identity.Actor
	ids             map[string]string // agency ids by code
}

func newBench(t *testing.T, d *db.DB) *bench {
	t.Helper()
	c := clock.At(now)
	keys, err := audit.NewKeys()
	if err != nil {
		t.Fatal(err)
	}
	log := audit.New(keys, c)
	b := &bench{t: t, ids: map[string]string{}, system: audit.System("test")}
	b.s = &Service{DB: d, Clock: c, Agencies: org.NewDirectory(log, c), Calendar: calendar.NewBook(log, c)}
	b.house = identitytest.New(t, d, c, Rights...)
	b.add("T", "Tỉnh Thử", org.Province, "")
	b.add("T.A", "Sở Nội vụ", org.Department, "T")
	b.add("T.B", "Sở Tài chính", org.Department, "T")
	b.add("T.A1", "Phòng Một", org.PublicUnit, "T.A")
	b.manager = b.house.Person("manager", b.ids["T"], "", Rights...)
	b.reader = b.house.Person("reader", b.ids["T.A"], b.ids["T.A"], "directory.view")
	b.actor = b.manager
	b.rt = ui.NewRouter(ui.Config{Clock: c})
	b.rt.Use(func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			next.ServeHTTP(w, r.WithContext(identity.With(r.Context(), b.actor)))
		})
	})
	Mount(b.rt, b.s)
	return b
}

func (b *bench) add(code, name string, kind org.Kind, parent string) {
	b.t.Helper()
	b.write(func(tx *db.Tx) error {
		a, err := b.s.Agencies.Create(tx, b.system, org.New{Code: code, Name: name, Kind: kind, ParentID: b.ids[parent], ValidFrom: "2020-01-01"})
		b.ids[code] = a.ID
		return err
	})
}

func (b *bench) write(fn func(tx *db.Tx) error) {
	b.t.Helper()
	if err := b.s.DB.Write(context.Background(), fn); err != nil {
		b.t.Fatal(err)
	}
}

func (b *bench) read(fn func(tx *db.Tx) error) {
	b.t.Helper()
	if err := b.s.DB.Read(context.Background(), fn); err != nil {
		b.t.Fatal(err)
	}
}

func (b *bench) find(code string) (a org.Agency) {
	b.t.Helper()
	b.read(func(tx *db.Tx) (err error) { a, err = org.Find(tx, b.ids[code]); return err })
	return a
}

func (b *bench) send(r *http.Request) *httptest.ResponseRecorder {
	b.t.Helper()
	w := httptest.NewRecorder()
	b.rt.ServeHTTP(w, r)
	return w
}

func (b *bench) get(target string) *httptest.ResponseRecorder {
	b.t.Helper()
	return b.send(httptest.NewRequest("GET", target, nil))
}

// post sends a form; pairs are name, value.
func (b *bench) post(target string, pairs ...string) *httptest.ResponseRecorder {
	b.t.Helper()
	v := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		v.Add(pairs[i], pairs[i+1])
	}
	r := httptest.NewRequest("POST", target, strings.NewReader(v.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return b.send(r)
}

func (b *bench) upload(content []byte) *httptest.ResponseRecorder {
	b.t.Helper()
	var body bytes.Buffer
	m := multipart.NewWriter(&body)
	part, err := m.CreateFormFile("file", "agencies")
	if err == nil {
		_, err = part.Write(content)
	}
	if err == nil {
		err = m.Close()
	}
	if err != nil {
		b.t.Fatal(err)
	}
	r := httptest.NewRequest("POST", "/agencies/import", &body)
	r.Header.Set("Content-Type", m.FormDataContentType())
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return b.send(r)
}

func (b *bench) want(w *httptest.ResponseRecorder, status int, words ...string) {
	b.t.Helper()
	if w.Code != status {
		b.t.Errorf("status %d, want %d", w.Code, status)
	}
	for _, word := range words {
		if !strings.Contains(w.Body.String(), word) {
			b.t.Errorf("the page does not say %q", word)
		}
	}
	if b.t.Failed() {
		b.t.Log(main.FindString(w.Body.String()))
		b.t.FailNow()
	}
}

var main = regexp.MustCompile(`(?s)<main.*?</main>`)

func each(t *testing.T, fn func(b *bench)) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) { fn(newBench(t, d)) })
}

func v(n int64) string { return strconv.FormatInt(n, 10) }

func TestPages_areOpenToWhoMayAndClosedToOthers(t *testing.T) {
	each(t, func(b *bench) {
		for i, page := range []string{"/agencies", "/agencies?q=noi+vu", "/agencies?q=khong+co", "/agencies/tree", "/agencies/" + b.ids["T.A"], "/handovers", "/calendar", "/calendar?year=2027", "/calendar/hours"} {
			b.actor = b.reader
			b.want(b.get(page), 200)
			b.actor = b.house.Person("nobody"+v(int64(i)), b.ids["T.A"], "")
			b.want(b.get(page), 403)
		}
		for _, page := range []string{"/agencies/new", "/agencies/import", "/agencies/reorganise", "/agencies/" + b.ids["T.A"] + "/rename", "/agencies/" + b.ids["T.A"] + "/head",
			"/agencies/" + b.ids["T.A"] + "/edit", "/agencies/" + b.ids["T.A"] + "/move", "/agencies/" + b.ids["T.A"] + "/recode", "/agencies/" + b.ids["T.A"] + "/alias",
			"/calendar/day", "/calendar/swap", "/calendar/suggest?year=2027", "/calendar/confirm?year=2027", "/calendar/hours/entry"} {
			b.actor = b.manager
			b.want(b.get(page), 200)
			b.actor = b.reader
			b.want(b.get(page), 403)
		}
	})
}

func TestPages_answer404ForWhatIsUnknown(t *testing.T) {
	each(t, func(b *bench) {
		for _, page := range []string{"/agencies/no-such", "/agencies/no-such/rename", "/handovers/no-such", "/handovers/no-such/docx", "/calendar/day?id=no-such", "/calendar/hours/entry?id=no-such"} {
			b.want(b.get(page), 404)
		}
		b.want(b.post("/handovers/no-such/continue"), 404)
		b.want(b.post("/agencies/no-such/head", "person_name", "X"), 404)
	})
}

func TestList_showsTheProvinceOfTheDayAsked(t *testing.T) {
	each(t, func(b *bench) {
		a := b.find("T.B")
		b.want(b.post("/agencies/"+a.ID+"/rename", "version", v(a.Version), "name", "Sở Tài chính và Đầu tư", "day", "01/10/2026"), 303)
		b.want(b.get("/agencies?on=30/09/2026"), 200, "Sở Tài chính</a>", "nay là Sở Tài chính và Đầu tư")
		b.want(b.get("/agencies?on=01/10/2026"), 200, "Sở Tài chính và Đầu tư</a>")
		b.want(b.get("/agencies?on=01/01/2019"), 200, "Chưa có cơ quan nào")
		b.want(b.get("/agencies?q=tai+chinh"), 200, "Sở Tài chính và Đầu tư</a>")
		b.want(b.get("/agencies?on=hom-qua"), 422, "không phải là ngày")
		w := b.get("/agencies?q=noi+vu&kind=department")
		b.want(w, 200, "Sở Nội vụ</a>")
		if strings.Contains(w.Body.String(), "Sở Tài chính và Đầu tư</a>") {
			t.Error("the search shows what was not asked for")
		}
	})
}

func TestList_pagesByKey(t *testing.T) {
	each(t, func(b *bench) {
		seen := map[string]bool{}
		var after []string
		for range 10 {
			l, err := b.s.List(context.Background(), Filter{Limit: 1, After: after})
			if err != nil {
				t.Fatal(err)
			}
			for _, row := range l.Rows {
				if seen[row.Code] {
					t.Fatalf("%s came twice", row.Code)
				}
				seen[row.Code] = true
				after = row.Key()
			}
			if l.Total != 4 {
				t.Fatalf("total %d", l.Total)
			}
			if !l.More {
				break
			}
		}
		if len(seen) != 4 {
			t.Fatalf("saw %v", seen)
		}
	})
}

func TestChange_isRefusedToAStaleFormAnd409(t *testing.T) {
	each(t, func(b *bench) {
		a := b.find("T.A")
		b.want(b.post("/agencies/"+a.ID+"/rename", "version", v(a.Version), "name", "Sở Nội vụ mới", "day", "01/10/2026"), 303)
		b.want(b.post("/agencies/"+a.ID+"/rename", "version", v(a.Version), "name", "Sở khác", "day", "02/10/2026"), 409, "Người khác vừa sửa cơ quan này")
		if got := b.find("T.A").Name; got != "Sở Nội vụ mới" {
			t.Errorf("name %q", got)
		}
		b.want(b.post("/agencies/"+a.ID+"/edit", "kind", "department"), 409, "Biểu mẫu này đã cũ") // no version: stale by definition
	})
}

func TestChange_isRefusedWithASentenceOnTheForm(t *testing.T) {
	each(t, func(b *bench) {
		a := b.find("T.A")
		b.want(b.post("/agencies/"+a.ID+"/rename", "version", v(a.Version), "name", "", "day", "01/10/2026"), 422, "Chưa có tên")
		b.want(b.post("/agencies/"+a.ID+"/rename", "version", v(a.Version), "name", "X", "day", "31/02/2026"), 422, "31/02/2026")
		b.want(b.post("/agencies/"+a.ID+"/rename", "version", v(a.Version), "name", "X", "day", "01/01/2027"), 422, "chưa đến")
		b.want(b.post("/agencies/"+a.ID+"/recode", "version", v(a.Version), "code", "T.B", "day", "01/10/2026"), 422, "đã dùng")
		b.want(b.post("/agencies/"+a.ID+"/move", "version", v(a.Version), "parent", b.ids["T.A1"], "day", "01/10/2026"), 422, "cơ quan đó đang ở dưới")
		b.want(b.post("/agencies", "name", "", "code", "", "kind", "department"), 422, "Chưa có tên")
		b.want(b.post("/agencies/"+a.ID+"/head", "from_day", "01/10/2026"), 422, "họ tên")
		b.want(b.post("/agencies/"+a.ID+"/head", "from_day", "01/10/2026", "account", b.manager.AccountID), 422, "không thuộc cơ quan")
	})
}

func TestChange_reachesNoFurtherThanTheRight(t *testing.T) {
	each(t, func(b *bench) {
		b.actor = b.house.Person("local", b.ids["T.A"], b.ids["T.A"], Rights...)
		a, other, child := b.find("T.A"), b.find("T.B"), b.find("T.A1")
		b.want(b.post("/agencies/"+other.ID+"/rename", "version", v(other.Version), "name", "X", "day", "01/10/2026"), 403)
		b.want(b.post("/agencies/"+child.ID+"/move", "version", v(child.Version), "parent", other.ID, "day", "01/10/2026"), 403)
		b.want(b.post("/agencies/"+child.ID+"/move", "version", v(child.Version), "parent", "", "day", "01/10/2026"), 403)
		b.want(b.post("/agencies", "code", "N", "name", "Mới", "kind", "other", "parent", ""), 403)
		b.want(b.upload([]byte("code,name,kind,parent,valid_from,valid_to,successor,mark\nN,Mới,other,,,,,\n")), 403)
		b.want(b.post("/agencies/"+a.ID+"/rename", "version", v(a.Version), "name", "Sở Nội vụ mới", "day", "01/10/2026"), 303)
		b.want(b.post("/calendar/day", "day", "20/11/2026", "kind", "day_off", "name", "Nghỉ", "sure", "yes"), 403)
		b.want(b.post("/calendar/day", "day", "20/11/2026", "kind", "day_off", "name", "Nghỉ", "agency", a.ID, "sure", "yes"), 303)
		b.want(b.post("/calendar/confirm", "year", "2027", "document", "TB 1"), 403)
	})
}

func TestAgency_isCreatedCorrectedMovedAndHeaded(t *testing.T) {
	each(t, func(b *bench) {
		b.want(b.post("/agencies", "code", "T.C", "name", "Sở Xây dựng", "kind", "department", "parent", b.ids["T"], "valid_from", "01/01/2021", "sample", "yes"), 303)
		b.read(func(tx *db.Tx) error {
			a, _, err := org.FindByCode(tx, "T.C", "")
			b.ids["T.C"] = a.ID
			return err
		})
		a := b.find("T.C")
		b.want(b.get("/agencies/"+a.ID), 200, "Dữ liệu mẫu, cần kiểm tra", "Chưa ghi nhận người đứng đầu")
		b.want(b.post("/agencies/"+a.ID+"/edit", "version", v(a.Version), "short_name", "SXD", "kind", "department", "valid_from", "01/01/2021"), 303)
		a = b.find("T.C")
		b.want(b.post("/agencies/"+a.ID+"/recode", "version", v(a.Version), "code", "T.C2", "day", "01/10/2026"), 303)
		a = b.find("T.C")
		b.want(b.post("/agencies/"+a.ID+"/move", "version", v(a.Version), "parent", b.ids["T.B"], "day", "01/10/2026"), 303)
		b.want(b.post("/agencies/"+a.ID+"/alias", "alias", "Sở XD"), 303)
		b.want(b.post("/agencies/"+a.ID+"/head", "person_name", "Lê Văn Mẫu", "from_day", "01/09/2026", "post_title", "Giám đốc"), 303)
		b.want(b.post("/agencies/"+a.ID+"/head", "person_name", "Phạm Thị Thử", "from_day", "01/10/2026", "post_title", "Giám đốc", "acting", "yes"), 303)
		b.want(b.get("/agencies/"+a.ID), 200, "T.C2", "Mã cũ", "Sở XD", "Phạm Thị Thử", "giao quyền, phụ trách", "01/09/2026 đến 30/09/2026", "Sở Tài chính")
		b.want(b.get("/agencies/tree?at="+b.ids["T.B"]), 200, "Sở Xây dựng")
		b.want(b.post("/agencies/"+a.ID+"/alias-off", "alias", "Sở XD"), 303)
		b.want(b.post("/agencies/"+a.ID+"/alias-off", "alias", "Sở XD"), 404)
	})
}

const header = "code,name,kind,parent,valid_from,valid_to,successor,mark\n"

func TestImport_showsFirstAndWritesAllOrNothing(t *testing.T) {
	each(t, func(b *bench) {
		w := b.upload([]byte(header + "N1,Xã Một,xa,T,,,,M\nN2,Xã Hai,xa,T,,,N9,\n"))
		b.want(w, 200, "Sẽ thêm 2 cơ quan", "Chưa có cơ quan kế tục này trong danh mục")
		b.want(b.get("/agencies?q=xa+mot"), 200, "Không tìm thấy cơ quan nào")
		rows := regexp.MustCompile(`name="rows" value="([^"]*)"`).FindStringSubmatch(w.Body.String())
		if rows == nil {
			t.Fatal("the preview carries no rows")
		}
		sent := strings.NewReplacer("&#34;", `"`, "&amp;", "&").Replace(rows[1])
		b.want(b.post("/agencies/import/commit", "rows", sent), 303)
		b.want(b.get("/agencies?q=xa+mot"), 200, "Xã Một", "Dữ liệu mẫu, cần kiểm tra")
		b.want(b.upload([]byte(header+"N1,Xã Một,xa,T,,,,M\n")), 200, "Không có gì mới")
		b.want(b.post("/agencies/import/commit", "rows", "{"), 422, "Chưa chọn tệp")
	})
}

func TestImport_refusesABadFileWithItsSentence(t *testing.T) {
	each(t, func(b *bench) {
		b.want(b.upload([]byte(header+"A,Một,other,B,,,,\nB,Hai,other,A,,,,\nB,Ba,other,,,,,\n")), 422, "Mỗi cơ quan một mã")
		b.want(b.upload([]byte(header+"A,Một,other,B,,,,\nB,Hai,other,A,,,,\n")), 422, "Dòng 2", "cơ quan đó đang ở dưới")
		b.want(b.upload([]byte("name\nX\n")), 422, "Tệp thiếu cột")
		b.want(b.upload(bytes.Repeat([]byte("a"), org.MaxFile+10)), 413, "Tệp lớn hơn 5 MB")
		b.want(b.upload(workbook(t, "xl/vbaProject.bin", 10)), 422, "macro")
		b.want(b.upload(workbook(t, "xl/worksheets/sheet1.xml", 200<<20)), 413, "giải nén ra quá")
		b.want(b.post("/agencies/import"), 422, "Chưa chọn tệp")
	})
}

// TestImport_stopsReadingAHugeUpload sends 200 MB: the server must stop at its limit.
func TestImport_stopsReadingAHugeUpload(t *testing.T) {
	each(t, func(b *bench) {
		head := "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\r\n"
		body := &counted{r: io.MultiReader(strings.NewReader(head), io.LimitReader(zeros{}, 200<<20))}
		r := httptest.NewRequest("POST", "/agencies/import", body)
		r.Header.Set("Content-Type", "multipart/form-data; boundary=x")
		r.Header.Set("Sec-Fetch-Site", "same-origin")
		b.want(b.send(r), 413, "Tệp lớn hơn 5 MB")
		if body.n > 2*uploadMost {
			t.Errorf("read %d bytes", body.n)
		}
	})
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

type counted struct {
	r io.Reader
	n int64
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}

// workbook is a zip that claims to be a spreadsheet and holds size zeros under a name.
func workbook(t *testing.T, name string, size int64) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, n := range []string{"[Content_Types].xml", name} {
		f, err := z.Create(n)
		if err == nil && n == name {
			_, err = io.Copy(f, io.LimitReader(zeros{}, size))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}
