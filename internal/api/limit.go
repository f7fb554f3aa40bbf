package api

import (
	"container/list"
	"sync"

	"golang.org/x/time/rate"

	"cchc/internal/clock"
)

// limiter counts public requests per address. It keeps the addresses seen last, so a
// flood of addresses cannot fill the memory. Per node: two nodes allow twice as much.
type limiter struct {
	mu    sync.Mutex
	clock clock.Clock
	each  rate.Limit
	burst int
	seen  map[string]*list.Element
	order *list.List // front: seen last
}

type visitor struct {
	address string
	bucket  *rate.Limiter
}

const maxVisitors = 10_000

func newLimiter(c clock.Clock, cfg Config) *limiter {
	l := &limiter{clock: c, each: rate.Limit(cfg.Rate), burst: cfg.Burst, seen: map[string]*list.Element{}, order: list.New()}
	if l.each == 0 {
		l.each = 5
	}
	if l.burst == 0 {
		l.burst = 20
	}
	return l
}

func (l *limiter) allow(address string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	e, ok := l.seen[address]
	if ok {
		l.order.MoveToFront(e)
	} else {
		e = l.order.PushFront(&visitor{address: address, bucket: rate.NewLimiter(l.each, l.burst)})
		l.seen[address] = e
	}
	if l.order.Len() > maxVisitors {
		last := l.order.Back()
		delete(l.seen, last.Value.(*visitor).address)
		l.order.Remove(last)
	}
	return e.Value.(*visitor).bucket.AllowN(l.clock(), 1)
}
