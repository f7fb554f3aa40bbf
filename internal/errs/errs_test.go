package errs

import (
	"fmt"
	"testing"
)

func TestAll_findsRefusalsThroughWrapping(t *testing.T) {
	t.Parallel()
	one := New(Conflict, "plan.stale", "version", 3)
	if got := All(fmt.Errorf("approve: %w", one)); len(got) != 1 || got[0].Args["version"] != 3 {
		t.Fatalf("got %v", got)
	}
	both := List{OnField("title", "plan.title_missing"), OnField("due", "plan.due_missing")}
	if got := All(fmt.Errorf("check: %w", both.Err())); len(got) != 2 || got[1].Field != "due" {
		t.Fatalf("got %v", got)
	}
	if All(fmt.Errorf("disk broken")) != nil {
		t.Error("an ordinary error is not a refusal")
	}
}

func TestList_emptyIsNoError(t *testing.T) {
	t.Parallel()
	if err := (List{}).Err(); err != nil {
		t.Errorf("got %v, want nil", err)
	}
	if KindOf(fmt.Errorf("x")) != "" || CodeOf(List{New(NotFound, "a.b")}) != "a.b" {
		t.Error("kind and code come from the first refusal only")
	}
}
