package mining

import (
	"context"
	"io"
	"time"

	"cchc/internal/calendar"
	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/errs"
	"cchc/internal/identity"
	"cchc/internal/org"
)

// Reader is who asks, for the reach of lists.
type Reader struct {
	Account, Right string
	NowMs          int64
}

// Query asks for finished dossiers of one procedure.
type Query struct {
	Reader
	Key            string // of the procedure
	FromDay, ToDay string // finished from … to, both included
	Agency         string // id of the competent agency; "" all within reach
	Version        string // id of the process version; "" all
}

// Source tells the ways of dossiers; app wires it to the one-stop shop. Every answer is
// within the reader's reach.
type Source interface {
	// Procedures lists procedures with dossiers finished in the days, the busiest first.
	Procedures(tx *db.Tx, r Reader, fromDay, toDay string) ([]Procedure, error)
	// Versions lists the process versions under which dossiers of the query were received, the oldest first.
	Versions(tx *db.Tx, q Query) ([]Version, error)
	// Traces gives finished dossiers, the last finished first; next is "" at the end.
	Traces(tx *db.Tx, q Query, after string, limit int) (traces []Trace, next string, err error)
}

// Service is what people ask.
type Service struct {
	DB     *db.DB
	Clock  clock.Clock
	Source Source
}

// Sample is how many dossiers a study reads, the last finished ones: enough for a
// median that a thousand more would not move, and a page that answers at once.
const Sample = 1000

// Study is what the page of a procedure shows.
type Study struct {
	Procedure
	Query    Query
	Read     int  // dossiers read
	More     bool // there are more in the period: the newest Sample were read
	Late     int
	Graph    Graph
	Variants []Variant
	Versions []Version
	Agencies map[string]string // names of the agencies in the traces
	// Compared is the comparison of the two versions asked for; nil without one.
	Compared *Comparison
}

// period fills the days that were left out: the last twelve months up to now.
func (s *Service) period(fromDay, toDay string) (string, string, error) {
	now := s.Clock().In(clock.Vietnam)
	if toDay == "" {
		toDay = clock.Day(now)
	}
	if fromDay == "" {
		fromDay = clock.Day(now.AddDate(-1, 0, 1))
	}
	for _, d := range []string{fromDay, toDay} {
		if t, err := clock.ParseDay(d); err != nil || clock.Day(t) != d {
			return "", "", errs.OnField("from", "mining.day_unreadable")
		}
	}
	if fromDay > toDay {
		return "", "", errs.OnField("from", "mining.days_crossed")
	}
	return fromDay, toDay, nil
}

// reader is who asks; a visitor reaches nothing.
func (s *Service) reader(ctx context.Context) (Reader, error) {
	a := identity.From(ctx)
	if !a.SignedIn() {
		return Reader{}, errs.New(errs.Unauthenticated, "identity.sign_in_first")
	}
	if !a.Has(RightView) {
		return Reader{}, errs.New(errs.Forbidden, "mining.right_missing")
	}
	return Reader{Account: a.Reach(RightView), Right: RightView, NowMs: s.Clock().UnixMilli()}, nil
}

// List reads which procedures were finished between two days ("": the last twelve
// months) within the reader's reach. Refusals: mining.day_unreadable, mining.days_crossed.
func (s *Service) List(ctx context.Context, fromDay, toDay string) (list []Procedure, from, to string, err error) {
	r, err := s.reader(ctx)
	if err != nil {
		return nil, "", "", err
	}
	if from, to, err = s.period(fromDay, toDay); err != nil {
		return nil, "", "", err
	}
	err = s.DB.Read(ctx, func(tx *db.Tx) error { list, err = s.Source.Procedures(tx, r, from, to); return err })
	return list, from, to, err
}

// Study reads where the time of one procedure went. Only q's procedure, days, agency and
// version are taken from the caller. before and after are two versions to compare, both
// "" for none. NotFound mining.procedure_unknown: also when nothing of it is in reach.
func (s *Service) Study(ctx context.Context, q Query, before, after string) (st Study, err error) {
	if q.Reader, err = s.reader(ctx); err != nil {
		return st, err
	}
	if q.FromDay, q.ToDay, err = s.period(q.FromDay, q.ToDay); err != nil {
		return st, err
	}
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		st = Study{Query: q, Agencies: map[string]string{}}
		list, err := s.Source.Procedures(tx, q.Reader, q.FromDay, q.ToDay)
		if err != nil {
			return err
		}
		found := false
		for _, p := range list {
			if p.Key == q.Key {
				st.Procedure, found = p, true
			}
		}
		if !found {
			return errs.New(errs.NotFound, "mining.procedure_unknown")
		}
		if st.Versions, err = s.Source.Versions(tx, q); err != nil {
			return err
		}
		traces, next, err := s.Source.Traces(tx, q, "", Sample)
		if err != nil {
			return err
		}
		counted, err := count(tx, traces)
		if err != nil {
			return err
		}
		st.Read, st.More = len(counted), next != ""
		st.Graph, st.Variants = graphOf(counted), variantsOf(counted)
		st.Late = late(counted)
		if err := names(tx, traces, st.Agencies); err != nil {
			return err
		}
		if before == "" && after == "" {
			return nil
		}
		return s.compareInto(tx, q, before, after, &st)
	})
	return st, err
}

