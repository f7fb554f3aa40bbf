package quality

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"cchc/internal/api"
	"cchc/internal/db"
	"cchc/internal/db/dbtest"
	"cchc/internal/document"
	"cchc/internal/identity"
	"cchc/internal/ui"
)

func (v IndexView) line(code string) Value {
	for _, l := range v.Values {
		if l.Code == code {
			return l
		}
	}
	return Value{}
}

func TestIndex_readsFiguresByTheirCodesAndLeavesTheRestOpen(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		h.offer("dossier.index_in_time_rate", 9650, 10_000)
		h.offer("dossier.online_rate", 7200, 10_000)
		v, err := h.Index(h.viewer, h.id["X"], "2026-Q3")
		h.must(err)
		if v.line("2.1").Points != "19.30" || v.line("5.2").Standing != NoSource || v.line("3.3").Standing != NoSource || !v.Over {
			t.Errorf("2.1 %+v, 5.2 %s, 3.3 %s", v.line("2.1"), v.line("5.2").Standing, v.line("3.3").Standing)
		}
		if total := v.Sums[len(v.Sums)-1]; total.Points != "19.30" || total.Most != "20.00" || total.Whole != "98.00" {
			t.Errorf("total %+v", total)
		}
		h.offer("sync.synced_rate", 9800, 10_000)
		v, err = h.Index(h.viewer, h.id["X"], "2026-Q3")
		h.must(err)
		if v.line("1.4").Points != "5.88" || v.line("3.3").Rate != "70.56" || v.line("3.3").Standing != NoWeight {
			t.Errorf("1.4 %s, 3.3 %+v", v.line("1.4").Points, v.line("3.3"))
		}
		_, err = h.Index(h.viewer, h.id["X"], "2026-Q9")
		h.refused(err, "quality.period_unreadable")
		for _, who := range []context.Context{h.neighbour, h.nobody} {
			_, err = h.Index(who, h.id["X"], "2026-Q3")
			h.refused(err, "quality.agency_unknown")
		}
		_, err = h.Index(context.Background(), h.id["X"], "2026-Q3")
		h.refused(err, "identity.sign_in_first")
		_, err = h.Index(h.office, "none", "2026-Q3")
		h.refused(err, "quality.agency_unknown")
	})
}

func TestWeight_countsFromItsDayOnAndWantsASource(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		h.offer("dossier.index_in_time_rate", 1, 2)
		w := Weight{Code: "2.1", FromDay: "2026-09-30", Max: "18,50", Full: "80", Source: "Văn bản 1"}
		h.must(h.SetWeight(h.office, w))
		for period, want := range map[string]string{"2026-Q2": "10.00", "2026-Q3": "11.56"} {
			v, err := h.Index(h.office, h.id["U"], period)
			h.must(err)
			if got := v.line("2.1"); got.Points != want {
				t.Errorf("%s: %s of %s, want %s", period, got.Points, got.Max, want)
			}
		}
		h.refused(h.SetWeight(h.office, w), "quality.changed_meanwhile")
		w.Version, w.Max = 1, "0"
		h.must(h.SetWeight(h.office, w))
		h.refused(h.SetWeight(h.office, w), "quality.changed_meanwhile")
		h.refused(h.SetWeight(h.office, Weight{Code: "2.1", FromDay: "2027-01-01", Version: 3, Max: "1", Source: "x"}), "quality.changed_meanwhile")
		for code, bad := range map[string]Weight{"quality.line_unknown": {Code: "9"}, "quality.day_unreadable": {Code: "2.1", FromDay: "x", Max: "1", Source: "x"},
			"quality.max_range": {Code: "2.1", FromDay: "2026-01-01", Max: "1.234", Source: "x"}, "quality.full_range": {Code: "2.1", FromDay: "2026-01-01", Max: "1", Full: "0", Source: "x"},
			"quality.source_missing": {Code: "2.1", FromDay: "2026-01-01", Max: "1"}} {
			h.refused(h.SetWeight(h.office, bad), code)
		}
		h.refused(h.SetWeight(h.second, w), "identity.right_missing")
		_, err := h.Settings(h.second)
		h.refused(err, "identity.right_missing")
		set, err := h.Settings(h.office)
		h.must(err)
		if len(set.History) != 1 || set.Seventh == "" || h.entries("quality.weight") != 2 {
			t.Errorf("history %+v, %d entries", set.History, h.entries("quality.weight"))
		}
	})
}

