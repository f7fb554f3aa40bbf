package event

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/db/dbtest"
	"cchc/internal/errs"
)

var noon = time.Date(2026, 10, 14, 5, 0, 0, 0, time.UTC)

type made struct {
	N int `json:"n"`
}

func (made) Kind() string { return "test.made" }

type other struct{ made }

func (other) Kind() string { return "test.other" }

func write(t *testing.T, d *db.DB, fn func(tx *db.Tx) error) {
	t.Helper()
	if err := d.Write(context.Background(), fn); err != nil {
		t.Fatal(err)
	}
}

func post(t *testing.T, d *db.DB, from, to int) {
	t.Helper()
	write(t, d, func(tx *db.Tx) error {
		for i := from; i < to; i++ {
			if err := Post(tx, noon.Add(time.Duration(i)*time.Millisecond), made{i}); err != nil {
				return err
			}
		}
		return nil
	})
}

// notebook is a table in which a subscriber's effect can be counted.
func notebook(t *testing.T, d *db.DB) {
	t.Helper()
	write(t, d, func(tx *db.Tx) error {
		_, err := tx.Exec(`CREATE TABLE test_note (seq BIGINT NOT NULL, who TEXT NOT NULL, n BIGINT NOT NULL)`)
		return err
	})
}

// note writes who, was told what, in which order.
func note(who string) func(tx *db.Tx, body []byte) error {
	return func(tx *db.Tx, body []byte) error {
		var m made
		if err := json.Unmarshal(body, &m); err != nil {
			return err
		}
		_, err := tx.Exec(`INSERT INTO test_note (seq, who, n) VALUES ((SELECT COUNT(*) FROM test_note WHERE who = $1), $1, $2)`, who, m.N)
		return err
	}
}

func notes(t *testing.T, d *db.DB, who string) (ns []int64) {
	t.Helper()
	err := d.Read(context.Background(), func(tx *db.Tx) (err error) {
		ns, err = db.All(tx, db.Value[int64], `SELECT n FROM test_note WHERE who = $1 ORDER BY seq`, who)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return ns
}

func upTo(n int) (ns []int64) {
	for i := range n {
		ns = append(ns, int64(i))
	}
	return ns
}

func open(t *testing.T, d *db.DB) (n int64) {
	t.Helper()
	err := d.Read(context.Background(), func(tx *db.Tx) (err error) {
		n, _, err = db.One(tx, db.Value[int64], `SELECT COUNT(*) FROM event_outbox WHERE done_ms IS NULL`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestPost_announcesNothingWhenTheChangeIsRolledBack(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		broken := errors.New("broken")
		err := d.Write(context.Background(), func(tx *db.Tx) error {
			if err := Post(tx, noon, made{1}); err != nil {
				return err
			}
			return broken
		})
		if !errors.Is(err, broken) || open(t, d) != 0 {
			t.Errorf("%v, %d open", err, open(t, d))
		}
	})
}

func TestDrain_tellsEverySubscriberInTheOrderOfCreation(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		notebook(t, d)
		b := NewBus(d, clock.At(noon))
		b.On("test.made", "a", note("a"))
		b.On("test.made", "b", note("b"))
		post(t, d, 50, 100) // committed first, happened later
		post(t, d, 0, 50)
		write(t, d, func(tx *db.Tx) error { return Post(tx, noon, other{made{7}}) }) // nobody listens
		if err := b.Drain(context.Background()); err != nil {
			t.Fatal(err)
		}
		for _, who := range []string{"a", "b"} {
			if got := notes(t, d, who); !slices.Equal(got, upTo(100)) {
				t.Errorf("%s was told %v", who, got)
			}
		}
		if open(t, d) != 0 {
			t.Errorf("%d stayed open", open(t, d))
		}
	})
}

func TestDrain_letsOthersGoOnWhileOneSubscriberFailsAndKeepsItsOrder(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		notebook(t, d)
		b := NewBus(d, clock.At(noon))
		var mended atomic.Bool
		b.On("test.made", "good", note("good"))
		b.On("test.made", "bad", func(tx *db.Tx, body []byte) error {
			if err := note("bad")(tx, body); err != nil {
				return err
			}
			if strings.Contains(string(body), `:3`) && !mended.Load() {
				panic("cannot take 3")
			}
			return nil
		})
		post(t, d, 0, 8)
		if err := b.Drain(context.Background()); err == nil || !strings.Contains(err.Error(), "cannot take 3") {
			t.Fatalf("got %v", err)
		}
		if got := notes(t, d, "good"); !slices.Equal(got, upTo(8)) {
			t.Errorf("good was told %v", got)
		}
		if got := notes(t, d, "bad"); !slices.Equal(got, upTo(3)) {
			t.Errorf("bad was told %v before it was mended", got)
		}
		shown := list(t, d)
		if len(shown) != 1 || shown[0].Attempts != 1 || shown[0].Subscriber != "bad" || shown[0].Error == "" || shown[0].NextMs != noon.Add(time.Second).UnixMilli() {
			t.Errorf("shown: %+v", shown)
		}
		mended.Store(true)
		if err := b.Drain(context.Background()); err != nil {
			t.Fatal(err)
		}
		if got := notes(t, d, "bad"); !slices.Equal(got, upTo(8)) {
			t.Errorf("bad was told %v", got)
		}
		if len(list(t, d)) != 0 || open(t, d) != 0 {
			t.Errorf("left: %+v, %d open", list(t, d), open(t, d))
		}
	})
}

