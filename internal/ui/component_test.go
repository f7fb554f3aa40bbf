package ui

import (
	"context"
	"math"
	"strings"
	"testing"
)

func TestDue_saysLateTodayAndLeftInWordsIconAndColour(t *testing.T) {
	t.Parallel()
	for left, want := range map[int][3]string{-3: {"due late", "#i-late", "quá hạn 3 ngày"}, 0: {"due soon", "#i-soon", "đến hạn hôm nay"},
		3: {"due soon", "#i-soon", "còn 3 ngày làm việc"}, 4: {`"due"`, "#i-clock", "còn 4 ngày làm việc"}} {
		body := render(t, Due(left))
		for _, w := range want {
			if !strings.Contains(body, w) {
				t.Errorf("%d: no %s in %s", left, w, body)
			}
		}
	}
}

func TestStats_openAndNoCaseIsADash(t *testing.T) {
	t.Parallel()
	body := render(t, Stats([]Stat{{Label: "Mở lại", Unit: "%", URL: "/feedback?state=reopened"}}))
	if !strings.Contains(body, `href="/feedback?state=reopened"`) || !strings.Contains(body, "–") || strings.Contains(body, "<small>") {
		t.Errorf("got %s", body)
	}
}

func TestTable_hasCaptionScopesAndCards(t *testing.T) {
	t.Parallel()
	body := render(t, DataTable(exampleTable()))
	for _, want := range []string{"<caption", `scope="col"`, `scope="row"`, `scope="rowgroup"`, `data-th="Trạng thái"`, `aria-sort="ascending"`, `class="tbl cards"`, `class="sel"`, "<tfoot>"} {
		if !strings.Contains(body, want) {
			t.Errorf("no %s", want)
		}
	}
	wide := exampleTable()
	wide.Wide = true
	if body := render(t, DataTable(wide)); !strings.Contains(body, `tabindex="0" role="region"`) || strings.Contains(body, "cards") {
		t.Error("a wide table scrolls by keyboard")
	}
}

func TestLinks_neverRunScript(t *testing.T) {
	t.Parallel()
	for _, c := range []string{
		render(t, DataTable(Table{Columns: []Column{{Head: "a"}}, Rows: []Row{{Cells: []Cell{Go("x", LocalPath("javascript:alert(1)"))}}}})),
		render(t, Button(Btn{Text: "x", URL: LocalPath("javascript:alert(1)")})),
	} {
		if strings.Contains(c, "javascript") {
			t.Errorf("got %s", c)
		}
	}
}

func TestButton_offSaysWhy(t *testing.T) {
	t.Parallel()
	body := render(t, Button(Btn{Text: "Gửi", URL: "/x", Off: "Phiếu đã khóa."}))
	if !strings.Contains(body, "disabled") || !strings.Contains(body, "Phiếu đã khóa.") || strings.Contains(body, "href") {
		t.Errorf("got %s", body)
	}
}

func TestPager_isExactToAThousand(t *testing.T) {
	t.Parallel()
	for total, want := range map[int64]string{23: "trên 23", 1000: "trên 1.000<", 1001: "trên 1.000+"} {
		if body := render(t, Pager(10, total, "", "/x?after=a")); !strings.Contains(body, want) || !strings.Contains(body, `rel="next"`) || strings.Contains(body, `rel="prev"`) {
			t.Errorf("%d: got %s", total, body)
		}
	}
}

func TestCharts_leaveAGapWhereNothingIsKnownAndBringATable(t *testing.T) {
	t.Parallel()
	c := LineChart{Title: "Đúng hạn", Points: []string{"1", "2", "3", "4"}, Series: []Series{{Name: "2026", Values: []float64{90, math.NaN(), 92, 94}}}, Digits: 1}
	if got := c.path(c.axis(), c.Series[0]); strings.Count(got, "M") != 2 {
		t.Errorf("a missing value breaks the line, got %s", got)
	}
	body := render(t, Lines(c))
	if !strings.Contains(body, "<table") || !strings.Contains(body, "–") || !strings.Contains(body, `role="img"`) || strings.Contains(body, "NaN") {
		t.Errorf("got %s", body)
	}
	empty := LineChart{Title: "Trống", Points: []string{"1"}, Series: []Series{{Name: "2026", Values: []float64{math.NaN()}}}}
	if body := render(t, Lines(empty)); strings.Contains(body, "NaN") || strings.Contains(body, "Inf") {
		t.Error("a chart without a value is drawn all the same")
	}
}

func TestCharts_barsStartAtZero(t *testing.T) {
	t.Parallel()
	c := BarChart{Title: "Trễ", Items: []Bar{{Name: "A", Value: 100}, {Name: "B", Value: 25, Tone: Late}, {Name: "C", Value: 0}}}
	if c.width(c.Items[0]) != "360" || c.width(c.Items[1]) != "90" || c.width(c.Items[2]) != "0" {
		t.Error("lengths are in proportion to the values")
	}
	if body := render(t, Bars(BarChart{Title: "x"})); strings.Contains(body, "NaN") {
		t.Error("no bar at all is fine")
	}
}

func TestHeat_shadesByShareAndNamesWhatIsLate(t *testing.T) {
	t.Parallel()
	h := HeatMap{Rows: []HeatRow{{Cells: []HeatCell{{}, {N: 1}, {N: 8}, {N: 8, Late: 2}}}}}
	var got []string
	for _, c := range h.Rows[0].Cells {
		got = append(got, h.shade(c))
	}
	if strings.Join(got, ",") != "h0,h1,h4,h4 bad" {
		t.Errorf("got %v", got)
	}
}

func TestQR_drawsSquaresAndRefusesTooMuch(t *testing.T) {
	t.Parallel()
	if n := qrSize("https://example.gov.vn/0123"); n < 21 || !strings.HasPrefix(qrPath("https://example.gov.vn/0123"), "M") {
		t.Errorf("got %d", n)
	}
	if qrSize(strings.Repeat("x", 5000)) != 0 {
		t.Error("too long a text has no code")
	}
}

func TestComponents_everyOneStandsInTheExamples(t *testing.T) {
	t.Parallel()
	src, err := templSources()
	if err != nil {
		t.Fatal(err)
	}
	for name := range src.defined {
		if !src.shown[name] {
			t.Errorf("%s is not on /dev/components", name)
		}
	}
	body := render(t, examples(NewForm(), Portal))
	if strings.Contains(body, "ui.") && strings.Contains(body, ">ui.") {
		t.Error("a key shows itself")
	}
	if got := Reference(context.Background()); got != "" {
		t.Errorf("no request, no reference: %s", got)
	}
}
