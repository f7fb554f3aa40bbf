package db

import (
	"bytes"
	"context"
	"errors"
	"reflect"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"
)

// ErrNested refuses a Write or Read inside a Write. On SQLite the inner Write would
// wait for the writer that runs the outer one, for ever; an inner Read would not see
// what the outer Write has changed. It is a mistake of the program, not of a person.
var ErrNested = errors.New("db: Write or Read inside a Write; use the tx that you have, or AfterCommit")

// nesting knows which goroutines run a Write's function at this moment.
type nesting struct {
	active atomic.Int64 // Writes under way; 0 spares every Read the look at its stack
	inside sync.Map     // goroutine id → true
}

type nestedKey struct{ d *DB }

// inWrite marks the context of a Write's transaction.
func (d *DB) inWrite(ctx context.Context) context.Context {
	return context.WithValue(ctx, nestedKey{d}, true)
}

// refuseNested answers ErrNested when ctx comes from a Write's transaction or when
// this goroutine is running a Write's function. The second look walks our own stack
// for runFn, about a microsecond; only when it is there do we ask for the
// goroutine's id, which costs ten times as much, to be sure that it is this database.
func (d *DB) refuseNested(ctx context.Context) error {
	if ctx.Value(nestedKey{d}) != nil {
		return ErrNested
	}
	if d.nested.active.Load() == 0 || !underRunFn() {
		return nil
	}
	if _, inside := d.nested.inside.Load(goroutine()); inside {
		return ErrNested
	}
	return nil
}

// runFnEntry is filled at start: runFn refers to it through refuseNested.
var runFnEntry uintptr

func init() { runFnEntry = reflect.ValueOf(runFn).Pointer() }

func underRunFn() bool {
	var pcs [64]uintptr
	for _, pc := range pcs[:runtime.Callers(3, pcs[:])] {
		if f := runtime.FuncForPC(pc - 1); f != nil && f.Entry() == runFnEntry {
			return true
		}
	}
	return false
}

// goroutine reads this goroutine's id from the first line of its stack,
// "goroutine 123 [running]:"; Go offers no other way.
func goroutine() uint64 {
	var buf [64]byte
	line := buf[len("goroutine "):runtime.Stack(buf[:], false)]
	id, _ := strconv.ParseUint(string(line[:max(bytes.IndexByte(line, ' '), 0)]), 10, 64)
	return id
}
