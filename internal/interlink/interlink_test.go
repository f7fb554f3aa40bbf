package interlink

import (
	"context"
	"fmt"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"cchc/internal/audit"
	"cchc/internal/calendar"
	"cchc/internal/db"
	"cchc/internal/db/dbtest"
	"cchc/internal/errs"
	"cchc/internal/event"
	"cchc/internal/identity"
	"cchc/internal/identity/identitytest"
	"cchc/internal/org"
	"cchc/internal/ui"
)

// counter stands for room dossier: it remembers what was received and stopped.
type counter struct {
	received []Filing
	stopped  []string
	fail     error
}

func (d *counter) Receive(_ *db.Tx, _ audit.Who, _ time.Time, f Filing) (string, string, error) {
	if d.fail != nil {
		return "", "", d.fail
	}
	d.received = append(d.received, f)
	return "id-" + f.Procedure + "-" + f.Group, fmt.Sprintf("X1-261014-%04d", len(d.received)), nil
}

func (d *counter) Stop(_ *db.Tx, _ audit.Who, _ time.Time, id, _, reason string) error {
	d.stopped = append(d.stopped, id+": "+reason)
	return nil
}

// groups stands for the catalogue.
type groups map[string]Definition

func (g groups) Find(_ *db.Tx, key, day string) (Definition, error) {
	d, found := g[key]
	if !found {
		return d, errs.New(errs.NotFound, "interlink.group_unknown", "key", key, "day", day)
	}
	return d, nil
}

func (g groups) Open(*db.Tx, string) ([]Definition, error) { return nil, nil }

// house is a ward that receives, another ward, and three groups of the karaoke licence.
type house struct {
	*Service
	t                     *testing.T
	d                     *db.DB
	at                    time.Time
	box                   *counter
	clerk, other, nothing context.Context
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

func each(t *testing.T, fn func(h *house)) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := &house{t: t, d: d, at: time.Date(2026, 10, 14, 2, 0, 0, 0, time.UTC), box: &counter{}}
		keys, err := audit.NewKeys()
		h.must(err)
		log := audit.New(keys, h.clock)
		people := identitytest.New(t, d, h.clock, Rights...)
		id := map[string]string{}
		for _, code := range []string{"X1", "X2"} {
			h.must(d.Write(context.Background(), func(tx *db.Tx) error {
				got, err := org.NewDirectory(log, h.clock).Create(tx, audit.System("test"), org.New{Code: code, Name: "Phường " + code, Kind: org.Commune, ValidFrom: org.First, ValidTo: org.Last})
				id[code] = got.ID
				return err
			}))
		}
		as := func(login, over string, rights ...string) context.Context {
			return identity.With(context.Background(), people.Person(login, over, over, rights...))
		}
		h.clerk, h.other, h.nothing = as("clerk", id["X1"], Rights...), as("other", id["X2"], Rights...), as("nothing", id["X1"])
		m := func(key string, ours bool, needs ...string) Member {
			return Member{Key: key, Name: "Tên " + key, Ours: ours, Needs: needs}
		}
		chain := []Member{m("hkd", true), m("antt", true, "hkd"), m("karaoke", true, "antt")}
		together := []Member{m("antt", true), m("karaoke", true, "antt")}
		together[1].Together = true
		h.Service = &Service{DB: d, Clock: h.clock, Log: log, Dossiers: h.box, Words: func(key string, args ...any) string { return key + fmt.Sprint(args...) }, Groups: groups{
			"chain":    {Key: "chain", Name: "Nhóm karaoke", Leads: true, Amount: 16, Unit: calendar.WorkingDay, Known: true, Members: chain},
			"together": {Key: "together", Name: "Nhóm song song", Leads: true, Members: together},
			"national": {Key: "national", Name: "Nhóm quốc gia", Amount: 16, Unit: calendar.WorkingDay, Known: true, Members: []Member{m("hkd", false), m("antt", false, "hkd"), m("karaoke", true, "antt")}},
		}}
		fn(h)
	})
}

func (h *house) declare(group string) Case {
	h.t.Helper()
	in := Declaration{Group: group, Agency: "X1", Applicant: Applicant{Kind: "citizen", Name: "Nguyễn Văn A"}}
	if group == "national" {
		in.Code = "G12-1"
	}
	c, err := h.Declare(h.clerk, in)
	h.must(err)
	return c
}

