package applicant

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"cchc/internal/audit"
	"cchc/internal/db"
	"cchc/internal/db/dbtest"
	"cchc/internal/errs"
	"cchc/internal/event"
	"cchc/internal/file"
	"cchc/internal/identity"
	"cchc/internal/identity/identitytest"
	"cchc/internal/indicator"
	"cchc/internal/job"
	"cchc/internal/notice"
	"cchc/internal/org"
	"cchc/internal/ui"
)

// shop stands for the other rooms: it remembers what it was given.
type shop struct {
	at       map[string]Standing
	sent     []Sending
	supplied []File
	offer    Offer
}

func (s *shop) Standing(_ *db.Tx, id string) (Standing, error) {
	st, there := s.at[id]
	if !there {
		return st, errs.New(errs.NotFound, "dossier.unknown")
	}
	return st, nil
}

func (s *shop) Send(_ *db.Tx, _ audit.Who, now time.Time, in Sending) (string, string, error) {
	s.sent = append(s.sent, in)
	s.at["d1"] = Standing{ID: "d1", Code: "X-261014-0001", Procedure: "Đăng ký hộ kinh doanh", State: "submitted", CompetentID: in.Agency, Version: 1, Events: []Event{{Move: "submit", AtMs: now.UnixMilli()}}}
	return "d1", "X-261014-0001", nil
}

func (s *shop) Supply(_ *db.Tx, _ audit.Who, _ time.Time, id string, files []File) error {
	s.supplied = append(s.supplied, files...)
	return nil
}

func (s *shop) Withdraw(_ *db.Tx, _ audit.Who, _ time.Time, id string, version int64, _ string) error {
	st := s.at[id]
	if st.Version != version {
		return errs.New(errs.Conflict, "dossier.changed_meanwhile")
	}
	st.State = "withdrawn"
	s.at[id] = st
	return nil
}

func (s *shop) Find(context.Context, string, int) ([]Offer, error) { return []Offer{s.offer}, nil }

func (s *shop) Offer(_ *db.Tx, key, _, _ string) (Offer, error) {
	if key != s.offer.Key {
		return Offer{}, errs.New(errs.NotFound, "procedure.unknown")
	}
	return s.offer, nil
}

func (s *shop) PayPath(*db.Tx, string) (string, error) { return "", nil }

type house struct {
	*Service
	t                               *testing.T
	d                               *db.DB
	at                              time.Time
	shop                            *shop
	x                               string
	hoa, binh, officer, head, admin context.Context
	rt                              *ui.Router
	as                              context.Context
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
	h := &house{t: t, d: d, at: time.Date(2026, 10, 14, 2, 0, 0, 0, time.UTC), as: context.Background()}
	keys, err := audit.NewKeys()
	h.must(err)
	log := audit.New(keys, h.clock)
	people := identitytest.New(t, d, h.clock, Rights...)
	h.must(d.Write(context.Background(), func(tx *db.Tx) error {
		got, err := org.NewDirectory(log, h.clock).Create(tx, audit.System("test"), org.New{Code: "X", Name: "UBND phường Mẫu", Kind: org.Commune, ValidFrom: org.First, ValidTo: org.Last})
		h.x = got.ID
		return err
	}))
	as := func(login, own, over string, rights ...string) context.Context {
		return identity.With(context.Background(), people.Person(login, own, over, rights...))
	}
	h.hoa, h.binh, h.officer = as("hoa", "", ""), as("binh", "", ""), as("officer", h.x, "")
	h.head, h.admin = as("head", h.x, h.x, RightView), as("entry.admin", "", "", RightSetup)
	queue, err := job.New(d, h.clock)
	h.must(err)
	tell, err := notice.New(d, h.clock, log, queue, notice.Options{Key: make([]byte, 32), BaseURL: "http://x", Book: func(*db.Tx, string) (notice.Address, bool, error) { return notice.Address{}, true, nil }})
	h.must(err)
	files, err := file.New(t.TempDir(), d, h.clock)
	h.must(err)
	h.shop = &shop{at: map[string]Standing{}, offer: Offer{Key: "hkd-new", Code: "1.001612", Name: "Đăng ký hộ kinh doanh", Online: true, Commune: true,
		Papers: []Paper{{Code: "form", Name: "Giấy đề nghị", Required: true}, {Code: "proxy", Name: "Giấy uỷ quyền", Required: true, When: "nếu nộp thay"}}}}
	h.Service = &Service{DB: d, Clock: h.clock, Log: log, Tell: tell, Files: files, Shop: h.shop, Catalogue: h.shop, Payments: h.shop}
	h.rt = ui.NewRouter(ui.Config{Clock: h.clock, Log: slog.New(slog.DiscardHandler)})
	h.rt.Use(func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			next.ServeHTTP(w, r.WithContext(identity.With(r.Context(), identity.From(h.as))))
		})
	})
	Mount(h.rt, h.Service)
	return h
}

