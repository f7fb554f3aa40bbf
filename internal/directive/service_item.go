package directive

import (
	"context"
	"strings"
	"time"

	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/errs"
	"cchc/internal/identity"
	"cchc/internal/org"
	"cchc/internal/text"
)

// mostItems is how many items one directive takes.
const mostItems = 200

// onDraft changes the items of a draft.
func (s *Service) onDraft(ctx context.Context, id string, version int64, fn func(tx *db.Tx, items []Item, now time.Time) error) (Directive, error) {
	return s.on(ctx, id, version, RightDraft, "directive.write", "", func(tx *db.Tx, d *Directive, _ identity.Actor, now time.Time) error {
		if d.State != Draft {
			return errs.New(errs.Conflict, "directive.not_draft")
		}
		items, err := itemsOf(tx, d.ID)
		if err != nil {
			return err
		}
		return fn(tx, items, now)
	})
}

// WriteItem keeps one item of a draft: a new one without id, at the end. An item may
// lack who or by when until the issue. Refusals: directive.item_text_missing,
// directive.item_day, directive.agency_unknown, directive.item_unknown,
// directive.too_many, directive.not_draft.
func (s *Service) WriteItem(ctx context.Context, id string, version int64, i Item) (Directive, error) {
	i.Text, i.Product = text.Clean(i.Text), text.Clean(i.Product)
	return s.onDraft(ctx, id, version, func(tx *db.Tx, items []Item, now time.Time) error {
		if i.Text == "" {
			return errs.OnField("text", "directive.item_text_missing")
		}
		if i.Due != "" {
			if t, err := clock.ParseDay(i.Due); err != nil || clock.Day(t) != i.Due || i.Due < clock.Day(now) {
				return errs.OnField("due", "directive.item_day")
			}
		}
		if err := exist(tx, append([]string{i.Lead}, i.Helpers...), clock.Day(now)); err != nil {
			return err
		}
		if i.Directive = id; i.ID == "" {
			if len(items) >= mostItems {
				return errs.New(errs.Conflict, "directive.too_many", "n", mostItems)
			}
			i.ID, i.No = db.NewID(), 1
			if n := len(items); n > 0 {
				i.No = items[n-1].No + 1
			}
			return addItem(tx, i)
		}
		return saveItem(tx, i)
	})
}

// exist refuses agencies that there are not on a day.
func exist(tx *db.Tx, ids []string, day string) error {
	all, err := org.List(tx, day)
	if err != nil {
		return err
	}
	known := map[string]bool{"": true}
	for _, a := range all {
		known[a.ID] = true
	}
	for _, id := range ids {
		if !known[id] {
			return errs.OnField("lead", "directive.agency_unknown")
		}
	}
	return nil
}

// RemoveItem takes an item out of a draft. Refusal: directive.item_unknown.
func (s *Service) RemoveItem(ctx context.Context, id string, version int64, item string) (Directive, error) {
	return s.onDraft(ctx, id, version, func(tx *db.Tx, _ []Item, _ time.Time) error { return deleteItem(tx, id, item) })
}

// Paste makes an item of every line of a text, as the conclusions of a meeting are
// copied from its minutes: numbers and dashes at the beginning of a line fall away.
// Refusals: directive.lines_missing, directive.too_many, directive.not_draft.
func (s *Service) Paste(ctx context.Context, id string, version int64, words string) (Directive, error) {
	return s.onDraft(ctx, id, version, func(tx *db.Tx, items []Item, _ time.Time) error {
		lines := linesOf(words)
		if len(lines) == 0 {
			return errs.OnField("lines", "directive.lines_missing")
		}
		if len(items)+len(lines) > mostItems {
			return errs.OnField("lines", "directive.too_many", "n", mostItems)
		}
		no := 0
		if n := len(items); n > 0 {
			no = items[n-1].No
		}
		for k, line := range lines {
			if err := addItem(tx, Item{ID: db.NewID(), Directive: id, No: no + k + 1, Text: line}); err != nil {
				return err
			}
		}
		return nil
	})
}

func linesOf(words string) (list []string) {
	for line := range strings.Lines(words) {
		line = text.Clean(line)
		if head, rest, found := strings.Cut(line, " "); found && strings.Trim(head, "0123456789.)(-+*•–ivxabcdeIVX") == "" && head != "" && strings.ContainsAny(head, ".)-+*•–(") {
			line = strings.TrimSpace(rest)
		}
		if line != "" {
			list = append(list, line)
		}
	}
	return list
}