// moved tells the room that the dossier of a member came to a state.
func (h *house) moved(c Case, key, state string) Case {
	h.t.Helper()
	h.must(h.d.Write(context.Background(), func(tx *db.Tx) error {
		return h.Follow(tx, event.DossierMoved{DossierID: "id-" + key + "-" + c.Code, State: state})
	}))
	v, err := h.Open(h.clerk, c.ID)
	h.must(err)
	return v.Case
}

func states(c Case) (list []string) {
	for _, m := range c.Members {
		list = append(list, string(m.State))
	}
	return append(list, string(c.State))
}

func (h *house) stand(c Case, want string) {
	h.t.Helper()
	if got := strings.Join(states(c), " "); got != want {
		h.t.Errorf("stands %s, want %s", got, want)
	}
}

func TestGroup_aSuccessorStartsWhenTheResultItNeedsIsThere(t *testing.T) {
	each(t, func(h *house) {
		c := h.declare("chain")
		h.stand(c, "running waiting waiting running")
		if c.Code != "LT-X1-261014-01" || len(h.box.received) != 1 || h.box.received[0].Applicant.Name != "Nguyễn Văn A" {
			h.t.Errorf("%+v %+v", c, h.box.received)
		}
		if due := time.UnixMilli(c.DueMs).UTC(); due != time.Date(2026, 11, 5, 2, 0, 0, 0, time.UTC) {
			h.t.Errorf("one promise of 16 working days: %v", due)
		}
		c = h.moved(c, "hkd", "in_process")
		h.stand(c, "running waiting waiting running")
		c = h.moved(c, "hkd", "approved")
		h.stand(c, "approved running waiting running")
		c = h.moved(c, "hkd", "approved") // told twice
		c = h.moved(c, "hkd", "returned")
		c = h.moved(c, "antt", "approved")
		c = h.moved(c, "karaoke", "approved")
		h.stand(c, "approved approved approved done")
		if len(h.box.received) != 3 || c.EndedMs == 0 {
			h.t.Errorf("%+v", h.box.received)
		}
		h.must(h.d.Read(context.Background(), func(tx *db.Tx) error {
			raw, _, err := db.One(tx, db.Value[string], `SELECT declaration FROM interlink_case`)
			if raw != "" {
				h.t.Error("the declaration outlived the group")
			}
			return err
		}))
		if second := h.declare("chain"); second.Code != "LT-X1-261014-02" {
			h.t.Error(second.Code)
		}
	})
}

// Acceptance check 5: ANTT refused, the karaoke member is cancelled, one notice.
func TestGroup_aRefusalCancelsItsSuccessorsAndIsToldOnce(t *testing.T) {
	each(t, func(h *house) {
		told := 0
		bus := event.NewBus(h.d, h.clock)
		bus.On(event.InterlinkBlocked{}.Kind(), "test", func(_ *db.Tx, body []byte) error {
			told++
			if !strings.Contains(string(body), `"cancelled":["karaoke"]`) || strings.Contains(string(body), "Nguyễn") {
				h.t.Errorf("%s", body)
			}
			return nil
		})
		c := h.declare("chain")
		c = h.moved(c, "hkd", "approved")
		c = h.moved(c, "antt", "rejected_result")
		h.stand(c, "approved refused cancelled partly_done")
		c = h.moved(c, "antt", "rejected_result")
		c = h.moved(c, "antt", "withdrawn")
		h.must(bus.Drain(context.Background()))
		if told != 1 || len(h.box.received) != 2 {
			h.t.Errorf("told %d times, received %d", told, len(h.box.received))
		}
		v, err := h.Open(h.clerk, c.ID)
		h.must(err)
		if v.Notice == nil || !slices.Equal(v.Notice.Cancelled, []string{"Tên karaoke"}) || v.Notice.Reason != "interlink.outcome.rejected_result" || !strings.Contains(v.Members[2].Reason, "Tên antt") {
			h.t.Errorf("%+v", v.Notice)
		}
		public, err := h.Public(context.Background(), c.Code)
		if err != nil || public.Notice == nil || public.Notice.Reason != "" || public.Members[1].Reason != "" || public.Members[0].Dossier != "" {
			h.t.Errorf("%+v %v", public, err)
		}
		first := h.moved(h.declare("chain"), "hkd", "refused")
		h.stand(first, "refused cancelled cancelled blocked")
	})
}

