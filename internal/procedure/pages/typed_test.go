package pages

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"cchc/internal/ui"
)

// TestHours_everyMinuteIsReadBackAsItWasWritten: opening a step and saving it changes
// nothing, whatever its minutes are.
func TestHours_everyMinuteIsReadBackAsItWasWritten(t *testing.T) {
	t.Parallel()
	for minutes := range 1500 {
		typed := hoursTyped(minutes, true)
		r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(url.Values{"hours": {typed}}.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		f, err := ui.ReadForm(r)
		if err != nil {
			t.Fatal(err)
		}
		got, known := hours(f, "hours")
		if got != minutes || !known || f.Err() != nil || len(typed) > 8 {
			t.Fatalf("%d minutes are written %q and read %d, %v, %v", minutes, typed, got, known, f.Err())
		}
	}
}
