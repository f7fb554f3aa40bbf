package plan

import (
	"testing"

	"cchc/internal/db"
	"cchc/internal/db/dbtest"
	"cchc/internal/indicator"
)

func TestMet_comparesAsDecimals(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		operator, aim, value string
		met                  bool
	}{{">=", "95", "95", true}, {">=", "95", "94.99", false}, {">=", "0.3", "0.30", true}, {"<=", "20", "20.01", false}, {"<=", "20", "0", true}, {"=", "100", "100.0", true}, {"=", "100", "99.99", false}} {
		if got, err := (Target{Operator: c.operator, Value: c.aim}).met(c.value); err != nil || got != c.met {
			t.Errorf("%s %s %s: %v %v", c.value, c.operator, c.aim, got, err)
		}
	}
	_, err := Target{Operator: ">=", Value: "95"}.met("rất tốt")
	wantCode(t, err, "plan.measure_value")
}

// aims gives the plan two targets and returns them.
func (h *house) aims() (byHand, live Target) {
	h.t.Helper()
	byHand = Target{ID: db.NewID(), Area: 2, Code: "CT01", Name: "Hài lòng", Operator: ">=", Value: "95", Unit: "%", Year: 2022}
	live = Target{ID: db.NewID(), Area: 1, Code: "CT02", Name: "Hoàn thành", Operator: ">=", Value: "20", Unit: "%", Year: 2022}
	h.write(func(tx *db.Tx) error {
		if err := addTarget(tx, h.plan.ID, byHand); err != nil {
			return err
		}
		return addTarget(tx, h.plan.ID, live)
	})
	byHand.Version, live.Version = 1, 1
	return byHand, live
}

func TestMeasure_byHandNeedsEvidenceAndLiveIsNotTypedOver(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d).issued()
		book := indicator.NewRegistry()
		book.Add(h.s.Indicators()...)
		h.s.MeasureBy(book)
		byHand, live := h.aims()
		h.set("2022-06-20")
		wantCode(t, h.s.MeasureTarget(as(h.secretary), byHand.ID, 1, Measure{Value: "", Day: "2022-07-01"}), "plan.measure_value")
		wantCode(t, h.s.MeasureTarget(as(h.secretary), byHand.ID, 1, Measure{Value: "96", Day: "2022-07-01", Document: "1/BC"}), "plan.measure_day")
		wantCode(t, h.s.MeasureTarget(as(h.secretary), byHand.ID, 1, Measure{Value: "96", Day: "2022-06-20"}), "plan.measure_evidence")
		wantCode(t, h.s.MeasureTarget(as(h.justice), byHand.ID, 1, Measure{Value: "96", Day: "2022-06-20", Document: "1/BC"}), "identity.right_missing")
		wantCode(t, h.s.MeasureTarget(as(h.secretary), "none", 1, Measure{}), "plan.target_unknown")
		for _, m := range []Measure{{Value: "90.5", Day: "2022-03-31", Document: "1/BC"}, {Value: "96", Day: "2022-06-20", Document: "2/BC"}} {
			if err := h.s.MeasureTarget(as(h.secretary), byHand.ID, 1, m); err != nil {
				t.Fatal(err)
			}
		}
		wantCode(t, h.s.LinkTarget(as(h.secretary), live.ID, 1, "plan.nothing"), "plan.measure_indicator")
		if err := h.s.LinkTarget(as(h.secretary), live.ID, 1, "plan.completion"); err != nil {
			t.Fatal(err)
		}
		wantCode(t, h.s.MeasureTarget(as(h.secretary), live.ID, 2, Measure{Value: "1", Day: "2022-06-20", Document: "1"}), "plan.measure_live")
		row := func(day string, i int) TargetRow {
			t.Helper()
			rows, err := h.s.TargetBoard(as(h.secretary), h.plan.ID, day)
			if err != nil {
				t.Fatal(err)
			}
			return rows[i]
		}
		if r := row("", 0); r.Last.Value != "0.00" || r.Met || r.Last.Source != Live { // area 1 first
			t.Errorf("%+v", r)
		}
		if r := row("", 1); r.Last.Value != "96" || !r.Met {
			t.Errorf("%+v", r)
		}
		if r := row("2022-04-30", 1); r.Last.Value != "90.5" || r.Met {
			t.Errorf("in April: %+v", r)
		}
		if r := row("2022-01-30", 1); r.measured() {
			t.Errorf("before anything was measured: %+v", r)
		}
		if n, err := h.s.MeasureLive(t.Context()); err != nil || n != 0 {
			t.Errorf("the same value was written again: %d %v", n, err)
		}
		h.handIn("NV02", "T")
		if n, err := h.s.MeasureLive(t.Context()); err != nil || n != 1 {
			t.Errorf("%d values written, want 1: %v", n, err)
		}
		var met indicator.Indicator
		for _, i := range h.s.Indicators() {
			if i.Code == "plan.targets_met" {
				met = i
			}
		}
		h.write(func(tx *db.Tx) error {
			for _, c := range []struct {
				scope indicator.Scope
				n, of int64
			}{{indicator.Scope{}, 1, 2}, {indicator.Scope{Dims: map[string]string{"area": "2"}}, 1, 1}, {indicator.Scope{AgencyID: h.id["T"]}, 0, 0}} {
				r, err := met.Read(tx, c.scope, indicator.Period{OnDay: "2022-06-20"})
				if err != nil {
					return err
				}
				open, err := met.Open(tx, c.scope, indicator.Period{OnDay: "2022-06-20"}, "", 5)
				if r.Numerator != c.n || r.Denominator != c.of || int64(len(open.Rows)) != c.n || open.Total.N != c.n {
					t.Errorf("%+v: %d of %d, opens %d", c.scope, r.Numerator, r.Denominator, len(open.Rows))
				}
				if err != nil {
					return err
				}
			}
			return nil
		})
	})
}