func TestGroup_whatRunsBesideARefusedMemberIsStopped(t *testing.T) {
	each(t, func(h *house) {
		c := h.declare("together")
		h.stand(c, "running running running")
		if c.DueMs != 0 {
			h.t.Error("a promise that nobody stated")
		}
		c = h.moved(c, "antt", "refused")
		h.stand(c, "refused cancelled blocked")
		if len(h.box.stopped) != 1 || !strings.HasPrefix(h.box.stopped[0], "id-karaoke-") {
			h.t.Error(h.box.stopped)
		}
		c = h.moved(c, "karaoke", "stopped") // the stop is announced too
		h.stand(c, "refused cancelled blocked")
	})
}

func TestGroup_anEarlierResultServesWithItsDocument(t *testing.T) {
	each(t, func(h *house) {
		in := Declaration{Group: "chain", Agency: "X1", Applicant: Applicant{Name: "A"}, Skip: map[string]string{"hkd": " "}}
		_, err := h.Declare(h.clerk, in)
		h.refused(err, "interlink.skip_document")
		in.Skip = map[string]string{"khac": "1"}
		_, err = h.Declare(h.clerk, in)
		h.refused(err, "interlink.skip_unknown")
		in.Skip = map[string]string{"hkd": "35A8001234"}
		c, err := h.Declare(h.clerk, in)
		h.must(err)
		h.stand(c, "skipped running waiting running")
		if h.box.received[0].Procedure != "antt" || c.Members[0].Document != "35A8001234" {
			h.t.Errorf("%+v", h.box.received)
		}
	})
}

// The national form: we receive our member when the others' results are recorded.
func TestGroup_whereANationalProgramLeadsWeReceiveOurMemberInTurn(t *testing.T) {
	each(t, func(h *house) {
		_, err := h.Declare(h.clerk, Declaration{Group: "national", Agency: "X1", Applicant: Applicant{Name: "A"}})
		h.refused(err, "interlink.code_missing")
		c := h.declare("national")
		h.stand(c, "running waiting waiting running")
		_, err = h.Declare(h.clerk, Declaration{Group: "national", Code: c.Code, Agency: "X1", Applicant: Applicant{Name: "A"}})
		h.refused(err, "interlink.code_taken")
		_, err = h.Note(h.clerk, c.ID, c.Version, "hkd", true, "", "")
		h.refused(err, "interlink.document_missing")
		_, err = h.Note(h.clerk, c.ID, c.Version, "hkd", false, "", "")
		h.refused(err, "interlink.reason_missing")
		_, err = h.Note(h.clerk, c.ID, c.Version, "antt", true, "1", "")
		h.refused(err, "interlink.member_not_running")
		_, err = h.Note(h.clerk, c.ID, c.Version, "karaoke", true, "1", "")
		h.refused(err, "interlink.member_ours")
		_, err = h.Note(h.clerk, c.ID, c.Version+5, "hkd", true, "1", "")
		h.refused(err, "interlink.changed_meanwhile")
		if len(h.box.received) != 0 {
			h.t.Error("received before its turn")
		}
		c, err = h.Note(h.clerk, c.ID, c.Version, "hkd", true, "35A8001234", "")
		h.must(err)
		c, err = h.Note(h.clerk, c.ID, c.Version, "antt", true, "12/GCN", "")
		h.must(err)
		h.stand(c, "approved approved running running")
		if f := h.box.received[0]; f.Procedure != "karaoke" || f.Group != "G12-1" || !f.Online {
			h.t.Errorf("%+v", f)
		}
	})
}