func TestOfficial_standsBesideOursWithItsEvidence(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		h.must(h.SetOfficial(h.office, h.id["X"], "2026-Q3", "2.1;19,25\n1.1;5", "Ảnh chụp ngày 05/10/2026"))
		h.must(h.SetOfficial(h.second, h.id["X"], "2026-Q3", "2.1;19,30", "Công văn 12"))
		v, err := h.Index(h.viewer, h.id["X"], "2026-Q3")
		h.must(err)
		if v.Official["2.1"] != (Official{"2.1", 1930, "Công văn 12"}) || v.Official["1.1"].Points != 500 || h.entries("quality.official") != 2 {
			t.Errorf("%+v", v.Official)
		}
		h.refused(h.SetOfficial(h.office, h.id["X"], "2026-Q3", "2.1;1", " "), "quality.official_evidence")
		h.refused(h.SetOfficial(h.unit, h.id["X"], "2026-Q3", "2.1;1", "x"), "identity.right_missing")
		h.refused(h.SetOfficial(h.neighbour, h.id["X"], "2026-Q3", "2.1;1", "x"), "quality.agency_unknown")
	})
}

func TestFreeze_keepsTheTableOnceThePeriodHasEnded(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		h.offer("dossier.index_in_time_rate", 1, 2)
		h.refused(h.Freeze(h.office, h.id["X"], "2026-Q4"), "quality.period_open")
		h.refused(h.Freeze(h.unit, h.id["X"], "2026-Q3"), "identity.right_missing")
		h.refused(h.Freeze(h.neighbour, h.id["X"], "2026-Q3"), "quality.agency_unknown")
		h.must(h.Freeze(h.office, h.id["X"], "2026-Q3"))
		h.refused(h.Freeze(h.office, h.id["X"], "2026-Q3"), "quality.frozen_already")
		h.offer("dossier.index_in_time_rate", 1, 1)
		v, err := h.Index(h.viewer, h.id["X"], "2026-Q3")
		h.must(err)
		if v.Frozen == nil || len(v.Frozen.Changed) != 1 || v.Frozen.Changed[0] != "2.1" || v.line("2.1").Points != "20.00" {
			t.Fatalf("frozen %+v", v.Frozen)
		}
		sums := v.Frozen.Table.Sums
		if sums[len(sums)-1].Points != "10.00" {
			t.Errorf("kept total %+v", sums[len(sums)-1])
		}
		h.must(d.Write(context.Background(), func(tx *db.Tx) error {
			_, err := tx.Exec(`UPDATE quality_frozen SET body = REPLACE(body, '10.00', '20.00')`)
			return err
		}))
		_, err = h.Index(h.viewer, h.id["X"], "2026-Q3")
		h.refused(err, "quality.frozen_changed")
	})
}

// all gives every item of a sheet the same mark.
func all(v SheetView, n int64, words string) (list []Mark) {
	for _, m := range v.Marks {
		list = append(list, Mark{Item: m.Item, Self: n, Verified: n, Evidence: words, Reason: words})
	}
	return list
}

func (h *house) open(who context.Context, id string) SheetView {
	h.t.Helper()
	v, err := h.Sheet(who, id)
	h.must(err)
	return v
}