func (h *house) open() *house {
	h.t.Helper()
	h.must(h.SetEntry(h.admin, Entry{Direct: true}))
	return h
}

// sent is a dossier that Hoa sent.
func (h *house) sent() *house {
	h.t.Helper()
	h.open()
	d, err := h.Begin(h.hoa, "hkd-new", "", h.x)
	h.must(err)
	h.must(h.WriteParty(h.hoa, d.ID, 1, Draft{Party: "Nguyễn Thị Hoa", IDNumber: "052 090 000 001", Phone: "0905 123 456"}))
	h.must(h.AddFile(h.hoa, d.ID, 2, "form", strings.NewReader("Giấy đề nghị đăng ký"), "don.txt"))
	_, err = h.Send(h.hoa, d.ID, 3)
	h.must(err)
	return h
}

func (h *house) state(s string) {
	st := h.shop.at["d1"]
	st.State = s
	h.shop.at["d1"] = st
}

func TestSend_needsAnOpenEntryAndEveryRequiredPaper(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		_, err := h.Begin(h.hoa, "hkd-new", "", h.x)
		h.refused(err, "applicant.entry_closed")
		h.refused(h.SetEntry(h.hoa, Entry{Direct: true}), "identity.right_missing")
		h.open()
		h.refused(h.SetEntry(h.admin, Entry{Direct: true}), "applicant.changed_meanwhile")
		_, err = h.Begin(context.Background(), "hkd-new", "", h.x)
		h.refused(err, "identity.sign_in_first")
		_, err = h.Begin(h.hoa, "none", "", h.x)
		h.refused(err, "procedure.unknown")
		_, err = h.Begin(h.hoa, "hkd-new", "", "none")
		h.refused(err, "applicant.agency_unknown")
		h.shop.offer.Online = false
		_, err = h.Begin(h.hoa, "hkd-new", "", h.x)
		h.refused(err, "applicant.not_online")
		h.shop.offer.Online = true
		dr, err := h.Begin(h.hoa, "hkd-new", "", h.x)
		h.must(err)
		_, err = h.Open(h.binh, dr.ID)
		h.refused(err, "applicant.draft_unknown")
		_, err = h.Send(h.hoa, dr.ID, 1)
		h.refused(err, "applicant.incomplete")
		bad := Draft{Party: "Hoa", IDNumber: "123", Phone: "x"}
		h.refused(h.WriteParty(h.hoa, dr.ID, 1, bad), "applicant.id_number_form")
		h.must(h.WriteParty(h.hoa, dr.ID, 1, Draft{Party: "Hoa", IDNumber: "052090000001", Phone: "0905123456"}))
		h.refused(h.WriteParty(h.hoa, dr.ID, 1, Draft{Party: "Hoa", IDNumber: "052090000001", Phone: "0905123456"}), "applicant.changed_meanwhile")
		h.refused(h.AddFile(h.hoa, dr.ID, 2, "other", strings.NewReader("x"), "a.txt"), "applicant.component_unknown")
		h.refused(h.AddFile(h.binh, dr.ID, 2, "form", strings.NewReader("x"), "a.txt"), "applicant.draft_unknown")
		if err := h.AddFile(h.hoa, dr.ID, 2, "form", strings.NewReader("MZ\x90\x00 a program"), "a.exe"); len(errs.All(err)) == 0 {
			t.Errorf("a program was taken: %v", err)
		}
		h.must(h.AddFile(h.hoa, dr.ID, 2, "form", strings.NewReader("Giấy đề nghị"), "don.txt"))
		o, err := h.Open(h.hoa, dr.ID)
		h.must(err)
		if len(o.Faults) != 0 || len(o.Files) != 1 || len(o.Files[0].SHA256) != 64 {
			t.Errorf("%+v", o)
		}
		h.refused(h.DropFile(h.hoa, dr.ID, 3, "none"), "applicant.file_unknown")
		code, err := h.Send(h.hoa, dr.ID, 3)
		h.must(err)
		if code != "X-261014-0001" || len(h.shop.sent) != 1 || len(h.shop.sent[0].Files) != 1 || h.shop.sent[0].IDNumber != "052090000001" {
			t.Errorf("%s %+v", code, h.shop.sent)
		}
		_, err = h.Send(h.hoa, dr.ID, 4)
		h.refused(err, "applicant.draft_unknown")
		home, err := h.Home(h.hoa)
		if err != nil || len(home.Cases) != 1 || len(home.Drafts) != 0 {
			t.Errorf("%+v %v", home, err)
		}
	})
}

