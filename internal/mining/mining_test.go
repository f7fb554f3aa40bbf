package mining

import (
	"bytes"
	"context"
	"encoding/xml"
	"io"
	"strings"
	"testing"
	"time"

	"cchc/internal/audit"
	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/db/dbtest"
	"cchc/internal/errs"
	"cchc/internal/identity"
	"cchc/internal/identity/identitytest"
	"cchc/internal/org"

	"pgregory.net/rapid"
)

func at(day, hour string) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04", day+" "+hour, clock.Vietnam)
	if err != nil {
		panic(err)
	}
	return t
}

// past is a Source that answers from memory and notes what it was asked.
type past struct {
	procedures []Procedure
	versions   []Version
	traces     []Trace
	asked      []Query
}

func (p *past) Procedures(_ *db.Tx, _ Reader, _, _ string) ([]Procedure, error) {
	return p.procedures, nil
}
func (p *past) Versions(_ *db.Tx, _ Query) ([]Version, error) { return p.versions, nil }
func (p *past) Traces(_ *db.Tx, q Query, after string, limit int) (out []Trace, next string, err error) {
	p.asked = append(p.asked, q)
	for _, t := range p.traces {
		if (q.Version == "" || t.Version == q.Version) && (after == "" || t.Code > after) {
			if len(out) == limit {
				return out, out[limit-1].Code, nil
			}
			out = append(out, t)
		}
	}
	return out, "", nil
}

// visit is one stay: day, arrived, taken up ("" nobody said), done.
func visit(step int, name, agency, day, entered, started, done, outcome string) Visit {
	v := Visit{Step: step, Name: name, Agency: agency, Entered: at(day, entered), Done: at(day, done), Outcome: outcome}
	if started != "" {
		v.Started = at(day, started)
	}
	return v
}

// newDesk makes an agency and a reader with the right to see it, and a citizen without.
func newDesk(t *testing.T, d *db.DB, agencyName string) (agency string, reader, stranger context.Context) {
	t.Helper()
	now := func() time.Time { return at("2026-10-14", "09:00") }
	h := identitytest.New(t, d, now, RightView)
	keys, err := audit.NewKeys()
	if err != nil {
		t.Fatal(err)
	}
	err = d.Write(context.Background(), func(tx *db.Tx) error {
		a, err := org.NewDirectory(audit.New(keys, now), now).Create(tx, audit.System("test"), org.New{Code: "S", Name: agencyName, Kind: org.Department})
		agency = a.ID
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	as := func(a identity.Actor) context.Context { return identity.With(context.Background(), a) }
	return agency, as(h.Person("lan.xem", agency, "", RightView)), as(h.Person("la.khach", agency, ""))
}

func TestStudy_countsWaitingAndWorkingInTheHoursOfTheAgencyWithoutPauses(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		agency, reader, _ := newDesk(t, d, "Sở Văn hóa")
		src := &past{procedures: []Procedure{{Key: "karaoke-new", Code: "1.001029", Name: "Karaoke", N: 2, Late: 1}}, traces: []Trace{
			{Code: "A", Version: "v1", Late: true, Visits: []Visit{
				// over lunch (11:30-13:30) and a night: 10:30-11:30 waits 60; works 13:30-17:00 and 07:00-08:00, 270
				{Step: 1, Name: "Tiếp nhận", Agency: agency, Entered: at("2026-10-12", "10:30"), Started: at("2026-10-12", "12:00"), Done: at("2026-10-13", "08:00"), Outcome: "advanced"},
				// two hours, one of them paused
				{Step: 2, Name: "Thẩm định", Agency: agency, Entered: at("2026-10-13", "08:00"), Started: at("2026-10-13", "08:00"), Done: at("2026-10-13", "10:00"), Outcome: "ended",
					Pauses: []Pause{{From: at("2026-10-13", "08:30"), To: at("2026-10-13", "09:30")}}}}},
			{Code: "B", Version: "v1", Visits: []Visit{visit(1, "Tiếp nhận", agency, "2026-10-13", "07:00", "", "07:30", "advanced")}}}}
		s := &Service{DB: d, Clock: func() time.Time { return at("2026-10-14", "09:00") }, Source: src}
		st, err := s.Study(reader, Query{Key: "karaoke-new", FromDay: "2026-10-01", ToDay: "2026-10-14"}, "", "")
		if err != nil {
			t.Fatal(err)
		}
		first := st.Graph.Nodes[0]
		if first.Visits != 2 || first.Wait.N != 1 || first.Wait.Median != 60 || first.Work.Median != 270 || first.Whole.Sum != 360 {
			t.Errorf("first step %+v", first)
		}
		if second := st.Graph.Nodes[1]; second.Whole.Median != 60 || second.Wait.Median != 0 {
			t.Errorf("second step %+v", second)
		}
		if st.Read != 2 || st.Late != 1 || st.More || st.Agencies[agency] != "Sở Văn hóa" || st.Graph.Total.N != 2 {
			t.Errorf("study %+v", st)
		}
		if q := src.asked[0]; q.Right != RightView || q.Account == "" || q.Key != "karaoke-new" {
			t.Errorf("asked without the reader's reach: %+v", q)
		}
	})
}