func TestSilent_countsOpenWorkWithoutAWordForThirtyDays(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d).issued() // on 20/12/2021
		h.set("2022-01-10")
		a := h.lead("NV02", "T")
		if _, err := h.s.Acknowledge(as(h.justice), a.ID, a.Version, ""); err != nil {
			t.Fatal(err)
		}
		var silent indicator.Indicator
		for _, i := range h.s.Indicators() {
			if i.Code == "plan.silent" {
				silent = i
			}
		}
		total := int64(len(h.every()))
		for day, want := range map[string]int64{"2022-01-18": 0, "2022-01-19": total - 1, "2022-02-08": total - 1, "2022-02-09": total} {
			h.write(func(tx *db.Tx) error {
				r, err := silent.Read(tx, indicator.Scope{}, indicator.Period{OnDay: day})
				if err != nil {
					return err
				}
				seen, after := int64(0), ""
				for {
					page, err := silent.Open(tx, indicator.Scope{}, indicator.Period{OnDay: day}, after, 2)
					if err != nil {
						return err
					}
					if seen += int64(len(page.Rows)); page.Next == "" {
						break
					}
					after = page.Next
				}
				if r.Numerator != want || seen != want {
					t.Errorf("on %s: %d, opens %d, want %d", day, r.Numerator, seen, want)
				}
				return nil
			})
		}
	})
}

// every lists the ids of the lead assignments of the plan.
func (h *house) every() (ids []string) {
	h.t.Helper()
	h.write(func(tx *db.Tx) (err error) {
		ids, err = db.All(tx, db.Value[string], `SELECT id FROM plan_assignment WHERE plan_id = $1 AND role = 'lead'`, h.plan.ID)
		return err
	})
	return ids
}

func TestTargetPages_showAimValueAndProof(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := openDoor(t, d)
		w.issued()
		w.set("2022-06-20")
		book := indicator.NewRegistry()
		book.Add(w.s.Indicators()...)
		w.s.MeasureBy(book)
		byHand, _ := w.aims()
		page := "/plan/targets/" + byHand.ID
		w.as(w.secretary)
		w.want(w.get(page), 200, "≥ 95 %", "Chưa có kết quả đo", "Nhập kết quả")
		w.want(w.post(page, "version", "1", "value", "nhiều", "day", "20/6/2022", "document", "1/BC"), 422, "Kết quả phải là một số")
		w.want(w.post(page, "version", "1", "value", "96,5", "day", "20/6/2022", "document", "1/BC"), 303)
		w.want(w.get(page), 200, "96,5 %", "1/BC")
		w.want(w.get("/plan/"+w.plan.ID+"/targets"), 200, "96,5 %", "Đạt")
		w.want(w.post(page+"/indicator", "version", "1", "indicator", "plan.completion"), 303)
		w.want(w.get(page), 200, "Tự động")
		w.as(w.justice)
		w.want(w.get(page), 200)
		w.want(w.post(page, "version", "2", "value", "1", "day", "20/6/2022", "document", "1"), 403)
		w.actor = w.as(w.secretary).actor
		w.want(w.get("/plan/targets/none"), 404)
	})
}