func TestAnswer_suppliesOnceWhatWasAsked(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d).sent()
		_, err := h.Answer(h.hoa, "X-261014-0001")
		h.refused(err, "applicant.nothing_asked")
		h.state("supplement_wait")
		_, err = h.Answer(h.binh, "X-261014-0001")
		h.refused(err, "applicant.case_unknown")
		dr, err := h.Answer(h.hoa, "X-261014-0001")
		h.must(err)
		again, err := h.Answer(h.hoa, "X-261014-0001")
		if err != nil || again.ID != dr.ID {
			t.Errorf("a second answer was begun: %v", err)
		}
		_, err = h.Send(h.hoa, dr.ID, 1)
		h.refused(err, "applicant.incomplete")
		h.must(h.AddFile(h.hoa, dr.ID, 1, "", strings.NewReader("Bản sao hợp đồng"), "hop-dong.txt"))
		_, err = h.Send(h.hoa, dr.ID, 2)
		h.must(err)
		if len(h.shop.supplied) != 1 || h.shop.supplied[0].Name != "hop-dong.txt" {
			t.Errorf("%+v", h.shop.supplied)
		}
	})
}

func TestRate_onceByTheOwnerAfterTheResultAndNeverByAnOfficer(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d).sent()
		h.refused(h.Rate(h.hoa, "X-261014-0001", 3, ""), "applicant.not_returned")
		h.state("returned")
		h.refused(h.Rate(h.binh, "X-261014-0001", 3, ""), "applicant.case_unknown")
		h.refused(h.Rate(h.hoa, "X-261014-0001", 4, ""), "applicant.score_missing")
		h.must(d.Write(t.Context(), func(tx *db.Tx) error {
			return addCase(tx, "d2", "X-261014-0002", identity.From(h.officer).AccountID, 1)
		}))
		h.shop.at["d2"] = Standing{ID: "d2", Code: "X-261014-0002", State: "returned", CompetentID: h.x}
		h.refused(h.Rate(h.officer, "X-261014-0002", 3, ""), "applicant.officer_rates")
		h.must(h.Rate(h.hoa, "X-261014-0001", 3, "Nhanh"))
		h.refused(h.Rate(h.hoa, "X-261014-0001", 1, ""), "applicant.rated")
		for _, i := range h.Indicators() {
			h.must(d.Read(t.Context(), func(tx *db.Tx) error {
				p := indicator.Period{FromDay: "2026-10-01", ToDay: "2026-10-31"}
				r, err := i.Read(tx, indicator.Scope{Now: h.at}, p)
				if want := map[string]string{"applicant.ratings": "1", "applicant.satisfied_rate": "100.00"}[i.Code]; r.Value != want {
					t.Errorf("%s is %+v, want %s", i.Code, r, want)
				}
				rec, err2 := i.Open(tx, indicator.Scope{Now: h.at}, p, "", 10)
				if err2 != nil || len(rec.Rows) != 1 || rec.Rows[0].Code != "X-261014-0001" {
					t.Errorf("%s opens %+v %v", i.Code, rec, err2)
				}
				return err
			}))
		}
		if list, err := h.Ratings(h.head, 0, "", 10); err != nil || len(list) != 1 || list[0].Comment != "Nhanh" {
			t.Errorf("%v %v", list, err)
		}
		if list, err := h.Ratings(h.hoa, 0, "", 10); err != nil || len(list) != 0 {
			t.Errorf("a citizen reads %v %v", list, err)
		}
	})
}