func TestStudy_isRefusedWithASentence(t *testing.T) {
	t.Parallel()
	d := dbtest.NewSQLite(t)
	_, reader, stranger := newDesk(t, d, "Sở Văn hóa")
	s := &Service{DB: d, Clock: func() time.Time { return at("2026-10-14", "09:00") }, Source: &past{procedures: []Procedure{{Key: "k"}}, versions: []Version{{ID: "v1"}, {ID: "v2"}}}}
	for _, c := range []struct {
		ctx           context.Context
		q             Query
		before, after string
		want          string
	}{
		{context.Background(), Query{Key: "k"}, "", "", "identity.sign_in_first"},
		{stranger, Query{Key: "k"}, "", "", "mining.right_missing"},
		{reader, Query{Key: "k", FromDay: "2026-02-30"}, "", "", "mining.day_unreadable"},
		{reader, Query{Key: "k", FromDay: "2026-10-02", ToDay: "2026-10-01"}, "", "", "mining.days_crossed"},
		{reader, Query{Key: "x"}, "", "", "mining.procedure_unknown"},
		{reader, Query{Key: "k"}, "v1", "v1", "mining.versions_unclear"},
		{reader, Query{Key: "k"}, "v1", "v9", "mining.versions_unclear"},
	} {
		_, err := s.Study(c.ctx, c.q, c.before, c.after)
		if errs.CodeOf(err) != c.want {
			t.Errorf("%+v: got %v, want %s", c.q, err, c.want)
		}
	}
}

// steps makes a measured trace that stays the given minutes at each step.
func stays(code string, pairs ...int64) measured {
	m := measured{Trace: Trace{Code: code}}
	for i := 0; i < len(pairs); i += 2 {
		m.Visits = append(m.Visits, Visit{Step: int(pairs[i]), Name: "bước"})
		m.at = append(m.at, minutes{Whole: pairs[i+1]})
		m.total += pairs[i+1]
	}
	return m
}

func TestGraph_aReturnIsAnEdgeBackAndTheWayIsKept(t *testing.T) {
	t.Parallel()
	back := stays("A", 1, 10, 2, 50, 1, 5, 2, 20)
	back.Visits[1].Outcome = "sent_back"
	g := graphOf([]measured{back, stays("B", 1, 10, 2, 30), stays("C", 1, 10, 2, 40)})
	if g.Nodes[0].Visits != 4 || g.Nodes[0].Dossiers != 3 || g.Nodes[1].Returns != 1 {
		t.Errorf("nodes %+v", g.Nodes)
	}
	got := map[[2]int]Edge{}
	for _, e := range g.Edges {
		got[[2]int{e.From, e.To}] = e
	}
	if e := got[[2]int{2, 1}]; e.N != 1 || !e.Back {
		t.Errorf("the return is %+v", e)
	}
	if e := got[[2]int{1, 2}]; e.N != 4 || e.Back || got[[2]int{Start, 1}].N != 3 || got[[2]int{2, End}].N != 3 {
		t.Errorf("edges %+v", g.Edges)
	}
	if first := g.Bottlenecks()[0]; first.Step != 2 || first.Whole.Sum != 140 {
		t.Errorf("bottleneck %+v", first)
	}
	v := variantsOf([]measured{back, stays("B", 1, 10, 2, 30), stays("C", 1, 10, 2, 40)})
	if len(v) != 2 || v[0].N != 2 || v[0].Median != 45 || len(v[1].Steps) != 4 {
		t.Errorf("variants %+v", v)
	}
	if d := draw(g); len(d.Boxes) != 2 || !d.Boxes[1].Hot || len(d.Arrows) != len(g.Edges) {
		t.Errorf("drawing %+v", d)
	}
}

