package dossier

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"cchc/internal/audit"
	"cchc/internal/calendar"
	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/indicator"
)

// Bulk asks for many dossiers at once, for measuring: rows as people's acts would have
// left them, written without asking the rules again for each. Days, due times, steps,
// history, search text and counters agree with each other: a recount proves it.
type Bulk struct {
	DB         *db.DB
	Procedures Catalogue
	Log        func(clock.Clock) *audit.Log
	From       string // first day
	Until      time.Time
	Rows       int
	Open       int      // of them in the hands of the first agency, at their first working step
	OpenKey    string   // their procedure
	Keys       []string // procedures
	Agencies   []string // codes; the first one has six of ten dossiers
	Progress   func(done int)
}

type bulk struct {
	Bulk
	dice   *rand.Rand
	at     time.Time
	log    *audit.Log
	cal    calendar.Calendar
	id     []string
	terms  map[string]*Terms
	last   map[bulkDay]int // the numbers of days
	new    map[bulkDay]bool
	counts map[bulkCount]int64
}

// bulkDay is a day at one of the agencies.
type bulkDay struct {
	agency int
	day    string
}

type bulkCount struct {
	code, agency, day string
	dims              [2]string
}

// bulkWrite is how many dossiers one transaction makes.
const bulkWrite = 2000

// SeedBulk makes them.
func SeedBulk(ctx context.Context, in Bulk) error {
	b := &bulk{Bulk: in, dice: rand.New(rand.NewPCG(4, 2)), terms: map[string]*Terms{}, last: map[bulkDay]int{}, new: map[bulkDay]bool{}, counts: map[bulkCount]int64{}}
	b.log = in.Log(func() time.Time { return b.at })
	first, err := clock.ParseDay(in.From)
	if err != nil {
		return err
	}
	if err := in.DB.Write(ctx, b.prepare); err != nil {
		return err
	}
	span := in.Until.Sub(first)
	for done := 0; done < in.Rows; done += bulkWrite {
		err := in.DB.Write(ctx, func(tx *db.Tx) error {
			for i := done; i < min(done+bulkWrite, in.Rows); i++ {
				at := in.Until.Add(-time.Duration(in.Rows-i) * time.Second) // still open: of the last days
				if closed := in.Rows - in.Open; i < closed {
					at = first.Add(time.Duration(float64(span) * float64(i) / float64(closed)))
				}
				if err := b.one(tx, i, at.Truncate(time.Minute)); err != nil {
					return err
				}
			}
			return b.flush(tx)
		})
		if err != nil {
			return err
		}
		in.Progress(min(done+bulkWrite, in.Rows))
	}
	return nil
}

// prepare reads what all dossiers share.
func (b *bulk) prepare(tx *db.Tx) (err error) {
	day := clock.Day(b.Until)
	for _, code := range b.Agencies {
		o, err := agencyOn(tx, code, day, "agency")
		if err != nil {
			return err
		}
		b.id = append(b.id, o.ID)
	}
	for _, key := range b.Keys {
		p, err := b.Procedures.Find(tx, key, "", day, false)
		if err != nil {
			return err
		}
		t, body, err := newTerms(p)
		if err != nil {
			return err
		}
		if err := addTerms(tx, t, body); err != nil {
			return err
		}
		b.terms[key] = t
	}
	b.cal, err = calendar.Load(tx, "")
	return err
}

