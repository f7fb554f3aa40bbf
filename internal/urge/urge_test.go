package urge

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"cchc/internal/audit"
	"cchc/internal/calendar"
	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/db/dbtest"
	"cchc/internal/errs"
	"cchc/internal/identity"
	"cchc/internal/identity/identitytest"
	"cchc/internal/notice"
	"cchc/internal/org"
)

// owing is a Work whose items the test moves.
type owing struct {
	items map[string]*Item
	done  map[string]bool
	fail  int // Open fails after so many pages, 0 never
}

func (o *owing) Kind() string { return "plan_assignment" }

func (o *owing) Open(_ *db.Tx, after Key, limit int) (page []Item, err error) {
	if o.fail--; o.fail == 0 {
		return nil, errors.New("the machine went down")
	}
	var all []Item
	for _, i := range o.items {
		if !o.done[i.ID] {
			all = append(all, *i)
		}
	}
	slices.SortFunc(all, func(a, b Item) int { return strings.Compare(a.Agency+a.Due+a.ID, b.Agency+b.Due+b.ID) })
	for _, i := range all {
		if i.Agency+i.Due+i.ID > after.Agency+after.Due+after.ID && len(page) < limit {
			page = append(page, i)
		}
	}
	return page, nil
}

func (o *owing) Done(_ *db.Tx, ids []string) (map[string]bool, error) {
	out := map[string]bool{}
	for _, id := range ids {
		out[id] = o.done[id]
	}
	return out, nil
}

type house struct {
	*Service
	t                             *testing.T
	d                             *db.DB
	at                            time.Time
	work                          *owing
	told                          []notice.Notice
	people                        *identitytest.House
	province, follower            string
	agencies                      []string
	secretary, chairman, stranger context.Context
	head                          map[string]context.Context // by agency
}

func (h *house) clock() time.Time                     { return h.at }
func (h *house) Send(_ *db.Tx, n notice.Notice) error { h.told = append(h.told, n); return nil }
func (h *house) day(day string)                       { h.at = at(day) }
func (h *house) must(err error)                       { h.t.Helper(); fatal(h.t, err) }
func (h *house) put(i Item) *Item                     { i.Kind = "plan_assignment"; h.work.items[i.ID] = &i; return &i }
func (h *house) write(fn func(tx *db.Tx) error) {
	h.t.Helper()
	h.must(h.d.Write(context.Background(), fn))
}
func (h *house) run(day string) Walked {
	h.t.Helper()
	h.day(day)
	w, err := h.Run(context.Background(), day)
	h.must(err)
	return w
}

