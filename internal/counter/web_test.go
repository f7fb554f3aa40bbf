package counter

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"cchc/internal/db"
	"cchc/internal/db/dbtest"
	"cchc/internal/identity"
	"cchc/internal/ui"
)

// browser asks the room's pages as somebody.
type browser struct {
	t  *testing.T
	rt *ui.Router
	as *context.Context
}

func newBrowser(h *house) browser {
	as := context.Background()
	rt := ui.NewRouter(ui.Config{Clock: h.clock, Log: slog.New(slog.DiscardHandler)})
	rt.Use(func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			next.ServeHTTP(w, r.WithContext(identity.With(r.Context(), identity.From(as))))
		})
	})
	Mount(rt, h.Service)
	return browser{h.t, rt, &as}
}

func (b browser) ask(as context.Context, method, path string, body io.Reader) *httptest.ResponseRecorder {
	*b.as = as
	r := httptest.NewRequest(method, "http://127.0.0.1:8080"+path, body)
	if body != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	w := httptest.NewRecorder()
	b.rt.ServeHTTP(w, r)
	return w
}

func (b browser) post(as context.Context, path string, pairs ...string) *httptest.ResponseRecorder {
	q := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		q.Add(pairs[i], pairs[i+1])
	}
	return b.ask(as, http.MethodPost, path, strings.NewReader(q.Encode()))
}

// page asks for a page that must show some words and no key without words.
func (b browser) page(as context.Context, path string, holds ...string) *httptest.ResponseRecorder {
	b.t.Helper()
	got := b.ask(as, http.MethodGet, path, nil)
	if got.Code != http.StatusOK {
		b.t.Fatalf("%s answers %d", path, got.Code)
	}
	for _, x := range holds {
		if !strings.Contains(got.Body.String(), x) {
			b.t.Errorf("%s lacks %q", path, x)
		}
	}
	if s := got.Body.String(); strings.Contains(s, ">counter.") || strings.Contains(s, "\"counter.") {
		b.t.Errorf("%s shows a key without words", path)
	}
	return got
}

func (b browser) moved(got *httptest.ResponseRecorder) string {
	b.t.Helper()
	if got.Code != http.StatusSeeOther {
		b.t.Fatalf("%d: %s", got.Code, between(got.Body.String(), "errsum-title", "</ul>"))
	}
	return got.Header().Get("Location")
}

func (b browser) refused(got *httptest.ResponseRecorder, status int, words string) {
	b.t.Helper()
	if got.Code != status || !strings.Contains(got.Body.String(), words) {
		b.t.Errorf("%d, want %d with %q", got.Code, status, words)
	}
}

// between cuts what stands between two texts.
func between(s, from, to string) string {
	_, rest, _ := strings.Cut(s, from)
	out, _, _ := strings.Cut(rest, to)
	return out
}

// optionOf is the value of the option that begins with some words.
func optionOf(s, words string) string {
	before, _, _ := strings.Cut(s, "\">"+words)
	return before[strings.LastIndexByte(before, '"')+1:]
}

