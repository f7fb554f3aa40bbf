package identity

import "sync"

// heldCache keeps, per account, the rights held somewhere, for as long as nothing that
// decides them has changed (rights_version, read with every request) and no span of
// theirs begins or ends. It is never asked whether an act is allowed: Require is.
type heldCache struct {
	mu sync.Mutex
	of map[string]heldEntry
}

type heldEntry struct {
	version string
	untilMs int64
	held    map[string]bool
}

// cacheMost bounds the memory; a province has a few thousand accounts.
const cacheMost = 5000

func newHeldCache() *heldCache { return &heldCache{of: map[string]heldEntry{}} }

func (c *heldCache) get(account, version string, nowMs int64) (map[string]bool, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e, ok := c.of[account]
	if !ok || e.version != version || nowMs >= e.untilMs {
		return nil, false
	}
	return e.held, true
}

func (c *heldCache) put(account string, e heldEntry) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.of) >= cacheMost {
		clear(c.of)
	}
	c.of[account] = e
}

// heldAt sums up spans at one moment and says until when the sum holds.
func heldAt(spans []heldSpan, version string, nowMs int64) heldEntry {
	e := heldEntry{version: version, untilMs: nowMs + IdleTimeout.Milliseconds(), held: map[string]bool{}}
	for _, s := range spans {
		switch {
		case s.toMs <= nowMs:
		case s.fromMs > nowMs:
			e.untilMs = min(e.untilMs, s.fromMs)
		default:
			e.held[s.right] = true
			e.untilMs = min(e.untilMs, s.toMs)
		}
	}
	return e
}