func fatal(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func at(day string) time.Time {
	t, err := clock.ParseDay(day)
	if err != nil {
		panic(err)
	}
	return t.Add(8 * time.Hour)
}

// newHouse is a province with a secretariat and n agencies, each with a head who has an account.
func newHouse(t *testing.T, d *db.DB, n int) *house {
	t.Helper()
	h := &house{t: t, d: d, at: at("2026-01-05"), work: &owing{items: map[string]*Item{}, done: map[string]bool{}}, head: map[string]context.Context{}}
	keys, err := audit.NewKeys()
	h.must(err)
	log := audit.New(keys, h.clock)
	h.people = identitytest.New(t, d, h.clock, Rights...)
	dir := org.NewDirectory(log, h.clock)
	agency := func(code, name string, kind org.Kind) (id string) {
		h.write(func(tx *db.Tx) error {
			a, err := dir.Create(tx, audit.System("test"), org.New{Code: code, Name: name, Kind: kind, ValidFrom: org.First, ValidTo: org.Last})
			id = a.ID
			return err
		})
		return id
	}
	h.province, h.follower = agency("T.UBND", "UBND tỉnh Mẫu", org.Province), agency("T.SNV", "Sở Nội vụ", org.Department)
	as := func(login, own, over string, rights ...string) context.Context {
		return identity.With(context.Background(), h.people.Person(login, own, over, rights...))
	}
	h.secretary = as("secretary", h.follower, "", RightView, RightLetter)
	h.chairman = as("chairman", h.province, "", RightView, RightSign, RightCard, RightLetter)
	h.stranger = as("stranger", "", "")
	for i := range n {
		id := agency(fmt.Sprintf("T.D%03d", i), fmt.Sprintf("Sở số %d", i), org.Department)
		h.agencies = append(h.agencies, id)
		login := fmt.Sprintf("head%03d", i)
		if n > 20 { // a whole province: the heads need no account of their own kind
			continue
		}
		h.head[id] = as(login, id, id, RightView, RightAnswer)
		h.write(func(tx *db.Tx) error {
			_, err := dir.SetHead(tx, audit.System("test"), org.Appointment{AgencyID: id, AccountID: identity.From(h.head[id]).AccountID, PersonName: "Người đứng đầu", FromDay: "2020-01-01"})
			return err
		})
	}
	h.Service = &Service{DB: d, Clock: h.clock, Log: log, Tell: h, Works: []Work{h.work}, Province: func(*db.Tx, string) (string, error) { return h.province, nil }}
	return h
}

// steps reads what was taken: "id step" by day, covered ones in brackets.
func (h *house) steps() map[string][]string {
	out := map[string][]string{}
	h.write(func(tx *db.Tx) error {
		list, err := db.All(tx, func(row db.Scanner) (s [3]string, err error) {
			var covered bool
			err = row.Scan(&s[0], &s[1], &s[2], &covered)
			if covered {
				s[2] = "(" + s[2] + ")"
			}
			return s, err
		}, `SELECT day, item_id, step, covered FROM urge_step ORDER BY day, item_id, level, step`)
		for _, s := range list {
			out[s[0]] = append(out[s[0]], s[1]+" "+s[2])
		}
		return err
	})
	return out
}

func (h *house) walk(from, to string) {
	h.t.Helper()
	for day := at(from); clock.Day(day) <= to; day = day.AddDate(0, 0, 1) {
		h.run(clock.Day(day))
	}
}

// The example of the follow-up rules: a deadline on Thursday 30/6/2022.
func TestRun_takesEachStepOnItsWorkingDay(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d, 1)
		h.put(Item{ID: "a", Code: "NV01", Agency: h.agencies[0], Follower: h.follower, Due: "2022-06-30", Assigned: "2022-06-01", Updated: "2022-06-20", Acknowledged: true})
		h.walk("2022-06-13", "2022-07-31")
		got := h.steps()
		for day, step := range map[string]string{"2022-06-21": "a before_7", "2022-06-27": "a before_3", "2022-06-29": "a before_1", "2022-07-01": "a after_1",
			"2022-07-05": "a after_3", "2022-07-11": "a after_7", "2022-07-21": "a after_15"} {
			if !slices.Contains(got[day], step) {
				t.Errorf("on %s: %v, want %s", day, got[day], step)
			}
		}
		if !slices.Contains(got["2022-07-12"], "a after_3.2") || !slices.Contains(got["2022-07-20"], "a silent.0") {
			t.Errorf("weekly and silence: %v %v", got["2022-07-12"], got["2022-07-20"])
		}
	})
}

// Tết 2026 closes the offices from 14/2 to 22/2: working days are counted over it.
func TestRun_countsOverTet(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d, 1)
		h.put(Item{ID: "a", Code: "NV01", Agency: h.agencies[0], Follower: h.follower, Due: "2026-02-24", Assigned: "2026-01-05", Updated: "2026-02-10", Acknowledged: true})
		var cal calendar.Calendar
		h.write(func(tx *db.Tx) (err error) { cal, err = calendar.Load(tx, h.province); return err })
		h.walk("2026-02-01", "2026-03-10")
		got := h.steps()
		for step, n := range map[string]int{"before_7": -7, "before_3": -3, "before_1": -1, "after_1": 1, "after_3": 3, "after_7": 7} {
			day := cal.AddWorkingDays("2026-02-24", n)
			if !slices.Contains(got[day], "a "+step) {
				t.Errorf("%s falls on %s: %v", step, day, got[day])
			}
			if !cal.WorkingDay(day) {
				t.Errorf("%s is a day off", day)
			}
		}
		for day := range got {
			if !cal.WorkingDay(day) {
				t.Errorf("something was sent on %s, a day off", day)
			}
		}
	})
}

