package inbox

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"time"

	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/identity"
)

// spot is a place in the merged list: due moment, then source, then record. One spot
// serves as the cursor over all sources, so nothing is told twice or left out when an
// item of another source lies between two pages.
type spot struct {
	due    int64
	source string
	id     string
}

func place(i Item) spot {
	due := i.DueMs
	if due == 0 {
		due = NoDate
	}
	return spot{due, i.Source, i.ID}
}

func (s spot) before(o spot) bool {
	if s.due != o.due {
		return s.due < o.due
	}
	if s.source != o.source {
		return s.source < o.source
	}
	return s.id < o.id
}

// String writes the spot as a cursor.
func (s spot) String() string {
	if s == (spot{}) {
		return ""
	}
	return base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, "%d/%s/%s", s.due, s.source, s.id))
}

func readCursor(cursor string) (spot, error) {
	if cursor == "" {
		return spot{}, nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil {
		return spot{}, badCursor(err)
	}
	parts := strings.SplitN(string(raw), "/", 3)
	if len(parts) != 3 || parts[1] == "" {
		return spot{}, badCursor(errors.New("not three parts"))
	}
	due, _ := Place(parts[0] + "/")
	if fmt.Sprint(due) != parts[0] {
		return spot{}, badCursor(errors.New("no moment"))
	}
	return spot{due, parts[1], parts[2]}, nil
}

// lastID is after every id: ids are ASCII, and the tilde is the last sign that prints.
const lastID = "~"

// after is where a source goes on so that what it gives lies behind the spot.
func (s spot) after(source string) string {
	switch {
	case s == (spot{}):
		return ""
	case source == s.source:
		return After(s.due, s.id)
	case source < s.source: // of the same moment it was told already
		return After(s.due, lastID)
	default:
		return After(s.due, "")
	}
}

// stream reads one source in pieces.
type stream struct {
	name   string
	source Source
	size   int // of a piece
	after  string
	items  []Item
	end    bool
}

// peek gives the source's next item without taking it. A source that does not go
// forward is a mistake in the room, told instead of an endless list.
func (s *stream) peek(tx *db.Tx, a identity.Actor, now time.Time) (item Item, found bool, err error) {
	if len(s.items) == 0 && !s.end {
		items, err := s.source.Owed(tx, a, now, s.after, s.size)
		if err != nil {
			return item, false, fmt.Errorf("inbox of %s: %w", s.name, err)
		}
		due, id := Place(s.after)
		last := spot{due, s.name, id}
		for n := range items {
			i := &items[n]
			i.Source = s.name
			i.Late = i.DueMs != 0 && i.DueMs < now.UnixMilli()
			if i.DueMs != 0 && i.DueDay == "" {
				i.DueDay = clock.Day(clock.FromMs(i.DueMs))
			}
			if at := place(*i); last.before(at) {
				last = at
			} else {
				return item, false, fmt.Errorf("inbox of %s: %s is out of order", s.name, i.ID)
			}
		}
		s.items, s.end = items, len(items) < s.size
		if len(items) > 0 {
			s.after = After(last.due, last.id)
		}
	}
	if len(s.items) == 0 {
		return item, false, nil
	}
	return s.items[0], true, nil
}

func (s *stream) drop() { s.items = s.items[1:] }

// merging takes the first of the sources' next items, again and again.
type merging struct {
	streams []*stream
	peek    func(*stream) (Item, bool, error)
}

func (r *Registry) merge(tx *db.Tx, a identity.Actor, now time.Time, from spot, size int) *merging {
	m := &merging{peek: func(s *stream) (Item, bool, error) { return s.peek(tx, a, now) }}
	for _, name := range r.names {
		m.streams = append(m.streams, &stream{name: name, source: r.sources[name], size: size, after: from.after(name)})
	}
	return m
}

func (m *merging) next() (first Item, found bool, err error) {
	var from *stream
	for _, s := range m.streams {
		item, ok, err := m.peek(s)
		if err != nil {
			return first, false, err
		}
		if ok && (from == nil || place(item).before(place(first))) {
			first, from = item, s
		}
	}
	if from == nil {
		return first, false, nil
	}
	from.drop()
	return first, true, nil
}