func TestSheet_isScoredByTheUnitAndVerifiedBySomebodyElse(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		h.offer("dossier.form_early", 9, 0)
		h.offer("dossier.form_on_time", 0, 0)
		h.offer("dossier.form_late", 1, 0)
		id, err := h.Begin(h.unit, h.id["X"], "2026-Q3", "")
		h.must(err)
		again, err := h.Begin(h.office, h.id["X"], "2026-Q3", "")
		h.must(err)
		v := h.open(h.unit, id)
		if again != id || len(v.Marks) != Items || v.Marks[0].Computed != 18 || v.Marks[0].Self != 18 || v.Marks[1].Self != None || !v.Can["score"] || v.Can["verify"] {
			t.Fatalf("begun %+v", v)
		}
		h.refused(h.Submit(h.unit, id, 1), "quality.mark_missing")
		h.refused(h.Score(h.unit, id, 1, all(v, 10, "")), "quality.evidence_missing")
		h.refused(h.Score(h.unit, id, 1, all(v, 21, "x")), "quality.mark_range")
		h.refused(h.Score(h.viewer, id, 1, all(v, 10, "x")), "identity.right_missing")
		h.refused(h.Score(h.neighbour, id, 1, all(v, 10, "x")), "quality.sheet_unknown")
		h.refused(h.Verify(h.office, id, 1, all(v, 10, "x")), "quality.wrong_state")
		h.refused(h.Return(h.office, id, 1, "x"), "quality.wrong_state")
		h.must(h.Score(h.office, id, 1, all(v, 20, "Biên bản 1")))
		if v = h.open(h.unit, id); v.Marks[0].Self != 18 || v.Self != 178 {
			t.Errorf("a computed item was overwritten: %+v", v.Marks[0])
		}
		h.refused(h.Score(h.office, id, 1, all(v, 20, "x")), "quality.changed_meanwhile")
		h.must(h.Submit(h.office, id, 2))
		h.refused(h.Submit(h.office, id, 3), "quality.wrong_state")
		h.refused(h.Score(h.office, id, 3, all(v, 20, "x")), "quality.not_open")
		h.refused(h.Verify(h.office, id, 3, all(v, 18, "x")), "quality.own_sheet")
		h.refused(h.Verify(h.unit, id, 3, all(v, 18, "x")), "identity.right_missing")
		h.refused(h.Verify(h.second, id, 3, all(v, 15, "")), "quality.reason_missing")
		h.refused(h.Verify(h.second, id, 3, nil), "quality.mark_range")
		h.refused(h.Return(h.second, id, 3, " "), "quality.return_reason")
		h.must(h.Return(h.second, id, 3, "Thiếu căn cứ"))
		h.must(h.Submit(h.unit, id, 4))
		if v = h.open(h.second, id); !v.Can["verify"] || h.open(h.unit, id).Can["verify"] {
			t.Error("who may verify")
		}
		var marks []Mark
		for i, n := range []int64{18, 16, 16, 16, 16, 17, 17, 17, 17} { // exactly 15.0
			marks = append(marks, Mark{Item: i + 1, Verified: n, Reason: "Đối chiếu hồ sơ"})
		}
		h.must(h.Verify(h.second, id, 5, marks))
		v = h.open(h.viewer, id)
		if v.State != Verified || v.Total != 150 || v.Class != "excellent" || v.VerifiedBy == v.ScoredBy {
			t.Errorf("verified %+v", v)
		}
		h.refused(h.Verify(h.second, id, 6, marks), "quality.wrong_state")
		h.refused(h.Return(h.second, id, 6, "x"), "quality.wrong_state")
	})
}

func TestSheets_listWhatIsWithinReachAndOfficersHaveFiveItems(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		for _, c := range []struct {
			who             context.Context
			agency, officer string
		}{{h.unit, "X", ""}, {h.unit, "X", "Trần Thị Bình"}, {h.neighbour, "Y", ""}} {
			_, err := h.Begin(c.who, h.id[c.agency], "2026-Q3", c.officer)
			h.must(err)
		}
		for who, want := range map[context.Context]int{h.office: 3, h.viewer: 2, h.neighbour: 1, h.nobody: 0} {
			list, err := h.Sheets(who, "2026-Q3")
			h.must(err)
			if len(list) != want {
				t.Errorf("%d sheets, want %d", len(list), want)
			}
			for _, r := range list {
				if v := h.open(h.office, r.ID); r.Officer != "" && (len(v.Marks) != 5 || v.Marks[4].Item != 7 || r.Missing != 5) {
					t.Errorf("officer %+v missing %d", v.Marks, r.Missing)
				}
			}
		}
		if h.entries("quality.sheet") != 3 {
			t.Error("entries", h.entries("quality.sheet"))
		}
		_, err := h.Begin(h.unit, h.id["X"], "2026-09", "")
		h.refused(err, "quality.quarter_only")
		_, err = h.Begin(h.viewer, h.id["X"], "2026-Q3", "")
		h.refused(err, "identity.right_missing")
		_, err = h.Begin(h.unit, h.id["Y"], "2026-Q3", "")
		h.refused(err, "quality.agency_unknown")
		_, err = h.Sheets(h.unit, "x")
		h.refused(err, "quality.period_unreadable")
	})
}

func TestForm_addsUpAndIsCutToTheReach(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		form, err := h.Form(h.viewer, h.id["X"], "2026-Q3")
		h.must(err)
		if form.Received != 15 || form.Solved != 10 || form.InProcess != 5 || form.Online != 9 || form.Offline != 3 || form.Carried != 3 || form.Received != form.Solved+form.InProcess {
			t.Errorf("%+v", form)
		}
		_, err = h.Form(h.neighbour, h.id["X"], "2026-Q3")
		h.refused(err, "quality.agency_unknown")
		var out bytes.Buffer
		h.must(form.docx(h.viewer, &out))
		word, err := document.ReadWord(bytes.NewReader(out.Bytes()), int64(out.Len()), document.Limits{})
		h.must(err)
		for _, want := range []string{"SỞ XÂY DỰNG", "II.06", "15", "từ ngày 01/07/2026 đến ngày 30/09/2026"} {
			if !strings.Contains(fmt.Sprint(word), want) {
				t.Errorf("the document lacks %q", want)
			}
		}
	})
}

