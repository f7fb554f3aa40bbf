package ui

import (
	"context"
	"strings"
	"testing"
)

func TestTable_aCardOnAPhoneNamesNoValueThatTheRowLacks(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	table := Table{Caption: "c", HeadCol: 0, Columns: []Column{{Head: "Work"}, {Head: "Due"}, {Head: "Reason"}},
		Rows: []Row{{Cells: []Cell{Txt("a"), Txt("14/10/2026"), Txt("")}}}}
	if err := DataTable(table).Render(context.Background(), &out); err != nil {
		t.Fatal(err)
	}
	gone := map[string]bool{"Due": false, "Reason": true}
	for _, cell := range strings.Split(out.String(), "<td")[1:] {
		_, head, _ := strings.Cut(cell, `data-th="`)
		head, _, _ = strings.Cut(head, `"`)
		want, known := gone[head]
		if tag, _, _ := strings.Cut(cell, ">"); !known || strings.Contains(tag, "hide-s") != want {
			t.Errorf("cell %q: left out %v, want %v", head, !want, want)
		}
		delete(gone, head)
	}
	if len(gone) > 0 {
		t.Errorf("no cell for %v", gone)
	}
}