func TestPages_fromTheMachineToTheDeskAndTheBoard(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		b := newBrowser(h)
		nobody := context.Background()
		kiosk := "/hall/" + h.token
		b.page(nobody, kiosk, "Lấy số thứ tự", "Hộ tịch", "0 người đang chờ")
		b.refused(b.ask(nobody, "GET", "/hall/guess", nil), 404, "")
		b.page(nobody, kiosk+"/queues/"+h.id["A"], "Người cao tuổi", "Không ưu tiên")
		slip := b.moved(b.post(nobody, kiosk+"/draw", "queue", h.id["A"], "priority", "elderly"))
		got := b.page(nobody, slip, "A001", "0 người trước bạn", "qrcode")
		if got.Header().Get("Refresh") != "12; url="+kiosk || got.Header().Get("Cache-Control") != "private, no-store" {
			t.Errorf("%v", got.Header())
		}
		ticket := "/ticket/" + slip[strings.LastIndexByte(slip, '/')+1:]
		b.page(nobody, ticket, "0 người trước bạn")
		b.refused(b.post(nobody, kiosk+"/draw", "code", "KKKKKK"), 422, "Không có lịch hẹn")
		b.refused(b.ask(nobody, "GET", "/ticket/guess", nil), 404, "")
		if got := b.page(nobody, kiosk+"/board", "Chưa gọi số nào"); got.Header().Get("Refresh") != "8" {
			t.Error("the board does not refresh")
		}
		// The officer.
		b.page(h.first, "/counter", "Chọn quầy bạn ngồi", "Quầy 1")
		b.refused(b.post(h.first, "/counter/next"), 409, "chưa ngồi ở quầy nào")
		b.moved(b.post(h.first, "/counter/sit", "desk", h.id["1"]))
		b.page(h.first, "/counter", "Gọi số tiếp theo", "1 người đang chờ")
		b.moved(b.post(h.first, "/counter/next"))
		body := b.page(h.first, "/counter", "A001", "Đã đến, phục vụ", "Gọi lại").Body.String()
		act := "/counter/tickets/" + between(body, "/counter/tickets/", "\"")
		b.page(nobody, kiosk+"/board", "A001", "mời đến quầy")
		b.page(nobody, ticket, "Mời bạn đến quầy 1")
		b.moved(b.post(h.first, act, "version", "2", "move", "skip"))
		b.page(h.first, "/counter", "Đã gọi, chưa đến", "Gọi lên quầy")
		b.page(nobody, ticket, "Số của bạn đã được gọi")
		b.moved(b.post(h.first, act, "version", "3", "move", "call"))
		b.refused(b.post(h.first, act, "version", "3", "move", "serve"), 409, "Hãy tải lại trang")
		b.moved(b.post(h.first, act, "version", "4", "move", "serve"))
		b.page(h.first, "/counter", "Xong, quầy trống", "Chuyển sang hàng khác")
		b.page(nobody, ticket, "Đang phục vụ tại quầy 1")
		b.refused(b.post(h.first, act, "version", "5", "move", "finish", "dossier", "X-9"), 422, "Không có hồ sơ")
		b.moved(b.post(h.first, act, "version", "5", "move", "finish", "dossier", "X-261014-0001"))
		b.page(nobody, ticket, "Lượt này đã xong")
		b.moved(b.post(h.first, "/counter/draw", "agency", h.id["X"], "queue", h.id["B"], "priority", ""))
		b.page(h.watcher, "/counter/today", "A001", "Xong", "X-261014-0001", "100")
		if got := b.page(h.watcher, "/counter/today?as=csv"); !strings.Contains(got.Body.String(), "B001") {
			t.Error("the day as a file")
		}
		b.moved(b.post(h.first, "/counter/leave"))
		b.refused(b.ask(h.watcher, "GET", "/counter", nil), 403, "")
	})
}