func list(t *testing.T, d *db.DB) (out []Delivery) {
	t.Helper()
	err := d.Read(context.Background(), func(tx *db.Tx) (err error) { out, err = Failing(tx, 10); return err })
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestBus_backsOffThenParksAndAPersonReplays(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		notebook(t, d)
		now := noon
		b := NewBus(d, func() time.Time { return now })
		var mended atomic.Bool
		b.On("test.made", "bad", func(tx *db.Tx, body []byte) error {
			if strings.Contains(string(body), `:0`) && !mended.Load() {
				return errors.New("no")
			}
			return note("bad")(tx, body)
		})
		post(t, d, 0, 2)
		attempts := 0
		for range 40000 {
			_, failed, err := b.pass(context.Background(), false)
			if err != nil {
				t.Fatal(err)
			}
			if failed != nil {
				attempts++
			}
			shown := list(t, d)
			if shown[0].Parked {
				break
			}
			now = time.UnixMilli(shown[0].NextMs - 1) // one moment too early: nothing happens
			if _, failed, _ := b.pass(context.Background(), false); failed != nil {
				t.Fatal("tried before its time")
			}
			now = time.UnixMilli(shown[0].NextMs)
		}
		if attempts != maxAttempts {
			t.Errorf("%d attempts, want %d", attempts, maxAttempts)
		}
		if err := b.Drain(context.Background()); err != nil {
			t.Fatal(err)
		}
		if got := notes(t, d, "bad"); !slices.Equal(got, []int64{1}) {
			t.Errorf("told %v: the line must go on behind a parked one", got)
		}
		mended.Store(true)
		id := list(t, d)[0].EventID
		write(t, d, func(tx *db.Tx) error { return Replay(tx, id, "bad") })
		if err := b.Drain(context.Background()); err != nil {
			t.Fatal(err)
		}
		if got := notes(t, d, "bad"); !slices.Equal(got, []int64{1, 0}) {
			t.Errorf("told %v", got)
		}
		if err := d.Write(context.Background(), func(tx *db.Tx) error { return Replay(tx, id, "bad") }); errs.CodeOf(err) != "event.delivery_unknown" {
			t.Errorf("got %v", err)
		}
	})
}

func TestRun_tellsOnceEachWithTwoNodesWhileWritersWork(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		notebook(t, d)
		ctx, cancel := context.WithCancel(context.Background())
		var nodes, writers sync.WaitGroup
		for range 2 {
			b := NewBus(d, clock.At(noon))
			for _, who := range []string{"a", "b", "c"} {
				b.On("test.made", who, note(who))
			}
			nodes.Go(func() { b.Run(ctx) })
		}
		for w := range 4 {
			writers.Go(func() {
				for i := range 15 {
					err := d.Write(context.Background(), func(tx *db.Tx) error { return Post(tx, noon, made{w*15 + i}) })
					if err != nil {
						t.Error(err)
					}
				}
			})
		}
		writers.Wait()
		for open(t, d) > 0 {
			time.Sleep(10 * time.Millisecond)
		}
		cancel()
		nodes.Wait()
		for _, who := range []string{"a", "b", "c"} {
			got := notes(t, d, who)
			slices.Sort(got)
			if !slices.Equal(got, upTo(60)) {
				t.Errorf("%s was told %v", who, got)
			}
		}
	})
}

func TestForget_removesWhatIsLongDoneAndKeepsWhatWasGivenUp(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		notebook(t, d)
		b := NewBus(d, clock.At(noon))
		b.On("test.made", "a", note("a"))
		post(t, d, 0, 3)
		if err := b.Drain(context.Background()); err != nil {
			t.Fatal(err)
		}
		write(t, d, func(tx *db.Tx) error {
			_, err := tx.Exec(`UPDATE event_delivery SET done_ms = NULL, parked_ms = 1 WHERE event_id = (SELECT MIN(id) FROM event_outbox)`)
			return err
		})
		if err := b.Forget(context.Background(), noon.Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
		var left int64
		err := d.Read(context.Background(), func(tx *db.Tx) (err error) {
			left, _, err = db.One(tx, db.Value[int64], `SELECT COUNT(*) FROM event_outbox`)
			return err
		})
		if err != nil || left != 1 {
			t.Errorf("%d left, %v", left, err)
		}
	})
}

func TestOn_refusesTwoSubscribersOfOneName(t *testing.T) {
	t.Parallel()
	defer func() {
		if fmt.Sprint(recover()) == "<nil>" {
			t.Error("the second was accepted")
		}
	}()
	b := NewBus(nil, clock.At(noon))
	b.On("test.made", "a", note("a"))
	b.On("test.made", "a", note("a"))
}