func TestRun_tellsAPersonOnceADayOfEverything(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d, 1)
		for _, id := range []string{"a", "b", "c"} {
			h.put(Item{ID: id, Code: id, Title: "việc " + id, Agency: h.agencies[0], Follower: h.follower, Due: "2026-03-10", Assigned: "2026-01-05", Updated: "2026-03-01", Acknowledged: true})
		}
		first := h.run("2026-03-11")
		again := h.run("2026-03-11")
		if first.Steps != 3 || first.Digests != 1 || again.Steps != 0 || again.Digests != 0 {
			t.Errorf("first %+v, again %+v", first, again)
		}
		if len(h.told) != 1 || h.told[0].Args["n"] != "3" || !strings.Contains(h.told[0].Args["list"], "việc b") {
			t.Fatalf("told %+v", h.told)
		}
		id := strings.TrimPrefix(h.told[0].URL, "/urge/digests/")
		dg, err := h.Digest(h.head[h.agencies[0]], id)
		if err != nil || len(dg.Lines) != 3 {
			t.Errorf("the digest opens with %d lines, %v", len(dg.Lines), err)
		}
		if _, err := h.Digest(h.secretary, id); errs.CodeOf(err) != "urge.digest_unknown" {
			t.Errorf("another person opens it: %v", err)
		}
		if sent, err := h.Sent(h.secretary, -1, nil, 10); err != nil || len(sent) != 3 || sent[0].SeenMs == 0 {
			t.Errorf("the board of sendings: %+v, %v", sent, err)
		}
		if sent, err := h.Sent(h.stranger, -1, nil, 10); err != nil || len(sent) != 0 {
			t.Errorf("a stranger sees %d lines, %v", len(sent), err)
		}
	})
}

// doors makes a link for one item only, and counts how often it was asked.
type doors struct {
	item  string
	asked int
}

// Link makes a link.
func (l *doors) Link(_ *db.Tx, _, kind, id string) (string, error) {
	l.asked++
	if kind != "plan_assignment" || id != l.item {
		return "", nil
	}
	return "/update/secret-" + id, nil
}

func TestRun_theMailCarriesALinkForWhatThePersonMayReportOnAndTheListedMessageNone(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d, 1)
		l := &doors{item: "b"}
		h.Links, h.BaseURL = l, "https://cchc.example.vn"
		for _, id := range []string{"a", "b"} {
			h.put(Item{ID: id, Code: "V" + id, Title: "việc " + id, Agency: h.agencies[0], Follower: h.follower, Due: "2026-03-10", Assigned: "2026-01-05", Updated: "2026-03-01", Acknowledged: true})
		}
		h.run("2026-03-11")
		if len(h.told) != 1 || l.asked != 2 {
			t.Fatalf("told %+v, asked %d times", h.told, l.asked)
		}
		n := h.told[0]
		if links := n.Extra["links"]; !strings.Contains(links, "Vb: https://cchc.example.vn/update/secret-b") || strings.Contains(links, "Va:") {
			t.Errorf("the mail says %q", links)
		}
		if n.Args["links"] != "" || strings.Contains(fmt.Sprint(n.Args), "secret") {
			t.Errorf("the link lies in the listed message: %v", n.Args)
		}
	})
}

func TestRun_carriesOnWhereItWasBrokenOff(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d, 3)
		for i := range 450 {
			h.put(Item{ID: fmt.Sprintf("i%03d", i), Code: "NV", Agency: h.agencies[i%3], Follower: h.follower, Due: "2026-03-10", Assigned: "2026-01-05", Updated: "2026-03-01", Acknowledged: true})
		}
		h.day("2026-03-11")
		h.work.fail = 3 // the third page never comes
		if _, err := h.Run(context.Background(), "2026-03-11"); err == nil {
			t.Fatal("the walk did not break off")
		}
		if len(h.told) != 0 {
			t.Errorf("%d messages went out of half a walk", len(h.told))
		}
		h.run("2026-03-11")
		taken := slices.DeleteFunc(h.steps()["2026-03-11"], func(s string) bool { return strings.Contains(s, "(") })
		if len(taken) != 450 || len(h.told) != 3 {
			t.Errorf("%d steps and %d messages, want 450 and 3", len(taken), len(h.told))
		}
	})
}

