package ui

import (
	"net/http/httptest"
	"strings"
	"testing"
)

func TestSendTable_writesWhatThePageSaysAndNeverAFormula(t *testing.T) {
	t.Parallel()
	table := Table{Caption: "Việc", HeadCol: 1,
		Columns: []Column{{Head: "Mã"}, {Head: "Nội dung"}, {Head: "Trạng thái"}, {Head: "Chọn", Hidden: true}},
		Rows:    []Row{{Group: "Quá hạn"}, {Cells: []Cell{Txt("NV01"), {Text: "=HYPERLINK(1)", Sub: "Sở Tư pháp"}, In(StateIcon(Late, "late", "quá hạn & trễ")), In(Pick("id", "1", "Chọn", false))}}}}
	r := httptest.NewRequest("GET", "/list?as=csv&q=x", nil)
	if Sheet(r) != "csv" || Sheet(httptest.NewRequest("GET", "/list?as=exe", nil)) != "" {
		t.Error("the kind of file is not read")
	}
	w := httptest.NewRecorder()
	if err := SendTable(w, r, "việc", "csv", table); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(strings.ReplaceAll(w.Body.String(), "\r", "")), "\n")
	if len(lines) != 2 || !strings.HasSuffix(lines[0], "Việc,Mã,Nội dung,Trạng thái") {
		t.Fatalf("head: %q", lines)
	}
	if strings.Contains(lines[1], ",=") || !strings.Contains(lines[1], "Quá hạn,NV01,") || !strings.Contains(lines[1], "quá hạn & trễ") || strings.Contains(lines[1], "Chọn") {
		t.Errorf("row: %q", lines[1])
	}
	if d := w.Header().Get("Content-Disposition"); !strings.HasPrefix(d, "attachment") {
		t.Errorf("disposition %q", d)
	}
}

func TestFileURL_keepsTheFiltersAndLeavesThePage(t *testing.T) {
	t.Parallel()
	if got := fileURL(withAddress(t.Context(), httptest.NewRequest("GET", "/list?q=x&after=abc", nil).URL)); got != "/list?q=x&as=" {
		t.Errorf("got %s", got)
	}
	if got := fileURL(withAddress(t.Context(), httptest.NewRequest("GET", "/list", nil).URL)); got != "/list?as=" {
		t.Errorf("got %s", got)
	}
}