func (s *Service) compareInto(tx *db.Tx, q Query, before, after string, st *Study) error {
	sides := [2]Side{}
	for i, id := range []string{before, after} {
		known := false
		for _, v := range st.Versions {
			if v.ID == id {
				sides[i].Version, known = v, true
			}
		}
		if !known || before == after {
			return errs.OnField("before", "mining.versions_unclear")
		}
		q.Version = id
		traces, _, err := s.Source.Traces(tx, q, "", Sample)
		if err != nil {
			return err
		}
		counted, err := count(tx, traces)
		if err != nil {
			return err
		}
		sides[i].Graph, sides[i].Late = graphOf(counted), late(counted)
	}
	c := compare(sides[0], sides[1])
	st.Compared = &c
	return nil
}

func late(traces []measured) (n int) {
	for _, t := range traces {
		if t.Late {
			n++
		}
	}
	return n
}

// names reads the names of the agencies that traces went through.
func names(tx *db.Tx, traces []Trace, into map[string]string) error {
	for _, t := range traces {
		for _, v := range t.Visits {
			if _, known := into[v.Agency]; known || v.Agency == "" {
				continue
			}
			a, err := org.Find(tx, v.Agency)
			if err != nil {
				return err
			}
			into[v.Agency] = a.Name
		}
	}
	return nil
}

// count gives every visit its working minutes by the calendar of the agency that held it.
func count(tx *db.Tx, traces []Trace) ([]measured, error) {
	calendars := map[string]calendar.Calendar{}
	out := make([]measured, len(traces))
	for i, t := range traces {
		out[i] = measured{Trace: t, at: make([]minutes, len(t.Visits))}
		for k, v := range t.Visits {
			cal, known := calendars[v.Agency]
			if !known {
				var err error
				if cal, err = calendar.Load(tx, v.Agency); err != nil {
					return nil, err
				}
				calendars[v.Agency] = cal
			}
			m, err := minutesOf(cal, v)
			if err != nil {
				return nil, err
			}
			out[i].at[k] = m
			out[i].total += m.Whole
		}
	}
	return out, nil
}

// minutesOf counts a visit. One that did not end yet has no time.
func minutesOf(cal calendar.Calendar, v Visit) (m minutes, err error) {
	if v.Done.IsZero() {
		return m, nil
	}
	pauses := make([]calendar.Span, len(v.Pauses))
	for i, p := range v.Pauses {
		pauses[i] = calendar.Span{From: p.From, To: p.To}
	}
	if m.Whole, err = cal.Used(v.Entered, v.Done, pauses...); err != nil || v.Started.IsZero() {
		return m, err
	}
	m.Split = true
	if m.Wait, err = cal.Used(v.Entered, v.Started, pauses...); err != nil {
		return m, err
	}
	m.Work = m.Whole - m.Wait
	return m, nil
}

// exportPage is how many traces are read at a time for a file.
const exportPage = 500

// XES writes all finished dossiers of a query as an event log. Every page of it is a
// short reading of its own, so a long export holds nobody up.
func (s *Service) XES(ctx context.Context, q Query, out io.Writer) (err error) {
	if q.Reader, err = s.reader(ctx); err != nil {
		return err
	}
	if q.FromDay, q.ToDay, err = s.period(q.FromDay, q.ToDay); err != nil {
		return err
	}
	agencies := map[string]string{"": ""}
	x := xesWriter{out: out, agency: func(id string) string { return agencies[id] }}
	if err := x.open(q.Key); err != nil {
		return err
	}
	for after, first := "", true; first || after != ""; first = false {
		var traces []Trace
		err := s.DB.Read(ctx, func(tx *db.Tx) (err error) {
			if traces, after, err = s.Source.Traces(tx, q, after, exportPage); err != nil {
				return err
			}
			return names(tx, traces, agencies)
		})
		if err != nil {
			return err
		}
		for _, t := range traces {
			if err := x.trace(t); err != nil {
				return err
			}
		}
	}
	return x.close()
}

// wholeDays says how long minutes are in days of eight working hours and the hours and
// minutes that are left.
func wholeDays(m int64) (days, hours, rest int64) {
	const day = int64(8 * time.Hour / time.Minute)
	if m < 0 {
		m = -m
	}
	return m / day, m % day / 60, m % 60
}
