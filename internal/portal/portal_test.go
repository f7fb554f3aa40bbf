package portal

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"cchc/internal/api"
	"cchc/internal/audit"
	"cchc/internal/calendar"
	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/db/dbtest"
	"cchc/internal/errs"
	"cchc/internal/org"
	"cchc/internal/ui"
)

var now = clock.At(time.Date(2026, 10, 14, 9, 0, 0, 0, clock.Vietnam))

// server is the room behind its router, on the shipped calendar.
func server(t *testing.T, d *db.DB) http.Handler {
	t.Helper()
	keys, err := audit.NewKeys()
	if err != nil {
		t.Fatal(err)
	}
	log := audit.New(keys, now)
	err = d.Write(context.Background(), func(tx *db.Tx) error {
		if _, err := org.NewDirectory(log, now).ImportShipped(tx, audit.System("test")); err != nil {
			return err
		}
		return calendar.NewBook(log, now).ApplyShipped(tx, audit.System("test"), "test")
	})
	if err != nil {
		t.Fatal(err)
	}
	rt := ui.NewRouter(ui.Config{Clock: now})
	s := &Service{DB: d, Clock: now}
	Mount(rt, s)
	programs := api.New(rt, d, now, api.Config{})
	Operations(programs, s)
	programs.Ready()
	return rt
}

func get(t *testing.T, h http.Handler, path string) *httptest.ResponseRecorder {
	t.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
	return w
}

func TestDue_countsTheWorkedExamplesForPrograms(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := server(t, d)
		for _, c := range []struct{ query, want string }{
			{"start=2026-08-28T15:00&amount=5&unit=working_day", "2026-09-09T15:00:00+07:00"},                                         // A: three days off
			{"start=2026-08-20T09:00&amount=3&unit=working_day", "2026-08-24T09:00:00+07:00"},                                         // B: a make-up Saturday
			{"start=2026-11-20T17:30&amount=8&unit=working_hour", "2026-11-23T17:00:00+07:00"},                                        // D: ends at the end of the day
			{"start=2026-11-20T15:00&amount=240&unit=minute", "2026-11-23T09:00:00+07:00"},                                            // F: half a day
			{"start=2026-08-28T15:00&amount=5&unit=working_day&agency=GL.D07", "2026-09-09T15:00:00+07:00"},                           // an agency without hours of its own
			{"start=2026-09-03T08:00&amount=2&unit=working_day&pause=2026-09-03T10:00/2026-09-04T10:00", "2026-09-08T08:00:00+07:00"}, // one pause of eight hours
			{"start=2026-09-03T08:00&amount=2&unit=working_day&pause=2026-10-01T00:00/2026-10-02T00:00", "2026-09-07T08:00:00+07:00"}, // a pause after the end changes nothing
			{"start=2026-08-28T08:00:00Z&amount=5&unit=working_day", "2026-09-09T15:00:00+07:00"},                                     // a zone of its own
		} {
			w := get(t, h, "/api/v1/calendar/due?"+c.query)
			var body struct {
				Due   string
				Steps []calendar.Step
			}
			if err := json.Unmarshal(w.Body.Bytes(), &body); err != nil || w.Code != http.StatusOK {
				t.Fatalf("%s: %d %s %v", c.query, w.Code, w.Body, err)
			}
			if body.Due != c.want || len(body.Steps) == 0 {
				t.Errorf("%s: due %s with %d steps, want %s", c.query, body.Due, len(body.Steps), c.want)
			}
		}
	})
}

func TestDue_refusesWhatCannotBeCountedWithACode(t *testing.T) {
	t.Parallel()
	h := server(t, dbtest.NewSQLite(t))
	for query, code := range map[string]string{
		"start=2026-02-30T15:00&amount=5&unit=working_day":                 "portal.moment_invalid",
		"start=2026-08-28T15:00&amount=5&unit=working_day&agency=XX":       "portal.agency_unknown",
		"start=2026-08-28T15:00&amount=5&unit=working_day&pause=yesterday": "portal.pause_invalid",
		"start=2026-08-28T15:00&amount=999999&unit=working_day":            "calendar.",
		"start=2026-08-28T15:00&amount=5&unit=working_day&bogus=1":         "api.unknown_parameter",
	} {
		w := get(t, h, "/api/v1/calendar/due?"+query)
		if w.Code < 400 || w.Code >= 500 || !strings.Contains(w.Body.String(), code) {
			t.Errorf("%s: %d %s, want %s", query, w.Code, w.Body, code)
		}
	}
}

func TestDuePage_keepsWhatWasTypedAndNamesTheFault(t *testing.T) {
	t.Parallel()
	h := server(t, dbtest.NewSQLite(t))
	w := get(t, h, "/due?"+url.Values{"start": {"30/02/2026 15:00"}, "amount": {"5"}, "unit": {"working_day"}}.Encode())
	if body := w.Body.String(); w.Code != http.StatusUnprocessableEntity || !strings.Contains(body, "30/02/2026 15:00") || !strings.Contains(body, "errsum") {
		t.Errorf("%d: the form does not come back with its fault", w.Code)
	}
	w = get(t, h, "/due?"+url.Values{"start": {"28/08/2026 15:00"}, "amount": {"5"}, "unit": {"working_day"}}.Encode())
	if body := w.Body.String(); w.Code != http.StatusOK || !strings.Contains(body, "2026-09-09T15:00:00+07:00") {
		t.Errorf("%d: the answer is not on the page", w.Code)
	}
}

func TestParseMoment_readsWhatPeopleWriteAsVietnamTime(t *testing.T) {
	t.Parallel()
	want := time.Date(2026, 8, 28, 15, 0, 0, 0, clock.Vietnam)
	for _, s := range []string{"2026-08-28T15:00", "2026-08-28T15:00:00+07:00", "28/08/2026 15:00", "28/8/2026 15:00", "15:00, 28/08/2026", " 2026-08-28 15:00 "} {
		if got, err := ParseMoment("start", s); err != nil || !got.Equal(want) {
			t.Errorf("%q: %v, %v", s, got, err)
		}
	}
	for _, s := range []string{"", "soon", "31/11/2026 08:00", "2026-13-01"} {
		if _, err := ParseMoment("start", s); errs.KindOf(err) != errs.Invalid {
			t.Errorf("%q was read: %v", s, err)
		}
	}
}
