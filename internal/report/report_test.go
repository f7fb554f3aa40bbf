package report

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/db/dbtest"
	"cchc/internal/errs"
	"cchc/internal/identity"
	"cchc/internal/identity/identitytest"
	"cchc/internal/indicator"
	"cchc/internal/ui"
)

var now = clock.At(time.Date(2026, 10, 14, 9, 0, 0, 0, clock.Vietnam))

// counted is a figure of a room that counts three records, and notes what it was asked.
func counted(asked *indicator.Scope, on *indicator.Period) indicator.Indicator {
	rows := []indicator.Record{{ID: "a", Code: "NV01", Title: "one", URL: "/plan/assignments/a"}, {ID: "b", Title: "two"}, {ID: "c", Title: "three"}}
	return indicator.Indicator{
		Code: "plan.overdue_open", Unit: "count", Kind: indicator.Stock, BetterIs: indicator.Lower,
		Read: func(_ *db.Tx, s indicator.Scope, p indicator.Period) (indicator.Reading, error) {
			*asked, *on = s, p
			return indicator.Number(int64(len(rows)), s.Now), nil
		},
		Open: func(_ *db.Tx, s indicator.Scope, _ indicator.Period, _ string, limit int) (indicator.Records, error) {
			return indicator.Records{Rows: rows[:min(limit, len(rows))], Total: indicator.Capped(int64(len(rows)))}, nil
		},
	}
}

type stage struct {
	*Service
	house *identitytest.House
	asked indicator.Scope
	on    indicator.Period
}

func newStage(t *testing.T, d *db.DB) *stage {
	t.Helper()
	st := &stage{house: identitytest.New(t, d, now, "report.view", "plan.view")}
	figures := indicator.NewRegistry()
	figures.Add(counted(&st.asked, &st.on))
	st.Service = &Service{
		DB: d, Clock: now, Figures: figures,
		CurrentPlan: func(_ context.Context, year int) (Plan, bool, error) {
			return Plan{ID: "p1", Title: "Plan", URL: "/plan/p1"}, year == 2026, nil
		},
		UrgeURL: func(_, id string) string { return "/plan/assignments/" + id + "/urge" },
	}
	return st
}

func TestFigure_opensAsManyRecordsAsItSaysCutToTheReadersReach(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		st := newStage(t, d)
		a := st.house.Person("lan", "", "", "plan.view")
		f, err := st.Figure(identity.With(context.Background(), a), Question{Code: "plan.overdue_open", Dims: map[string]string{"plan": "p1"}}, "", false)
		if err != nil {
			t.Fatal(err)
		}
		if f.Reading.Numerator != int64(len(f.Records.Rows)) || f.Reading.Numerator != 3 {
			t.Errorf("the figure says %d and opens %d", f.Reading.Numerator, len(f.Records.Rows))
		}
		if st.asked.Account != a.AccountID || st.asked.Right != "plan.view" || st.asked.Dim("plan") != "p1" {
			t.Errorf("the figure was read for %+v", st.asked)
		}
		if st.on.OnDay != "2026-10-14" || st.on.FromDay != "2026-01-01" {
			t.Errorf("without days it is the year so far, got %+v", st.on)
		}
	})
}

func TestFigure_isNotFoundWithoutTheRoomsRightOrUnderAnUnknownCode(t *testing.T) {
	t.Parallel()
	st := newStage(t, dbtest.NewSQLite(t))
	stranger := identity.With(context.Background(), st.house.Person("anh", "", "", "report.view"))
	if _, err := st.Figure(stranger, Question{Code: "plan.overdue_open"}, "", false); errs.KindOf(err) != errs.NotFound {
		t.Errorf("a reader without plan.view got %v", err)
	}
	reader := identity.With(context.Background(), st.house.Person("lan", "", "", "plan.view"))
	if _, err := st.Figure(reader, Question{Code: "plan.nothing"}, "", false); errs.KindOf(err) != errs.NotFound {
		t.Errorf("an unknown code got %v", err)
	}
	if _, err := st.Figure(reader, Question{Code: "plan.overdue_open", On: "2026-02-30"}, "", false); errs.CodeOf(err) != "report.day_invalid" {
		t.Errorf("a day that does not exist got %v", err)
	}
}

func TestCockpit_showsTheYearsPlanAndLeadsFromEachFigureToItsRecords(t *testing.T) {
	t.Parallel()
	st := newStage(t, dbtest.NewSQLite(t))
	a := st.house.Person("chairman", "", "", "report.view", "plan.view")
	rt := ui.NewRouter(ui.Config{Clock: now})
	rt.Use(func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			next.ServeHTTP(w, r.WithContext(identity.With(r.Context(), a)))
		})
	})
	Mount(rt, st.Service)
	page := func(path string) (int, string) {
		w := httptest.NewRecorder()
		rt.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
		return w.Code, w.Body.String()
	}
	code, body := page("/cockpit")
	for _, want := range []string{"/figures/plan.overdue_open?face=cockpit&amp;plan=p1", "/plan/assignments/a/urge", `href="/plan/p1"`} {
		if code != http.StatusOK || !strings.Contains(body, want) {
			t.Errorf("%d: the cockpit lacks %s", code, want)
		}
	}
	if code, body = page("/figures/plan.overdue_open?plan=p1"); code != http.StatusOK || !strings.Contains(body, `href="/plan/assignments/a"`) {
		t.Errorf("%d: the figure's page does not lead to its records", code)
	}
	if code, _ = page("/figures/plan.nothing"); code != http.StatusNotFound {
		t.Errorf("an unknown figure: %d", code)
	}
}
