package flow

import (
	"slices"
	"testing"

	"cchc/internal/errs"
)

type state string

var door = Table[state]{
	{Name: "open", From: []state{"shut"}, To: "open"},
	{Name: "shut", From: []state{"open"}, To: "shut"},
	{Name: "lock", From: []state{"shut"}, To: "locked"},
}

func TestNext_walksEveryPair(t *testing.T) {
	t.Parallel()
	allowed := map[string]state{"shut open": "open", "open shut": "shut", "shut lock": "locked"}
	for _, from := range door.States() {
		for _, name := range []string{"open", "shut", "lock"} {
			got, err := door.Next(from, name, "door.stuck")
			want, ok := allowed[string(from)+" "+name]
			if ok != (err == nil) || got != want {
				t.Errorf("%s from %s: got %q, %v", name, from, got, err)
			}
			if !ok && errs.KindOf(err) != errs.Conflict {
				t.Errorf("%s from %s: kind %s, want conflict", name, from, errs.KindOf(err))
			}
		}
	}
	if _, err := door.Next("shut", "burn", "door.stuck"); errs.KindOf(err) != errs.Invalid {
		t.Errorf("an unknown move is invalid input, got %v", err)
	}
	if got := door.From("shut"); !slices.Equal(got, []string{"open", "lock"}) {
		t.Errorf("moves from shut: %v", got)
	}
}