func TestRun_afterAPauseOfTheServerTakesTheHighestStepAndCoversTheRest(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d, 1)
		i := h.put(Item{ID: "a", Code: "NV01", Agency: h.agencies[0], Follower: h.follower, Due: "2026-03-10", Assigned: "2026-01-05", Updated: "2026-03-16", Acknowledged: true})
		h.run("2026-03-16") // T+4: the server was down since before T-7
		got := strings.Join(h.steps()["2026-03-16"], ",")
		if got != "a (before_1),a (before_3),a (before_7),a (after_1),a after_3" {
			t.Errorf("took %s", got)
		}
		i.Due = "2026-04-10" // an extension begins the ladder anew
		h.walk("2026-03-17", "2026-04-01")
		if all := h.steps(); !slices.Contains(all["2026-04-01"], "a before_7") {
			t.Errorf("after the extension: %v", all)
		}
		i.Paused = true
		h.walk("2026-04-02", "2026-04-30")
		if all := h.steps(); len(all) != 2 {
			t.Errorf("a paused item was urged: %v", all)
		}
	})
}

func TestGiven_mustBeAcknowledgedWithinThreeWorkingDays(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d, 1)
		h.put(Item{ID: "a", Code: "NV01", Agency: h.agencies[0], Follower: h.follower, Due: NoDay, Assigned: "2026-03-09", Updated: "2026-03-09"})
		h.walk("2026-03-09", "2026-03-20")
		got := h.steps()
		if !slices.Contains(got["2026-03-09"], "a given") || !slices.Contains(got["2026-03-13"], "a unacknowledged") {
			t.Errorf("took %v", got)
		}
	})
}

func TestLetter_isOneForAnAgencySignedByAnotherNumberedWithoutAGap(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d, 2)
		for i, id := range []string{"a", "b", "c"} {
			h.put(Item{ID: id, Code: id, Agency: h.agencies[i/2], Follower: h.follower, Due: "2026-03-10", Assigned: "2026-01-05", Updated: "2026-03-09", Acknowledged: true})
		}
		h.walk("2026-03-11", "2026-03-19") // T+7
		list, err := h.Letters(h.secretary, nil, 10)
		if err != nil || len(list) != 2 || list[0].Items+list[1].Items != 3 {
			t.Fatalf("letters %+v, %v", list, err)
		}
		owner := h.head[list[0].Agency]
		if own, err := h.Letters(owner, nil, 10); err != nil || len(own) != 0 {
			t.Errorf("an agency sees %d drafts, %v", len(own), err)
		}
		for n, l := range list {
			refuse(t, h.SignLetter(h.chairman, l.ID, 1, "Nguyễn Văn Mẫu"), "urge.letter_wrong_state", "urge.response_past")
			refuse(t, h.SubmitLetter(h.head[l.Agency], l.ID, 1), "identity.right_missing")
			h.must(h.SubmitLetter(h.secretary, l.ID, 1))
			refuse(t, h.SignLetter(h.secretary, l.ID, 2, "A"), "identity.right_missing")
			refuse(t, h.SignLetter(h.chairman, l.ID, 1, "A"), "urge.changed_meanwhile")
			refuse(t, h.SignLetter(h.chairman, l.ID, 2, " "), "urge.signer_missing")
			h.told = nil
			h.must(h.SignLetter(h.chairman, l.ID, 2, "Nguyễn Văn Mẫu"))
			v, err := h.Letter(h.head[l.Agency], l.ID)
			if err != nil || v.Number != n+1 || v.ResponseDay != "2026-03-26" || len(h.told) != 1 {
				t.Errorf("signed: number %d, answer by %s, %d told, %v", v.Number, v.ResponseDay, len(h.told), err)
			}
		}
		other := h.head[list[1].Agency]
		if _, err := h.Letter(other, list[0].ID); errs.CodeOf(err) != "urge.letter_unknown" {
			t.Errorf("another agency opens the letter: %v", err)
		}
		refuse(t, h.AnswerLetter(owner, list[0].ID, 3, "  "), "urge.answer_missing")
		h.must(h.AnswerLetter(owner, list[0].ID, 3, "Đã chỉ đạo hoàn thành trước ngày 31/3."))
		h.write(func(tx *db.Tx) error {
			a, err := unanswered(tx, list[0].Agency, "2026-04-01")
			b, err2 := unanswered(tx, list[1].Agency, "2026-04-01")
			if a != 0 || b != 1 {
				t.Errorf("unanswered letters: %d and %d, want 0 and 1", a, b)
			}
			return errors.Join(err, err2)
		})
	})
}