func TestDeclare_isAllOrNothingAndBelongsToWhoReceives(t *testing.T) {
	each(t, func(h *house) {
		h.box.fail = errs.New(errs.Conflict, "procedure.not_in_force")
		_, err := h.Declare(h.clerk, Declaration{Group: "chain", Agency: "X1", Applicant: Applicant{Name: "A"}})
		h.refused(err, "procedure.not_in_force")
		if list, err := h.List(h.clerk, nil, 10); err != nil || len(list) != 0 {
			h.t.Errorf("a refused declaration left %d cases (%v)", len(list), err)
		}
		h.box.fail = nil
		for code, in := range map[string]Declaration{
			"interlink.name_missing":   {Group: "chain", Agency: "X1"},
			"interlink.group_unknown":  {Group: "khac", Agency: "X1", Applicant: Applicant{Name: "A"}},
			"interlink.agency_unknown": {Group: "chain", Agency: "X9", Applicant: Applicant{Name: "A"}},
		} {
			_, err := h.Declare(h.clerk, in)
			h.refused(err, code)
		}
		in := Declaration{Group: "chain", Agency: "X1", Applicant: Applicant{Name: "A"}}
		for _, ctx := range []context.Context{h.other, h.nothing} {
			if _, err := h.Declare(ctx, in); errs.KindOf(err) != errs.Forbidden {
				h.t.Errorf("declared for another ward: %v", err)
			}
		}
		_, err = h.Declare(context.Background(), in)
		h.refused(err, "identity.sign_in_first")
		c := h.declare("national")
		for _, ctx := range []context.Context{h.other, h.nothing} {
			_, err := h.Open(ctx, c.ID)
			h.refused(err, "interlink.unknown")
			_, err = h.Note(ctx, c.ID, c.Version, "hkd", true, "1", "")
			h.refused(err, "interlink.unknown")
			if list, _ := h.List(ctx, nil, 10); len(list) != 0 {
				h.t.Error("another ward sees the case")
			}
		}
		if list, _ := h.List(h.clerk, nil, 10); len(list) != 1 {
			h.t.Error("the ward does not see its case")
		}
		_, err = h.Public(context.Background(), "LT-1")
		h.refused(err, "interlink.unknown")
	})
}

// ask asks a page as somebody and returns it.
func (h *house) ask(ctx context.Context, method, path string, status int, form url.Values, words ...string) *httptest.ResponseRecorder {
	h.t.Helper()
	rt := ui.NewRouter(ui.Config{Clock: h.clock})
	Mount(rt, h.Service)
	r := httptest.NewRequest(method, path, strings.NewReader(form.Encode()))
	if method == "POST" {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	w := httptest.NewRecorder()
	rt.ServeHTTP(w, r.WithContext(ctx))
	if w.Code != status {
		h.t.Errorf("%s %s: %d, want %d", method, path, w.Code, status)
	}
	for _, s := range words {
		if !strings.Contains(w.Body.String(), s) {
			h.t.Errorf("%s lacks %q", path, s)
		}
	}
	return w
}

func TestPages_fromTheDeclarationToTheTimelineOfTheApplicant(t *testing.T) {
	each(t, func(h *house) {
		h.ask(h.clerk, "GET", "/interlinks", 200, nil, "Chưa có hồ sơ liên thông nào")
		h.ask(h.clerk, "POST", "/interlinks/new", 422, url.Values{"group": {"chain"}, "agency": {"X1"}}, "Hãy ghi tên người nộp")
		at := h.ask(h.clerk, "POST", "/interlinks/new", 303, url.Values{"group": {"national"}, "agency": {"X1"}, "code": {"G12-7"}, "name": {"Nguyễn Văn A"}, "kind": {"citizen"}}).Header().Get("Location")
		h.ask(h.clerk, "GET", at, 200, nil, "Đang giải quyết (0/3)", "Tên antt", "09:00, 05/11/2026")
		h.ask(h.other, "GET", at, 404, nil)
		h.ask(h.nothing, "GET", at, 403, nil)
		h.ask(h.clerk, "GET", at+"/note/hkd", 200, nil)
		h.ask(h.clerk, "GET", at+"/note/khac", 404, nil)
		h.ask(h.clerk, "POST", at+"/note/hkd", 422, url.Values{"version": {"2"}}, "Hãy chọn đã cấp kết quả hay từ chối")
		h.ask(h.clerk, "POST", at+"/note/hkd", 409, url.Values{"version": {"1"}, "outcome": {"approved"}, "document": {"1"}})
		h.ask(h.clerk, "POST", at+"/note/hkd", 303, url.Values{"version": {"2"}, "outcome": {"refused"}, "reason": {"Nguyễn Văn A thiếu vốn"}})
		h.ask(h.clerk, "GET", at, 200, nil, "Bị từ chối", "Nguyễn Văn A thiếu vốn")
		page := h.ask(context.Background(), "GET", "/groups/G12-7", 200, nil, "Tên hkd không được cấp", "Thủ tục dừng theo: Tên antt; Tên karaoke")
		if strings.Contains(page.Body.String(), "Nguyễn") {
			h.t.Error("the public page names the applicant")
		}
		h.ask(context.Background(), "GET", "/groups/G12-8", 404, nil)
		h.ask(h.clerk, "GET", "/interlinks?as=csv", 200, nil, "G12-7")
	})
}