// What goes into a step comes out of it: dossiers neither vanish in the graph nor appear.
func TestGraph_conservesDossiers(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var traces []measured
		for range rapid.IntRange(1, 20).Draw(t, "dossiers") {
			var pairs []int64
			for range rapid.IntRange(0, 8).Draw(t, "visits") {
				pairs = append(pairs, rapid.Int64Range(1, 5).Draw(t, "step"), rapid.Int64Range(0, 500).Draw(t, "minutes"))
			}
			traces = append(traces, stays("x", pairs...))
		}
		g := graphOf(traces)
		in, out := map[int]int{}, map[int]int{}
		for _, e := range g.Edges {
			out[e.From] += e.N
			in[e.To] += e.N
		}
		for _, n := range g.Nodes {
			if in[n.Step] != n.Visits || out[n.Step] != n.Visits {
				t.Fatalf("step %d: %d visits, %d in, %d out", n.Step, n.Visits, in[n.Step], out[n.Step])
			}
		}
		if out[Start] != in[End] {
			t.Fatalf("%d begin, %d end", out[Start], in[End])
		}
		n := 0
		for _, v := range variantsOf(traces) {
			n += v.N
		}
		if n != len(traces) {
			t.Fatalf("%d dossiers in variants of %d", n, len(traces))
		}
	})
}

func TestDist_isByNearestRankAndTheMiddleOfTwo(t *testing.T) {
	t.Parallel()
	if d := distOf([]int64{40, 10, 20, 30}); d.Median != 25 || d.Quarter != 10 || d.Upper != 30 || d.Most9 != 40 || d.Sum != 100 {
		t.Errorf("%+v", d)
	}
	if d := distOf(nil); d.N != 0 || d.Median != 0 {
		t.Errorf("nothing gives %+v", d)
	}
	if d := distOf([]int64{7}); d.Median != 7 || d.Most9 != 7 {
		t.Errorf("one gives %+v", d)
	}
}

func TestCompare_matchesStepsByTheirWordsAndJudgesOnlyWithEnough(t *testing.T) {
	t.Parallel()
	var before, after []measured
	for i := range 12 {
		b := stays("b", 1, 100, 2, 200)
		b.Visits[0].Name, b.Visits[1].Name = "Tiếp nhận", "Trình lãnh đạo phòng"
		a := stays("a", 1, 40, 2, 10)
		a.Visits[0].Name, a.Visits[1].Name = "TIẾP NHẬN", "Ký số"
		before = append(before, b)
		if i < 9 {
			after = append(after, a)
		}
	}
	c := compare(Side{Graph: graphOf(before)}, Side{Graph: graphOf(after)})
	if c.Enough || c.Saved() != 250 || len(c.Steps) != 3 {
		t.Fatalf("%+v", c)
	}
	if s := c.Steps[0]; s.New || s.Gone || s.Before.Median != 100 || s.After.Median != 40 {
		t.Errorf("the same step by other letters: %+v", s)
	}
	if !c.Steps[1].New || !c.Steps[2].Gone {
		t.Errorf("new and gone: %+v", c.Steps)
	}
}

func TestXES_isWellFormedNamesNoPersonAndHasEveryDossier(t *testing.T) {
	t.Parallel()
	d := dbtest.NewSQLite(t)
	agency, reader, _ := newDesk(t, d, `Sở "A" & B`)
	src := &past{}
	for i := range exportPage + 3 {
		src.traces = append(src.traces, Trace{Code: string(rune('a'+i/100)) + string(rune('a'+i/10%10)) + string(rune('a'+i%10)), Visits: []Visit{visit(1, "Tiếp nhận", agency, "2026-10-12", "08:00", "08:10", "09:00", "ended")}})
	}
	s := &Service{DB: d, Clock: func() time.Time { return at("2026-10-14", "09:00") }, Source: src}
	var b bytes.Buffer
	if err := s.XES(reader, Query{Key: "k"}, &b); err != nil {
		t.Fatal(err)
	}
	traces, events := 0, 0
	for dec := xml.NewDecoder(bytes.NewReader(b.Bytes())); ; {
		tok, err := dec.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if e, ok := tok.(xml.StartElement); ok {
			switch e.Name.Local {
			case "trace":
				traces++
			case "event":
				events++
			}
		}
	}
	if traces != exportPage+3 || events != 3*traces {
		t.Errorf("%d traces, %d events", traces, events)
	}
	if strings.Contains(b.String(), "org:resource") || !strings.Contains(b.String(), "2026-10-12T08:10:00.000+07:00") {
		t.Error("a person is named, or the time has no zone")
	}
}