func TestPages_anAppointmentFromBookingToTheMachine(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		b := newBrowser(h)
		b.page(h.citizen, "/appointments", "Bạn chưa có lịch hẹn")
		b.page(h.citizen, "/appointments/new", "UBND phường Mẫu")
		b.page(h.citizen, "/appointments/new?agency="+h.id["X"], "Hộ tịch")
		body := b.page(h.citizen, "/appointments/new?queue="+h.id["A"], "Thứ Năm, 15/10/2026").Body.String()
		if strings.Contains(body, "Thứ Bảy") {
			t.Error("a day off can be booked")
		}
		path := "/appointments/new?queue=" + h.id["A"] + "&day=2026-10-15"
		body = b.page(h.citizen, path, "07:00", "16:45", "còn 1 chỗ").Body.String()
		start := optionOf(body, "07:00")
		b.refused(b.post(h.citizen, path, "start", start, "name", "", "phone", "12"), 422, "số điện thoại")
		b.moved(b.post(h.citizen, path, "start", start, "name", "Nguyễn Thị Hoa", "phone", "0905 123 456"))
		b.refused(b.post(h.b, path, "start", start, "name", "Bình", "phone", "0905 123 456"), 422, "hết chỗ")
		b.page(h.citizen, "/appointments", "07:00, Thứ Năm, 15/10/2026", "Đã đặt")
		list, err := h.Mine(h.citizen)
		h.must(err)
		// The officer sees it, books for a caller and gives that slot back.
		b.page(h.first, "/counter/appointments?day=15/10/2026", "Nguyễn Thị Hoa", list[0].Code)
		officer := "/counter/appointments/new?queue=" + h.id["A"] + "&day=2026-10-15"
		body = b.page(h.first, officer, "07:15").Body.String()
		start = optionOf(body, "07:15")
		b.moved(b.post(h.first, officer, "start", start, "name", "Trần Văn Bình", "phone", "0905123457"))
		body = b.page(h.first, "/counter/appointments?day=15/10/2026", "Trần Văn Bình").Body.String()
		second := between(body[strings.Index(body, "Trần Văn Bình"):], "/counter/appointments/", "/cancel")
		b.moved(b.post(h.first, "/counter/appointments/"+second+"/cancel", "version", "1", "agency", h.id["X"], "day", "2026-10-15"))
		if got := b.page(h.first, "/counter/appointments?day=15/10/2026&as=csv"); !strings.Contains(got.Body.String(), "Đã huỷ") {
			t.Error("the day as a file")
		}
		h.later(22 * time.Hour)
		slip := b.moved(b.post(context.Background(), "/hall/"+h.token+"/draw", "code", list[0].Code))
		b.page(context.Background(), slip, "A001")
		b.page(h.citizen, "/appointments", "Đã đến")
	})
}

func TestPages_settingsOfAHall(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		b := newBrowser(h)
		x := h.id["X"]
		b.page(h.admin, "/counter/settings", "Chọn")
		b.page(h.admin, "/counter/settings?agency="+x, "Hộ tịch", "Quầy 3", "15")
		b.page(h.admin, "/counter/settings/queues/new?agency="+x, "Chữ cái")
		b.refused(b.post(h.admin, "/counter/settings/queues/new?agency="+x, "letter", "A", "name", "Khác", "capacity", "0"), 422, "đã dùng cho hàng Hộ tịch")
		b.moved(b.post(h.admin, "/counter/settings/queues/new?agency="+x, "letter", "C", "name", "Chứng thực", "capacity", "2", "active", "yes"))
		b.page(h.admin, "/counter/settings/desks/"+h.id["1"]+"?agency="+x, "Chứng thực")
		b.moved(b.post(h.admin, "/counter/settings/desks/"+h.id["1"]+"?agency="+x, "version", "1", "queues", h.id["A"], "queues", h.id["B"], "active", "yes"))
		b.refused(b.post(h.admin, "/counter/settings/desks/new?agency="+x, "no", "3", "queues", h.id["A"]), 422, "đã có")
		b.refused(b.post(h.admin, "/counter/settings/hall", "agency", x, "version", "2", "target_min", "0", "priority_min", "20", "slot_min", "15", "no_show_min", "15", "no_show_limit", "2", "days_ahead", "14"), 422, "từ 1 đến 240")
		b.moved(b.post(h.admin, "/counter/settings/hall", "agency", x, "version", "2", "target_min", "10", "priority_min", "20", "slot_min", "15", "no_show_min", "15", "no_show_limit", "2", "days_ahead", "14"))
		got := b.post(h.admin, "/counter/settings/token", "agency", x)
		token := between(got.Body.String(), "/hall/", "\n")
		if got.Code != 200 || len(token) < 20 {
			t.Fatalf("%d %q", got.Code, token)
		}
		b.page(context.Background(), "/hall/"+token, "Chứng thực")
		b.refused(b.ask(context.Background(), "GET", "/hall/"+h.token, nil), 404, "")
		b.refused(b.ask(h.foreign, "GET", "/counter/settings?agency="+x, nil), 404, "")
	})
}
