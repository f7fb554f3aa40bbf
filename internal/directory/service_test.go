package directory

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"cchc/internal/api"
	"cchc/internal/audit"
	"cchc/internal/calendar"
	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/org"
	"cchc/internal/ui"
)

// tasks is a room whose work belongs to agencies.
type tasks struct {
	owner map[string]string // agency by task
	moved []string
}

func (w *tasks) Open(_ *db.Tx, agencyID string) (out []org.OpenWork, err error) {
	for id, owner := range w.owner {
		if owner == agencyID {
			out = append(out, org.OpenWork{ID: id, Code: "NV" + id, Title: "Nhiệm vụ " + id, DueDay: "2026-10-01"})
		}
	}
	slices.SortFunc(out, func(a, b org.OpenWork) int { return strings.Compare(a.ID, b.ID) })
	return out, nil
}

func (w *tasks) HandOver(_ *db.Tx, _ audit.Who, _, to string, ids []string, _ string) error {
	for _, id := range ids {
		w.owner[id] = to
	}
	w.moved = append(w.moved, ids...)
	return nil
}

// order is the last step's form for a change from some agencies to others.
func (b *bench) order(change string, from, to []string, more ...string) []string {
	f := []string{"step", "minutes", "change", change, "day", "01/10/2026", "number", "01/BB-BG", "giver_signer", "Lê Văn Giao", "taker_signer", "Phạm Thị Nhận", "legal_basis", "Nghị quyết 12"}
	for _, code := range from {
		f = append(f, "from", b.ids[code])
	}
	for _, code := range to {
		f = append(f, "to", b.ids[code])
	}
	return append(f, more...)
}

func TestReorganise_asksStepByStep(t *testing.T) {
	each(t, func(b *bench) {
		b.want(b.get("/agencies/reorganise?step=from"), 422, "Chưa chọn hình thức", "Chưa nhập ngày")
		b.want(b.get("/agencies/reorganise?step=from&change=merge&day=01/10/2026&q=tai+chinh"), 200, "Sở Tài chính")
		b.want(b.get("/agencies/reorganise?step=to&change=merge&day=01/10/2026"), 422, "Chưa chọn cơ quan kết thúc")
		b.want(b.get("/agencies/reorganise?step=minutes&change=split&day=01/10/2026&from="+b.ids["T.B"]+"&to="+b.ids["T.A"]), 422, "Số cơ quan kế tục")
		b.want(b.get("/agencies/reorganise?step=minutes&change=merge&day=01/10/2026&from="+b.ids["T.B"]+"&to="+b.ids["T.A"]), 200, "Người ký bên giao")
		b.want(b.get("/agencies/reorganise?step=minutes&change=merge&day=01/10/2026&from=no-such&to="+b.ids["T.A"]), 404)
		b.want(b.post("/agencies/reorganise/preview", "change", "merge", "day", "01/10/2026", "from", b.ids["T.B"], "to", b.ids["T.A"]), 422, "Biên bản bàn giao cần số")
		b.want(b.post("/agencies/reorganise/preview", b.order("merge", []string{"T.A"}, []string{"T.B"})...), 409, "cơ quan trực thuộc đang hoạt động") // T.A1 stands below
	})
}

func TestReorganise_handsOverWorkWithMinutes(t *testing.T) {
	each(t, func(b *bench) {
		w := &tasks{owner: map[string]string{"1": b.ids["T.B"], "2": b.ids["T.B"], "3": b.ids["T.A"]}}
		b.s.Agencies.Register("plan_assignment", w)
		b.s.Work = map[string]org.Handover{"plan_assignment": w}
		b.want(b.get("/agencies/"+b.ids["T.B"]), 200, "2 đang mở, 2 quá hạn")
		form := b.order("merge", []string{"T.B"}, []string{"T.A"})
		b.want(b.post("/agencies/reorganise/preview", form...), 200, "Nhiệm vụ 1", "Nhiệm vụ 2", "Xác nhận sắp xếp")
		if len(w.moved) > 0 {
			t.Fatal("the preview moved work")
		}
		done := b.post("/agencies/reorganise", form...)
		b.want(done, 303)
		to := done.Header().Get("Location")
		b.want(b.get(to), 200, "01/BB-BG", "Đã bàn giao xong", "NV1", "Sở Tài chính")
		b.want(b.get("/handovers"), 200, "01/BB-BG")
		b.want(b.get("/agencies/"+b.ids["T.B"]), 200, "Đã kết thúc", "Cơ quan kế tục", "Sở Nội vụ")
		b.want(b.get("/agencies/"+b.ids["T.A"]), 200, "Cơ quan tiền thân", "3 đang mở")
		file := b.get(to + "/docx")
		b.want(file, 200)
		if got := file.Header().Get("Content-Disposition"); got != `attachment; filename="bien-ban-01-bb-bg.docx"` {
			t.Errorf("disposition %q", got)
		}
		text := documentText(t, file.Body.Bytes())
		for _, word := range []string{"BIÊN BẢN", "01/BB-BG", "NV1", "Nhiệm vụ 2", "Lê Văn Giao", "Nghị quyết 12"} {
			if !strings.Contains(text, word) {
				t.Errorf("the document does not say %q", word)
			}
		}
		b.want(b.post(to+"/continue"), 303)
		b.want(b.post("/agencies/reorganise", form...), 422) // T.B has ended
	})
}