func TestMoved_tellsTheOwnerOnceUnlessTheyTurnedItOff(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d).sent()
		tell := func(move, dossier string) {
			t.Helper()
			h.must(d.Write(t.Context(), func(tx *db.Tx) error {
				return h.Moved(tx, event.DossierMoved{DossierID: dossier, Code: "X-261014-0001", Move: move})
			}))
		}
		told := func() (list []string) {
			h.must(d.Read(t.Context(), func(tx *db.Tx) (err error) {
				list, err = db.All(tx, db.Value[string], `SELECT kind FROM notice_message ORDER BY id`)
				return err
			}))
			return list
		}
		tell("receive", "d1")
		tell("receive", "d1")
		tell("advance", "d1")
		tell("receive", "nobody's")
		h.must(h.SetQuiet(h.hoa, true))
		tell("approve", "d1")
		h.must(h.SetQuiet(h.hoa, false))
		tell("return_result", "d1")
		if got := strings.Join(told(), " "); got != "applicant.receive applicant.return_result" {
			t.Errorf("told %s", got)
		}
	})
}

func (h *house) ask(as context.Context, method, path, kind string, body io.Reader) *httptest.ResponseRecorder {
	h.as = as
	r := httptest.NewRequest(method, "http://127.0.0.1:8080"+path, body)
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	w := httptest.NewRecorder()
	h.rt.ServeHTTP(w, r)
	return w
}

func (h *house) page(as context.Context, path string, status int, holds ...string) string {
	h.t.Helper()
	got := h.ask(as, "GET", path, "", nil)
	body := got.Body.String()
	if got.Code != status {
		h.t.Fatalf("%s answers %d", path, got.Code)
	}
	for _, x := range holds {
		if !strings.Contains(body, x) {
			h.t.Errorf("%s lacks %q", path, x)
		}
	}
	if status == 200 && (strings.Contains(body, ">citizen.") || strings.Contains(body, "\"applicant.")) {

		h.t.Errorf("%s shows a key without words", path)
	}
	return body
}

func (h *house) post(as context.Context, path string, status int, pairs ...string) *httptest.ResponseRecorder {
	h.t.Helper()
	q := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		q.Add(pairs[i], pairs[i+1])
	}
	got := h.ask(as, "POST", path, "application/x-www-form-urlencoded", strings.NewReader(q.Encode()))
	if got.Code != status {
		h.t.Fatalf("%s answers %d, want %d", path, got.Code, status)
	}
	return got
}