// one writes one dossier: returned when it is old, else in the hands of the first agency.
func (b *bulk) one(tx *db.Tx, i int, at time.Time) error {
	open := i >= b.Rows-b.Open
	a := 0
	if !open && b.dice.IntN(10) >= 6 {
		a = 1 + b.dice.IntN(len(b.id)-1)
	}
	t := b.terms[b.Keys[i%len(b.Keys)]]
	if open {
		t = b.terms[b.OpenKey]
	}
	who := audit.Who{Account: "bench", Name: "Cán bộ thụ lý", Agency: b.id[a]}
	at = b.cal.Norm(at)
	start := at.UnixMilli()
	due, err := t.dueOf(b.cal, start, nil)
	if err != nil {
		return err
	}
	code, err := b.number(tx, a, clock.Day(at))
	if err != nil {
		return err
	}
	d := Dossier{ID: db.NewID(), Code: code, Terms: t.ID, Procedure: t.Key, ProcedureName: t.Name, Channel: Channels[i%2], Receiving: b.id[a], Competent: b.id[a],
		ReceivedFor: b.id[a], ReceivedBy: b.id[a], Returning: b.id[a], BegunMs: start, ReceivedMs: start, StartMs: start, OriginalDueMs: due, ClockDueMs: due, DueMs: due, FinishedMs: Forever,
		CreatedMs: start, CreatedBy: who.Account, State: Received}
	p, content := b.words(i)
	d.Applicant, d.Content = p.Name, content
	if d.Channel == Online { // sent a working hour before
		d.SubmittedMs, d.AnsweredMs, d.AnsweredDueMs, d.ReceptionDueMs = start, start, start+1, start+1
		b.count(CountAnswered, d, start)
		b.count(CountAnsweredOnTime, d, start)
	}
	b.count(CountReceived, d, start)
	b.count(CountTakenIn, d, start)
	h := &bulkHistory{b: b, d: &d, c: &course{terms: t}, who: who}
	if err := h.live(at, open, b.dice.IntN(25) == 0); err != nil {
		return err
	}
	return h.write(tx, p)
}

// number goes on where a day's numbers stand.
func (b *bulk) number(tx *db.Tx, a int, day string) (string, error) {
	key := bulkDay{a, day}
	if _, known := b.last[key]; !known {
		n, err := lastNumber(tx, b.id[a], day)
		if err != nil {
			return "", err
		}
		b.last[key] = n
	}
	b.last[key]++
	b.new[key] = true
	return codeOf(b.Agencies[a], day, b.last[key]), nil
}

func (b *bulk) count(code string, d Dossier, ms int64) {
	b.counts[bulkCount{code, d.Competent, clock.Day(clock.FromMs(ms)), [2]string{d.Procedure, string(d.Channel)}}]++
}

// flush writes the counts of a transaction, and the numbers that the days have reached.
func (b *bulk) flush(tx *db.Tx) error {
	for k, n := range b.counts {
		if err := indicator.Count(tx, k.code, k.agency, k.day, k.dims, n); err != nil {
			return err
		}
	}
	clear(b.counts)
	for d := range b.new {
		if err := setNumber(tx, b.id[d.agency], d.day, b.last[d]); err != nil {
			return err
		}
	}
	clear(b.new)
	return nil
}

var (
	streets = []string{"Nguyễn Huệ", "Lê Lợi", "Trần Phú", "Hùng Vương", "Phan Bội Châu", "Tăng Bạt Hổ", "Ngô Mây", "Lê Hồng Phong", "Diên Hồng", "Chương Dương", "Xuân Diệu", "Hàn Mặc Tử"}
	objects = []string{"quán cà phê", "cửa hàng tạp hóa", "cơ sở karaoke", "tiệm sửa xe", "nhà nghỉ", "xưởng mộc", "hiệu thuốc", "quán ăn gia đình", "cửa hàng vật liệu xây dựng", "cơ sở may mặc"}
)

// words makes an applicant and a content: two words side by side that some hundred share,
// a word that some twenty share, and words that very many share.
func (b *bulk) words(i int) (Party, string) {
	name := surnames[b.dice.IntN(len(surnames))] + " " + middles[b.dice.IntN(len(middles))] + " " + givens[b.dice.IntN(len(givens))]
	p := Party{Kind: "citizen", Name: name, IDKind: "citizen_id", IDNumber: fmt.Sprintf("999%09d", i), Phone: "0900000000"}
	return p, fmt.Sprintf("Đăng ký %s số %d %s, tổ %d, lô %s", objects[b.dice.IntN(len(objects))], 1+b.dice.IntN(400), streets[b.dice.IntN(len(streets))], 1+b.dice.IntN(60), RareWord(i))
}

// RareWord is the word that some twenty of the bulk's dossiers share with number i.
func RareWord(i int) string { return fmt.Sprintf("LK%05d", i/20*7919%100_000) }

// StreetPhrase is two words that stand side by side in many of them.
func StreetPhrase(i int) string { return streets[i%len(streets)] }