func TestReorganise_asksWhoTakesWorkThatSeveralCould(t *testing.T) {
	each(t, func(b *bench) {
		b.add("T.C", "Sở Mới", org.Department, "T")
		w := &tasks{owner: map[string]string{"1": b.ids["T.B"]}}
		b.s.Agencies.Register("plan_assignment", w)
		form := b.order("split", []string{"T.B"}, []string{"T.A", "T.C"})
		b.want(b.post("/agencies/reorganise/preview", form...), 200, "Việc cần chọn cơ quan tiếp nhận", "choose_plan_assignment:1")
		b.want(b.post("/agencies/reorganise", form...), 422, "Còn 1 công việc chưa rõ", "choose_plan_assignment:1")
		b.want(b.post("/agencies/reorganise", append(form, "choice", "plan_assignment:1", "choose_plan_assignment:1", b.ids["T.C"])...), 303)
		if w.owner["1"] != b.ids["T.C"] {
			t.Error("the work went elsewhere")
		}
	})
}

func TestReorganise_isRefusedBeyondTheRight(t *testing.T) {
	each(t, func(b *bench) {
		b.actor = b.house.Person("local", b.ids["T.B"], b.ids["T.B"], Rights...)
		form := b.order("merge", []string{"T.B"}, []string{"T.A"})
		b.want(b.post("/agencies/reorganise/preview", form...), 403)
		b.want(b.post("/agencies/reorganise", form...), 403)
		b.actor = b.reader
		b.want(b.post("/agencies/reorganise", form...), 403)
	})
}

func documentText(t *testing.T, raw []byte) string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	f, err := z.Open("word/document.xml")
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// running is one clock that runs over 20/11/2026.
type running struct{ agency string }

func (r running) Running(_ *db.Tx, since time.Time, after string, _ int) ([]calendar.Running, error) {
	due := time.Date(2026, 11, 23, 9, 0, 0, 0, clock.Vietnam)
	if after != "" || due.Before(since) {
		return nil, nil
	}
	start := time.Date(2026, 11, 19, 9, 0, 0, 0, clock.Vietnam)
	return []calendar.Running{{Key: "k", Subject: "dossier:1", Code: "HS-01", AgencyID: r.agency, Start: start, Amount: 2, Unit: calendar.WorkingDay, Promised: due}}, nil
}

func TestCalendar_showsWhatAnEditMovesBeforeItIsWritten(t *testing.T) {
	each(t, func(b *bench) {
		b.s.Calendar.Register("dossier", running{b.ids["T.A"]})
		form := []string{"day", "20/11/2026", "kind", "day_off", "name", "Nghỉ thử", "basis", "TB 1"}
		b.want(b.post("/calendar/day", form...), 200, "HS-01", "Hệ thống không tự đổi hạn đã hẹn", "24/11/2026")
		w := b.get("/calendar")
		if strings.Contains(w.Body.String(), "Nghỉ thử") {
			t.Fatal("the preview wrote the day")
		}
		b.want(b.post("/calendar/day", append(form, "sure", "yes")...), 303)
		b.want(b.get("/calendar"), 200, "Nghỉ thử", "20/11/2026", "TB 1")
		b.want(b.post("/calendar/day", append(form, "sure", "yes")...), 409, "đã có trong lịch")
		d := b.day("2026-11-20")
		edit := []string{"id", d.ID, "version", v(d.Version), "day", "20/11/2026", "kind", "to_confirm", "name", "Chờ", "sure", "yes"}
		b.want(b.get("/calendar/day?id="+d.ID), 200, "Nghỉ thử", "Bỏ khỏi lịch")
		b.want(b.post("/calendar/day", edit...), 303)
		b.want(b.post("/calendar/day", edit...), 409, "Người khác vừa sửa lịch này")
		b.want(b.post("/calendar/day/remove", "id", d.ID, "version", v(d.Version+1)), 200, "Bỏ một ngày khỏi lịch")
		b.want(b.post("/calendar/day/remove", "id", d.ID, "version", v(d.Version+1), "sure", "yes"), 303)
		b.want(b.post("/calendar/day/remove", "id", d.ID, "version", v(d.Version+1), "sure", "yes"), 404)
	})
}

func (b *bench) day(day string) (d calendar.Day) {
	b.t.Helper()
	b.read(func(tx *db.Tx) error {
		all, err := calendar.Year(tx, 2026)
		for _, x := range all {
			if x.Day == day {
				d = x
			}
		}
		return err
	})
	return d
}