func TestRanking_ordersFrozenTotalsWithinReach(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		for agency, n := range map[string]int64{"X": 7, "Y": 9, "U": 8} {
			h.offer("dossier.index_in_time_rate", n, 10)
			h.must(h.Freeze(h.office, h.id[agency], "2026-Q3"))
		}
		list, err := h.Ranking(h.office, "2026-Q3")
		h.must(err)
		if len(list) != 3 || list[0] != (FrozenTotal{h.id["Y"], "Sở Y tế", "18.00", "20.00"}) || list[2].Agency != h.id["X"] {
			t.Errorf("%+v", list)
		}
		h.ask(h.desk(h.office), "GET", "/quality?period=2026-Q3", 200, nil, "Xếp hạng theo số đã chốt", "90")
		for who, want := range map[context.Context]int{h.neighbour: 1, h.nobody: 0} {
			if list, err = h.Ranking(who, "2026-Q3"); err != nil || len(list) != want {
				t.Errorf("%+v %v, want %d", list, err, want)
			}
		}
		_, err = h.Ranking(h.office, "x")
		h.refused(err, "quality.period_unreadable")
	})
}

func TestSeed_leavesTwoVerifiedSheetsAndOneThatWaits(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		unit := func(code string) (context.Context, string, error) {
			return h.office, h.id[map[string]string{"GL.X001": "X", "GL.X033": "Y", "GL.D07": "U"}[code]], nil
		}
		for range 2 { // a second run changes nothing
			h.must(Seed(h.Service, h.second, unit))
		}
		list, err := h.Sheets(h.office, "2026-Q3")
		h.must(err)
		if len(list) != 3 || list[0].Verified != 150 || list[1].Verified != 149 || list[2].State != Submitted {
			t.Errorf("%+v", list)
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

func TestPages_leadFromTheIndexToAVerifiedSheet(t *testing.T) {
	t.Parallel()
	h := newHouse(t, dbtest.NewSQLite(t))
	h.offer("dossier.index_in_time_rate", 9, 10)
	office, unit, second := h.desk(h.office), h.desk(h.unit), h.desk(h.second)
	x := url.Values{"agency": {h.id["X"]}, "period": {"2026-Q3"}}
	at := func(path string) string { return path + "?" + x.Encode() }
	with := func(more ...string) url.Values {
		out := url.Values{"agency": x["agency"], "period": x["period"]}
		for i := 0; i < len(more); i += 2 {
			out.Set(more[i], more[i+1])
		}
		return out
	}
	h.ask(office, "GET", "/quality", 200, nil, "UBND tỉnh Mẫu", "Quý 3 năm 2026")
	h.ask(office, "GET", at("/quality"), 200, nil, "Sở Xây dựng", "9/10", "18,00", "Chưa có số liệu", "chưa kiểm chứng", "/figures/dossier.index_in_time_rate?agency=", "/quality/freeze?")
	h.ask(unit, "GET", at("/quality"), 200, nil, "Sở Xây dựng")
	h.ask(h.desk(h.neighbour), "GET", at("/quality"), 404, nil)
	h.ask(h.desk(h.nobody), "GET", "/quality", 403, nil)
	h.ask(office, "GET", at("/quality")+"&as=csv", 200, nil, "2.1")
	h.ask(office, "GET", at("/quality/official"), 200, nil)
	h.ask(office, "POST", "/quality/official", 422, with("lines", "x"), "Dòng 1")
	h.ask(office, "POST", "/quality/official", 303, with("lines", "2.1;17", "evidence", "Ảnh chụp"))
	h.ask(office, "GET", at("/quality"), 200, nil, "17,00", "Cổng ghi nhận ít hơn")
	h.ask(office, "GET", at("/quality/freeze"), 200, nil, "không hủy được")
	h.ask(office, "POST", "/quality/freeze", 303, with())
	h.offer("dossier.index_in_time_rate", 8, 10)
	h.ask(office, "GET", at("/quality"), 200, nil, "Số liệu đã chốt", "Chỉ số nay khác lúc chốt")
	h.ask(office, "GET", at("/quality/form"), 200, nil, "15", "Từ kỳ trước chuyển qua", "/figures/dossier.form_late?")
	h.ask(office, "GET", "/quality/form?agency="+h.id["Y"], 200, nil, "Kỳ này chưa có hồ sơ")
	h.ask(office, "GET", at("/quality/form/docx"), 200, nil)
	h.ask(office, "GET", at("/quality/form")+"&as=xlsx", 200, nil)
	h.ask(office, "GET", "/quality/settings", 200, nil, "Trọng số thứ bảy", "Kèm phần mềm")
	h.ask(office, "GET", "/quality/settings/2.1", 200, nil)
	h.ask(office, "GET", "/quality/settings/none", 404, nil)
	h.ask(office, "POST", "/quality/settings/2.1", 422, url.Values{"from": {"01/01/2027"}, "max": {"200"}, "source": {"x"}, "version": {"0"}})
	h.ask(office, "POST", "/quality/settings/2.1", 303, url.Values{"from": {"01/01/2027"}, "max": {"18"}, "source": {"Văn bản"}, "version": {"0"}})
	h.ask(unit, "GET", "/quality/units?period=2026-Q3", 200, nil, "Quý này chưa có phiếu chấm điểm", "Mở phiếu")
	h.ask(unit, "POST", "/quality/units", 422, url.Values{"agency": x["agency"], "period": {"2026"}})
	path := h.ask(unit, "POST", "/quality/units", 303, with())
	h.ask(unit, "GET", path, 200, nil, "Chấm có căn cứ", "Gửi thẩm định")
	h.ask(unit, "POST", path+"/score", 422, url.Values{"version": {"1"}, "self1": {"1,55"}}, "từ 0 đến 2")
	marks, verified := url.Values{"version": {"1"}}, url.Values{"version": {"3"}}
	for i := 1; i <= Items; i++ {
		marks.Set(field("self", i), "1,7")
		marks.Set(field("evidence", i), "Biên bản")
		verified.Set(field("verified", i), "1,6")
		verified.Set(field("reason", i), "Đối chiếu")
	}
	h.ask(unit, "POST", path+"/score", 303, marks)
	h.ask(unit, "POST", path+"/submit", 303, url.Values{"version": {"2"}})
	h.ask(unit, "GET", path, 200, nil, "Chờ thẩm định")
	h.ask(second, "GET", path, 200, nil, "Xác nhận kết quả thẩm định")
	h.ask(second, "POST", path+"/return", 422, url.Values{"version": {"3"}})
	h.ask(second, "POST", path+"/verify", 303, verified)
	h.ask(unit, "GET", path, 200, nil, "14,4", "Tốt")
	h.ask(unit, "GET", "/quality/units?period=2026-Q3", 200, nil, "14,4", "Tốt", "15,3")
	h.ask(unit, "GET", "/quality/units?period=2026-Q3&as=csv", 200, nil, "Sở Xây dựng")
	h.ask(unit, "GET", path+"?as=csv", 200, nil, "Biên bản")
}

func TestAPI_givesTheIndexAndTheFormByCode(t *testing.T) {
	t.Parallel()
	h := newHouse(t, dbtest.NewSQLite(t))
	h.offer("dossier.index_in_time_rate", 9, 10)
	h.must(h.SetOfficial(h.office, h.id["X"], "2026-Q3", "2.1;17", "Ảnh chụp"))
	rt := h.desk(h.viewer)
	programs := api.New(rt, h.d, h.clock, api.Config{Version: "test"})
	Operations(programs, h.Service)
	programs.Ready()
	h.ask(rt, "GET", "/api/v1/quality/index?agency=X&period=2026-Q3", 200, nil, `"points":"18.00"`, `"official":"17.00"`, `"why":"ours_more"`, `"standing":"no_source"`, `"whole":"98.00"`)
	h.ask(rt, "GET", "/api/v1/quality/form?agency=X&period=2026-Q3", 200, nil, `"received":15`, `"solved":10`, `"in_process":5`)
	for _, path := range []string{"index", "form"} {
		h.ask(rt, "GET", "/api/v1/quality/"+path+"?agency=Y&period=2026-Q3", 404, nil, "quality.agency_unknown")
		h.ask(rt, "GET", "/api/v1/quality/"+path+"?agency=none&period=2026-Q3", 404, nil, "quality.agency_unknown")
		h.ask(rt, "GET", "/api/v1/quality/"+path+"?agency=X&period=2026-Q9", 422, nil, "quality.period_unreadable")
	}
}