func TestLetter_ofTheOneWhoDraftedItIsSignedBySomebodyElse(t *testing.T) {
	t.Parallel()
	h := newHouse(t, dbtest.NewSQLite(t), 1)
	h.put(Item{ID: "a", Code: "a", Agency: h.agencies[0], Follower: h.follower, Due: "2026-03-10", Assigned: "2026-01-05", Updated: "2026-03-09", Acknowledged: true})
	h.walk("2026-03-11", "2026-03-19")
	list, err := h.Letters(h.chairman, nil, 10)
	h.must(err)
	h.must(h.WriteLetter(h.chairman, list[0].ID, 1, "Đề nghị khẩn trương.", "2026-03-30", nil))
	h.must(h.SubmitLetter(h.chairman, list[0].ID, 2))
	refuse(t, h.SignLetter(h.chairman, list[0].ID, 3, "A"), "urge.own_letter")
	refuse(t, h.ReturnLetter(h.chairman, list[0].ID, 3, ""), "urge.reason_missing")
	h.must(h.ReturnLetter(h.chairman, list[0].ID, 3, "Bổ sung"))
	refuse(t, h.WriteLetter(h.secretary, list[0].ID, 4, "", "2026-02-31", nil), "urge.day_unreadable")
	refuse(t, h.WriteLetter(h.secretary, list[0].ID, 4, "", "", []string{}), "urge.letter_empty")
	refuse(t, h.DropLetter(h.secretary, list[0].ID, 4, ""), "urge.reason_missing")
	h.must(h.DropLetter(h.secretary, list[0].ID, 4, "Đã xong"))
}

func TestCard_isProposedByTheLadderAndGivenByAPerson(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d, 1)
		head := h.head[h.agencies[0]]
		for n, due := range []string{"2026-03-10", "2026-05-11"} {
			id := fmt.Sprint("i", n)
			h.put(Item{ID: id, Code: id, Agency: h.agencies[0], Follower: h.follower, Due: due, Assigned: "2026-01-05", Updated: due, Acknowledged: true})
		}
		h.walk("2026-03-11", "2026-03-31") // T+15 of the first
		list, err := h.Cards(h.chairman, nil, 10)
		if err != nil || len(list) != 1 || list[0].Colour != Yellow || list[0].State != Proposed {
			t.Fatalf("cards %+v, %v", list, err)
		}
		if seen, err := h.Cards(head, nil, 10); err != nil || len(seen) != 0 {
			t.Errorf("the agency sees a proposal: %v, %v", seen, err)
		}
		refuse(t, h.DecideCard(h.secretary, list[0].ID, 1, true, "Trễ"), "identity.right_missing")
		refuse(t, h.DecideCard(h.chairman, list[0].ID, 1, true, " "), "urge.reason_missing")
		h.must(h.DecideCard(h.chairman, list[0].ID, 1, true, "Trễ 15 ngày làm việc"))
		refuse(t, h.DecideCard(h.chairman, list[0].ID, 2, false, "Thôi"), "urge.card_wrong_state")
		h.work.done["i0"] = true
		h.run("2026-04-01")
		if v, err := h.Card(head, list[0].ID); err != nil || v.State != Cleared || v.Cleared != "2026-04-01" {
			t.Errorf("the card of finished work is %+v, %v", v.Card, err)
		}
		h.walk("2026-05-12", "2026-06-01") // T+15 of the second
		list, err = h.Cards(h.chairman, nil, 10)
		h.must(err)
		h.must(h.DecideCard(h.chairman, list[0].ID, 1, true, "Lần hai"))
		list, err = h.Cards(h.chairman, nil, 10)
		if err != nil || !slices.ContainsFunc(list, func(c Card) bool { return c.Colour == Red && c.State == Proposed }) {
			t.Errorf("two yellow cards propose no red one: %+v, %v", list, err)
		}
	})
}

func refuse(t *testing.T, err error, wants ...string) {
	t.Helper()
	if !slices.Contains(wants, errs.CodeOf(err)) {
		t.Errorf("refused with %v, want %v", err, wants)
	}
}