func TestCalendar_refusesABadFormWithItsSentence(t *testing.T) {
	each(t, func(b *bench) {
		b.want(b.post("/calendar/day", "day", "31/02/2026", "kind", "day_off", "name", "X"), 422, "31/02/2026")
		b.want(b.post("/calendar/day", "day", "20/11/2026", "kind", "party", "name", ""), 422, "Loại ngày", "Chưa có tên")
		b.want(b.post("/calendar/swap", "off", "20/11/2026"), 422, "Chưa nhập ngày")
		b.want(b.post("/calendar/swap", "off", "20/11/2026", "make_up", "20/11/2026"), 422, "trùng nhau")
		b.want(b.post("/calendar/suggest", "year", "2027"), 422, "Chưa chọn ngày nào")
		b.want(b.post("/calendar/confirm", "year", "2027", "document", ""), 422, "Chưa có văn bản")
		b.want(b.post("/calendar/hours/entry", "name", "Hè", "weekdays", "1", "sessions", "17:00-07:00"), 422, "kết thúc trước khi bắt đầu")
		b.want(b.get("/calendar?year=abcd"), 422, "không phải là năm")
	})
}

func TestCalendar_swapsSuggestsConfirmsAndKeepsHours(t *testing.T) {
	each(t, func(b *bench) {
		swap := []string{"off", "20/11/2026", "make_up", "21/11/2026", "basis", "QĐ 9"}
		b.want(b.post("/calendar/swap", swap...), 200, "Nghỉ hoán đổi, làm bù 21/11/2026")
		b.want(b.post("/calendar/swap", append(swap, "sure", "yes")...), 303)
		b.want(b.get("/calendar"), 200, "làm bù 21/11/2026", "bù cho 20/11/2026")

		all, err := b.s.Suggestions(context.Background(), 2027)
		if err != nil || len(all) == 0 {
			t.Fatalf("%d suggestions, %v", len(all), err)
		}
		form := []string{"year", "2027", "basis", "TB 2027"}
		for _, d := range all {
			if d.Kind == calendar.LunarHint {
				form = append(form, "days", d.Day)
			}
		}
		b.want(b.post("/calendar/suggest", form...), 200, "Chưa có gì được ghi")
		b.want(b.post("/calendar/suggest", append(form, "sure", "yes")...), 303)
		b.want(b.get("/calendar?year=2027"), 200, "TB 2027", "Chưa chốt")
		b.want(b.post("/calendar/confirm", "year", "2027", "document", "TB 2027"), 303)
		b.want(b.get("/calendar?year=2027"), 200, "Đã chốt")

		b.want(b.post("/calendar/hours/entry", "name", "Giờ hè", "agency", b.ids["T.A"], "weekdays", "1", "weekdays", "2", "sessions", "06:30-11:30", "season_from", "04-16", "season_to", "10-15", "sure", "yes"), 303)
		b.want(b.get("/calendar/hours"), 200, "Giờ hè", "Thứ Hai, Thứ Ba", "mùa 16/04 đến 15/10", "Sở Nội vụ")
	})
}

func TestAPI_tellsAnybodyTheDirectoryAndTheCalendar(t *testing.T) {
	each(t, func(b *bench) {
		rt := ui.NewRouter(ui.Config{Clock: b.s.Clock})
		a := api.New(rt, b.s.DB, b.s.Clock, api.Config{Version: "test"})
		Operations(a, b.s)
		a.Ready()
		ask := func(target string, status int, into any) {
			t.Helper()
			w := httptest.NewRecorder()
			rt.ServeHTTP(w, httptest.NewRequest("GET", target, nil))
			if w.Code != status {
				b.t.Fatalf("%s: %d %s", target, w.Code, w.Body)
			}
			if into != nil {
				if err := json.Unmarshal(w.Body.Bytes(), into); err != nil {
					b.t.Fatal(err)
				}
			}
		}
		var list struct {
			Items []struct{ Code, Name string }
			Next  string
		}
		ask("/api/v1/agencies?limit=3", 200, &list)
		if len(list.Items) != 3 || list.Next == "" {
			b.t.Fatalf("%+v", list)
		}
		ask("/api/v1/agencies?limit=3&after="+list.Next, 200, &list)
		if len(list.Items) != 1 || list.Items[0].Code != "T.A1" {
			b.t.Fatalf("second page %+v", list)
		}
		ask("/api/v1/agencies?on=2019-01-01", 200, &list)
		if len(list.Items) != 0 {
			b.t.Fatalf("%d before the first day", len(list.Items))
		}
		ask("/api/v1/agencies?on=yesterday", 422, nil)
		var one struct{ Code, Name string }
		ask("/api/v1/agencies/T.A", 200, &one)
		if one.Name != "Sở Nội vụ" {
			b.t.Fatalf("%+v", one)
		}
		ask("/api/v1/agencies/NO.SUCH", 404, nil)
		var year struct {
			Year    int
			Working []int
		}
		ask("/api/v1/calendar/days?year=2026", 200, &year)
		if year.Year != 2026 || len(year.Working) != 12 {
			b.t.Fatalf("%+v", year)
		}
		ask("/api/v1/calendar/days?year="+strconv.Itoa(99), 422, nil)
	})
}
