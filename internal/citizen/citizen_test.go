package citizen

import (
	"context"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"cchc/internal/clock"
	"cchc/internal/errs"
	"cchc/internal/i18n"
	"cchc/internal/ui"
)

var now = clock.At(time.Date(2026, 10, 14, 9, 0, 0, 0, clock.Vietnam))

// shop stands for room dossier: it knows one dossier and refuses as that room does.
type shop struct{ one Standing }

func (s shop) Lookup(_ context.Context, typed string) (Standing, error) {
	switch typed {
	case s.one.Code, strings.ToLower(s.one.Code):
		return s.one, nil
	case "":
		return Standing{}, errs.OnField("code", "dossier.code_missing")
	case "slow":
		return Standing{}, errs.New(errs.TooMany, "dossier.guessing", "minutes", int64(15))
	}
	return Standing{}, errs.New(errs.NotFound, "dossier.unknown")
}

func ms(day, hour int) int64 {
	return time.Date(2026, 10, day, hour, 0, 0, 0, clock.Vietnam).UnixMilli()
}

func sample(state string) Standing {
	return Standing{Code: "GL.X001-261008-0011", ProcedureCode: "1.001029", Procedure: "Cấp giấy phép karaoke", State: state, Applicant: "N*** V** H***", IDNumber: "*********123",
		Receiving: "UBND phường Quy Nhơn", Competent: "Sở Văn hóa", Returning: "Trung tâm phường", OriginalDueMs: ms(16, 15), DueMs: ms(16, 15),
		Events: []Event{{"submit", ms(8, 16)}, {"receive", ms(9, 8)}}}
}

func ask(one Standing, path, lang string) *httptest.ResponseRecorder {
	rt := ui.NewRouter(ui.Config{Clock: now})
	Mount(rt, &Service{Clock: now, Dossiers: shop{one}})
	r := httptest.NewRequest(http.MethodGet, path, nil)
	r.Header.Set("Accept-Language", lang)
	w := httptest.NewRecorder()
	rt.ServeHTTP(w, r)
	return w
}

func TestStanding_everyStateHasAStageAndWordsInBothLanguages(t *testing.T) {
	t.Parallel()
	if len(stageOf) != 16 {
		t.Fatalf("%d states are placed, the one-stop shop has 16", len(stageOf))
	}
	vi, en := i18n.WithLang(context.Background(), i18n.Vi), i18n.WithLang(context.Background(), "en")
	for state := range stageOf {
		for _, key := range []string{"citizen.head." + state, "citizen.do." + state} {
			if !i18n.Has(key) || i18n.T(vi, key) == i18n.T(en, key) {
				t.Errorf("%s has no words of its own in each language", key)
			}
		}
	}
}

func TestStanding_whatIsAheadIsNeverWhatIsBehind(t *testing.T) {
	t.Parallel()
	for state, want := range map[string][]Stage{
		"submitted": {StageWork, StageReturn}, "received": {StageReturn}, "in_process": {StageReturn}, "approved": {},
		"returned": nil, "refused": nil, "withdrawn": nil, "stopped": nil, "closed_no_supplement": nil, "a state of tomorrow": {StageReturn},
	} {
		if got := sample(state).Ahead(); !slices.Equal(got, want) {
			t.Errorf("ahead of %s: %v, want %v", state, got, want)
		}
	}
}

func TestStanding_aStandingClockAndAnEndedDossierPromiseNothing(t *testing.T) {
	t.Parallel()
	running, standing, ended, without, late := sample("in_process"), sample("supplement_wait"), sample("returned"), sample("in_process"), sample("in_process")
	standing.Paused, without.DueMs, late.Late = true, 0, true
	if !running.Promised() || standing.Promised() || ended.Promised() || without.Promised() || late.Promised() {
		t.Error("only a running clock with a due time still to come promises")
	}
}

func TestStanding_onlyWhatIsStillWaitedForIsOverdue(t *testing.T) {
	t.Parallel()
	for state := range stageOf {
		s := sample(state)
		if s.Overdue() {
			t.Errorf("%s is overdue though not late", state)
		}
		s.Late = true
		stage := s.Stage()
		if want := (stage == StageWork || stage == StageReturn) && state != "handed_to_counter"; s.Overdue() != want {
			t.Errorf("%s late: overdue %v, want %v", state, s.Overdue(), want)
		}
	}
}