// A year of 149 agencies: whatever they do, each step that an independent model expects
// was taken on its day, once, and nothing else.
func TestRun_aYearOfAProvinceEqualsAnIndependentModel(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d, 149)
		dice := rand.New(rand.NewPCG(2026, 149))
		var cal calendar.Calendar
		var rules []Rule
		h.write(func(tx *db.Tx) (err error) {
			if cal, err = calendar.Load(tx, h.province); err != nil {
				return err
			}
			rules, err = rulesOn(tx, "2026-01-01")
			return err
		})
		type life struct {
			item           *Item
			taken, done    string
			extended, upTo string
		}
		var lives []*life
		for i, agency := range h.agencies {
			for k := range 2 {
				id := fmt.Sprintf("t%d-%03d", k, i)
				due := clock.Day(at("2026-02-01").AddDate(0, 0, dice.IntN(300)))
				l := &life{item: h.put(Item{ID: id, Code: "NV", Agency: agency, Follower: h.follower, Due: due, Assigned: "2026-01-05", Updated: "2026-01-05"})}
				l.taken = clock.Day(at("2026-01-05").AddDate(0, 0, dice.IntN(12)))
				l.done = clock.Day(at(due).AddDate(0, 0, dice.IntN(60)-25))
				if dice.IntN(8) == 0 {
					l.extended, l.upTo = clock.Day(at(due).AddDate(0, 0, -3)), clock.Day(at(due).AddDate(0, 0, 21))
				}
				lives = append(lives, l)
			}
		}
		want := map[string]bool{} // "day item step", by a model of its own
		seen := map[string]bool{} // "item basis step"
		for day := at("2026-01-05"); day.Year() == 2026; day = day.AddDate(0, 0, 1) {
			today := clock.Day(day)
			for _, l := range lives {
				if today == l.taken {
					l.item.Acknowledged, l.item.Updated = true, today
				}
				if today == l.extended {
					l.item.Due = l.upTo
				}
				h.work.done[l.item.ID] = today >= l.done && today >= l.taken
			}
			h.run(today)
			if !cal.WorkingDay(today) {
				continue
			}
			for _, l := range lives {
				if !h.work.done[l.item.ID] {
					model(want, seen, cal, rules, *l.item, today)
				}
			}
		}
		got := map[string]bool{}
		for day, list := range h.steps() {
			for _, s := range list {
				got[day+" "+s] = true
			}
		}
		for s := range want {
			if !got[s] {
				t.Errorf("missing: %s", s)
			}
		}
		for s := range got {
			if !want[s] {
				t.Errorf("nobody expected: %s", s)
			}
		}
		if len(want) < 500 {
			t.Errorf("the year has only %d steps", len(want))
		}
	})
}

// model says day by day, without a ladder, what falls today.
func model(want, seen map[string]bool, cal calendar.Calendar, rules []Rule, i Item, today string) {
	var fresh []string
	var papers = map[string]bool{}
	note := func(basis, step, act string) {
		if key := i.ID + " " + basis + " " + step; !seen[key] {
			seen[key] = true
			fresh = append(fresh, basis+"|"+step)
			papers[basis+"|"+step] = act != "remind"
		}
	}
	type fall struct {
		on, step, act string
		level         int
	}
	var falls []fall
	for _, r := range rules {
		for n := 0; ; n++ {
			on := cal.AddWorkingDays(i.Due, r.Days+n*r.Every)
			if on > today {
				break
			}
			step := r.Step
			if n > 0 {
				step = fmt.Sprintf("%s.%d", r.Step, n+1)
			}
			falls = append(falls, fall{on, step, r.Act, r.Level})
			if r.Every == 0 {
				break
			}
		}
	}
	slices.SortFunc(falls, func(a, b fall) int {
		if a.on != b.on {
			return strings.Compare(a.on, b.on)
		}
		return a.level - b.level
	})
	for _, f := range falls {
		note(i.Due, f.step, f.act)
	}
	if !i.Acknowledged {
		note("given:"+i.Assigned, "given", "remind")
		if cal.AddWorkingDays(i.Assigned, 3) < today {
			note("given:"+i.Assigned, "unacknowledged", "remind")
		}
	} else if quiet := int(at(today).Sub(at(i.Updated)).Hours()) / 24; quiet >= 30 {
		note("since:"+i.Updated, fmt.Sprintf("silent.%d", (quiet-30)/7), "remind")
	}
	for n, s := range fresh {
		basis, step, _ := strings.Cut(s, "|")
		last := true
		for _, later := range fresh[n+1:] {
			if b, _, _ := strings.Cut(later, "|"); b == basis {
				last = false
			}
		}
		if !last && !papers[s] {
			step = "(" + step + ")"
		}
		want[today+" "+i.ID+" "+step] = true
	}
}
