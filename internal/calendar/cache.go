package calendar

import "sync"

// kept holds calendars that were read, by stamp and chain of agencies. A stamp is
// never used twice, so an entry is never wrong, only old; two tests or two databases
// cannot meet either.
var kept = &cache{}

type cache struct {
	mu    sync.RWMutex
	items map[string]Calendar
}

// maxKept is several times the agencies of a province.
const maxKept = 1000

func (k *cache) get(key string) (Calendar, bool) {
	k.mu.RLock()
	defer k.mu.RUnlock()
	c, ok := k.items[key]
	return c, ok
}

func (k *cache) put(key string, c Calendar) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.items == nil || len(k.items) >= maxKept {
		k.items = map[string]Calendar{}
	}
	k.items[key] = c
}
