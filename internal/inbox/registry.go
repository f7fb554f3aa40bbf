package inbox

import (
	"fmt"
	"time"

	"cchc/internal/db"
	"cchc/internal/errs"
	"cchc/internal/identity"
)

// Registry holds the sources.
type Registry struct {
	names   []string
	sources map[string]Source
}

// NewRegistry makes an inbox without sources.
func NewRegistry() *Registry { return &Registry{sources: map[string]Source{}} }

// Add registers the source of a room, by the room's name. A name given twice is a
// mistake in the program: it panics at the start.
func (r *Registry) Add(name string, s Source) {
	if _, twice := r.sources[name]; twice || name == "" {
		panic("inbox: source " + name + " is added twice")
	}
	r.sources[name] = s
	r.names = append(r.names, name)
}

// Sources lists the names in the order in which they were added.
func (r *Registry) Sources() []string { return append([]string(nil), r.names...) }

const (
	maxPage = 200
	maxScan = 5000 // items that one page looks through for a filter
)

// List is one page of what the actor owes over all rooms: late first, then by due
// moment, those without a date last. Refusal: inbox.cursor.
func (r *Registry) List(tx *db.Tx, a identity.Actor, now time.Time, f Filter, cursor string, limit int) (Page, error) {
	from, err := readCursor(cursor)
	if err != nil {
		return Page{}, err
	}
	limit = min(max(limit, 1), maxPage)
	seen, err := SeenAt(tx, a.AccountID)
	if err != nil {
		return Page{}, err
	}
	m := r.merge(tx, a, now, from, limit+1)
	var p Page
	for scanned := 0; ; scanned++ {
		item, found, err := m.next()
		if err != nil {
			return Page{}, err
		}
		// Late items come first, so the first one that is not late ends a list of late ones.
		if !found || (f.LateOnly && !item.Late) {
			return p, nil
		}
		if scanned == maxScan {
			p.Next, p.Cut = from.String(), true
			return p, nil
		}
		if f.takes(item) {
			if len(p.Items) == limit {
				p.Next = place(p.Items[limit-1]).String()
				return p, nil
			}
			item.New = item.SinceMs > seen
			p.Items = append(p.Items, item)
		}
		from = place(item)
	}
}

// Counts says how much each source holds for the actor under the filter, in the order
// in which the sources were added.
func (r *Registry) Counts(tx *db.Tx, a identity.Actor, now time.Time, f Filter) ([]Count, error) {
	all := make([]Count, 0, len(r.names))
	for _, name := range r.names {
		c := Count{Source: name}
		if counter, ok := r.sources[name].(Counter); ok && f.Kind == "" && f.AgencyID == "" {
			n, late, err := counter.OwedCount(tx, a, now)
			if err != nil {
				return nil, fmt.Errorf("inbox of %s: %w", name, err)
			}
			if f.LateOnly {
				n = late
			}
			all = append(all, Count{Source: name, All: min(n, MaxCount), Late: min(late, MaxCount), More: n > MaxCount})
			continue
		}
		one := stream{name: name, source: r.sources[name], size: 250}
		for scanned := 0; !c.More && scanned < maxScan; scanned++ {
			item, found, err := one.peek(tx, a, now)
			if err != nil {
				return nil, err
			}
			if !found || (f.LateOnly && !item.Late) {
				break
			}
			one.drop()
			switch {
			case !f.takes(item):
			case c.All == MaxCount:
				c.More = true
			default:
				c.All++
				if item.Late {
					c.Late++
				}
			}
		}
		all = append(all, c)
	}
	return all, nil
}

func badCursor(err error) error {
	return fmt.Errorf("%w: %w", errs.New(errs.Invalid, "inbox.cursor"), err)
}