func TestPages_fromTheGuideToTheRating(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		nobody := context.Background()
		h.page(nobody, "/submit/guide", 200, "Cổng Dịch vụ công quốc gia", "VNeID", "công an")
		if got := h.ask(h.hoa, "GET", "/submit", "", nil); got.Code != 303 {
			t.Errorf("a closed entry: %d", got.Code)
		}
		h.page(h.admin, "/applicants/settings", 200, "Nhận hồ sơ trực tuyến")
		h.post(h.admin, "/applicants/settings", 303, "version", "0", "direct", "yes")
		h.page(h.hoa, "/my", 200, "Bạn chưa có hồ sơ nào")
		h.page(h.hoa, "/submit?q=ho+kinh+doanh", 200, "Đăng ký hộ kinh doanh")
		h.page(h.hoa, "/submit/hkd-new", 200, "Giấy đề nghị", "UBND phường Mẫu")
		h.post(h.hoa, "/submit/hkd-new", 422, "agency", "")
		draft := h.post(h.hoa, "/submit/hkd-new", 303, "agency", h.x).Header().Get("Location")
		h.page(h.hoa, draft, 200, "Chưa đủ", "hôm khác làm tiếp")
		h.page(h.binh, draft, 404)
		h.page(h.hoa, draft+"/party", 200, "12 chữ số")
		h.post(h.hoa, draft+"/party", 422, "version", "1", "party", "Hoa", "id_number", "1")
		h.post(h.hoa, draft+"/party", 303, "version", "1", "party", "Nguyễn Thị Hoa", "id_number", "052090000001", "phone", "0905123456")
		h.page(h.hoa, draft+"/papers", 200, "Giấy uỷ quyền", "nếu nộp thay", "Bắt buộc")
		upload := func(version, component, name, content string) *httptest.ResponseRecorder {
			var b bytes.Buffer
			m := multipart.NewWriter(&b)
			_ = m.WriteField("version", version)
			_ = m.WriteField("component", component)
			if name != "" {
				f, _ := m.CreateFormFile("file", name)
				_, _ = io.WriteString(f, content)
			}
			_ = m.Close()
			return h.ask(h.hoa, "POST", draft+"/papers", m.FormDataContentType(), &b)
		}
		if got := upload("2", "form", "", ""); got.Code != 422 || !strings.Contains(got.Body.String(), "Hãy chọn tệp") {
			t.Errorf("no file: %d", got.Code)
		}
		if got := upload("2", "form", "don.txt", "Giấy đề nghị"); got.Code != 303 {
			t.Errorf("a file: %d", got.Code)
		}
		h.page(h.hoa, draft+"/papers", 200, "Đã nhận tệp don.txt", "Mã kiểm tra")
		h.page(h.hoa, draft+"/send", 200, "Nguyễn Thị Hoa", "don.txt")
		h.post(h.hoa, draft+"/send", 422, "version", "3")
		to := h.post(h.hoa, draft+"/send", 303, "version", "3", "sure", "yes").Header().Get("Location")
		h.page(h.hoa, to, 200, "X-261014-0001", "Chờ tiếp nhận", "8 giờ làm việc", "Rút hồ sơ")
		h.page(h.binh, to, 404)
		st := h.shop.at["d1"]
		st.State, st.Asked, st.SupplyUntil = "supplement_wait", "Thiếu bản sao hợp đồng", "2026-10-30"
		h.shop.at["d1"] = st
		h.page(h.hoa, to, 200, "Thiếu bản sao hợp đồng", "Bổ sung giấy tờ", "30/10/2026")
		answer := h.post(h.hoa, to+"/answer", 303).Header().Get("Location")
		h.page(h.hoa, answer, 200, "Giấy tờ bổ sung", "Thiếu bản sao hợp đồng")
		h.page(h.hoa, to+"/withdraw", 200, "Lý do rút")
		h.post(h.hoa, to+"/withdraw", 422, "version", "1", "reason", "")
		h.state("returned")
		h.page(h.hoa, to, 200, "Bạn có hài lòng không?")
		h.page(h.hoa, to+"/rate", 200, "Rất hài lòng")
		h.post(h.hoa, to+"/rate", 422, "score", "")
		h.post(h.hoa, to+"/rate", 303, "score", "2", "comment", "Tốt")
		h.page(h.hoa, to, 200, "Bạn đã đánh giá: Hài lòng")
		h.page(h.head, "/applicants/ratings", 200, "X-261014-0001", "Tốt")
		h.post(h.hoa, "/my/quiet", 303, "quiet", "yes")
		h.page(h.hoa, "/my", 200, "Bật thông báo")
	})
}

func TestWithdraw_onlyTheOwnersAndWithAReason(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d).sent()
		h.refused(h.Withdraw(h.binh, "X-261014-0001", 1, "x"), "applicant.case_unknown")
		h.refused(h.Withdraw(h.hoa, "X-261014-0001", 1, ""), "applicant.reason_missing")
		h.refused(h.Withdraw(h.hoa, "X-261014-0001", 9, "x"), "dossier.changed_meanwhile")
		h.must(h.Withdraw(h.hoa, "X-261014-0001", 1, "Đổi ý"))
		h.refused(h.Withdraw(h.hoa, "X-261014-0001", 1, "x"), "applicant.not_withdrawable")
	})
}