func TestLookup_theFormLeadsToThePageOfTheCode(t *testing.T) {
	t.Parallel()
	w := ask(sample("in_process"), "/tra-cuu?code=gl.x001-261008-0011", "vi")
	if w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/tra-cuu/GL.X001-261008-0011" {
		t.Fatalf("%d to %q", w.Code, w.Header().Get("Location"))
	}
}

func TestLookup_thePageSaysWhereItStandsAndIsKeptByNobody(t *testing.T) {
	t.Parallel()
	for state := range stageOf {
		w := ask(sample(state), "/tra-cuu/GL.X001-261008-0011", "vi")
		body := w.Body.String()
		if w.Code != http.StatusOK || w.Header().Get("Cache-Control") != "private, no-store" || w.Header().Get("Referrer-Policy") != "no-referrer" || !strings.Contains(body, "noindex") {
			t.Fatalf("%s: %d, headers %v", state, w.Code, w.Header())
		}
		for _, words := range []string{i18n.T(i18n.WithLang(context.Background(), i18n.Vi), "citizen.head."+state), "N*** V** H***", "Đã tiếp nhận"} {
			if !strings.Contains(body, words) {
				t.Errorf("page of %s lacks %q", state, words)
			}
		}
		if promised := strings.Contains(body, "Dự kiến trả kết quả trước"); promised != sample(state).Promised() {
			t.Errorf("page of %s promises: %v", state, promised)
		}
	}
}

func TestLookup_aRefusalStandsAtTheFormWithItsStatus(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]struct {
		status int
		words  string
	}{
		"/tra-cuu":            {http.StatusOK, "Mã hồ sơ"},
		"/tra-cuu?code=":      {http.StatusUnprocessableEntity, "Hãy nhập mã hồ sơ"},
		"/tra-cuu?code=wrong": {http.StatusNotFound, "Không có hồ sơ này"},
		"/tra-cuu/wrong":      {http.StatusNotFound, `value="wrong"`},
		"/tra-cuu/slow":       {http.StatusTooManyRequests, "15 phút"},
	} {
		w := ask(sample("received"), path, "vi")
		if w.Code != want.status || !strings.Contains(w.Body.String(), want.words) {
			t.Errorf("%s: %d, want %d with %q", path, w.Code, want.status, want.words)
		}
	}
}

func TestLookup_everyPublicMoveHasWordsInBothLanguages(t *testing.T) {
	t.Parallel()
	vi, en := i18n.WithLang(context.Background(), i18n.Vi), i18n.WithLang(context.Background(), "en")
	for _, move := range strings.Fields("submit receive refuse ask_supplement_before_receipt hand_over coordinate ask_supplement supply close_no_supplement ask_payment pay approve reject hand_to_counter return_result withdraw stop apologise correct transfer recount") {
		if key := "citizen.event." + move; !i18n.Has(key) || i18n.T(vi, key) == i18n.T(en, key) {
			t.Errorf("%s has no words of its own in each language", key)
		}
	}
}

func TestStanding_theLastDayToSupplyIsStillInTime(t *testing.T) {
	t.Parallel()
	s := sample("supplement_wait")
	if s.SupplyPassed("2026-10-14") {
		t.Error("no last day is set, none can have passed")
	}
	s.SupplyUntil = "2026-10-14"
	if s.SupplyPassed("2026-10-14") || !s.SupplyPassed("2026-10-15") {
		t.Error("the last day itself counts, the next is too late")
	}
	s.SupplyUntil = "2026-10-13"
	if body := ask(s, "/tra-cuu/GL.X001-261008-0011", "vi").Body.String(); !strings.Contains(body, "Đã quá hạn bổ sung") {
		t.Error("the page does not say that the last day has passed")
	}
}

func TestLookup_aProcedureWithoutACodeStandsByItsNameAlone(t *testing.T) {
	t.Parallel()
	s := sample("received")
	s.ProcedureCode = ""
	if body := ask(s, "/tra-cuu/GL.X001-261008-0011", "vi").Body.String(); strings.Contains(body, "()") || !strings.Contains(body, s.Procedure) {
		t.Error("an empty pair of brackets stands for the code")
	}
}
