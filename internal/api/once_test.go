package api

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"

	"cchc/internal/db"
	"cchc/internal/db/dbtest"
	"cchc/internal/errs"
	"cchc/internal/identity"
)

const key = "Idempotency-Key"

func TestOnce_aRepeatAnswersWhatTheFirstCallAnswered(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := newBench(t, d, caller)
		first := b.ask("POST", "/api/things", `{"name":"a"}`, key, "0198c9a2-01")
		again := b.ask("POST", "/api/things", `{"name":"a"}`, key, "0198c9a2-01")
		if first.Code != 200 || again.Code != 200 || first.Body.String() != again.Body.String() || b.made != 1 {
			t.Fatalf("made %d: %d %s, %d %s", b.made, first.Code, first.Body, again.Code, again.Body)
		}
		if again.Header().Get("Idempotency-Replayed") != "true" || first.Header().Get("Idempotency-Replayed") != "" {
			t.Error("a repeat says that it is one")
		}
		if p := problemIn(t, b.ask("POST", "/api/things", `{"name":"b"}`, key, "0198c9a2-01")); p.Status != 422 || p.Code != "api.key_reused" {
			t.Errorf("got %d %s", p.Status, p.Code)
		}
		other := newBench(t, d, identity.Actor{AccountID: "a2"})
		if w := other.ask("POST", "/api/things", `{"name":"b"}`, key, "0198c9a2-01"); w.Code != 200 || other.made != 1 {
			t.Error("the key of one account says nothing about another")
		}
		b.ask("POST", "/api/things", `{"name":"a"}`)
		if b.made != 2 {
			t.Error("without a key every call counts")
		}
	})
}

func TestOnce_manyAtOnceMakeOne(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := newBench(t, d, caller)
		var wg sync.WaitGroup
		codes := make([]int, 12)
		for i := range codes {
			wg.Go(func() { codes[i] = b.ask("POST", "/api/things", `{"name":"a"}`, key, "0198c9a2-02").Code })
		}
		wg.Wait()
		for _, c := range codes {
			if c != 200 && c != 409 {
				t.Errorf("got %d", c)
			}
		}
		if b.made != 1 {
			t.Errorf("made %d", b.made)
		}
	})
}

func TestOnce_keepsARefusalButFreesTheKeyAfterAFaultOfOurs(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := newBench(t, d, caller)
		b.fails = errs.New(errs.Conflict, "ui.version_missing")
		b.ask("POST", "/api/things", `{"name":"a"}`, key, "0198c9a2-03")
		b.fails = nil
		if w := b.ask("POST", "/api/things", `{"name":"a"}`, key, "0198c9a2-03"); w.Code != 409 || b.made != 0 {
			t.Errorf("a refusal is an answer, got %d", w.Code)
		}
		b.fails = errors.New("disk")
		if w := b.ask("POST", "/api/things", `{"name":"a"}`, key, "0198c9a2-04"); w.Code != 500 {
			t.Errorf("got %d", w.Code)
		}
		b.fails = nil
		if w := b.ask("POST", "/api/things", `{"name":"a"}`, key, "0198c9a2-04"); w.Code != 200 || b.made != 1 {
			t.Errorf("after a fault of ours the call may be repeated, got %d", w.Code)
		}
	})
}

func TestSettle_keepsTheAnswerWithTheChange(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := newBench(t, d, caller)
		c := call{Account: "a1", Route: "POST /api/things", Key: "0198c9a2-05", Hash: "h", CreatedMs: noon().UnixMilli()}
		if _, found, err := b.api.begin(context.Background(), c); err != nil || found {
			t.Fatalf("got %v, %v", found, err)
		}
		ctx := context.WithValue(context.Background(), callKey{}, &c)
		err := d.Write(ctx, func(tx *db.Tx) error { return Settle(ctx, tx, 201, thing{Name: "kept", Version: 1}) })
		if err != nil {
			t.Fatal(err)
		}
		before, found, err := b.api.begin(context.Background(), c)
		if err != nil || !found || before.Status != 201 || !strings.Contains(before.Body, "kept") {
			t.Errorf("got %+v, %v", before, err)
		}
		if err := d.Write(ctx, func(tx *db.Tx) error { return Settle(context.Background(), tx, 200, nil) }); err != nil {
			t.Errorf("without a key nothing is kept: %v", err)
		}
	})
}

func TestOnce_forgetsAfterADay(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := newBench(t, d, caller)
		old := call{Account: "a1", Route: "r", Key: "0198c9a2-06", Hash: "h", CreatedMs: noon().UnixMilli() - keyLife.Milliseconds() - 1}
		if _, _, err := b.api.begin(context.Background(), old); err != nil {
			t.Fatal(err)
		}
		fresh := old
		fresh.CreatedMs, fresh.Hash = noon().UnixMilli(), "other"
		if _, found, err := b.api.begin(context.Background(), fresh); err != nil || found {
			t.Errorf("got %v, %v", found, err)
		}
	})
}
