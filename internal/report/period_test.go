package report

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"cchc/internal/audit"
	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/db/dbtest"
	"cchc/internal/document"
	"cchc/internal/errs"
	"cchc/internal/identity"
	"cchc/internal/identity/identitytest"
	"cchc/internal/indicator"
	"cchc/internal/ui"
)

// office is a house whose one figure counts `late` records, so that a test can move it.
type office struct {
	*Service
	t    *testing.T
	at   time.Time
	late int
	// who writes, who signs, who only reads, who has nothing
	writer, signer, reader, stranger context.Context
}

func newOffice(t *testing.T, d *db.DB) *office {
	t.Helper()
	o := &office{t: t, at: now(), late: 3}
	house := identitytest.New(t, d, now, "report.view", "report.draft", "report.sign")
	keys, err := audit.NewKeys()
	o.must(err)
	figures := indicator.NewRegistry()
	figures.Add(indicator.Indicator{Code: "plan.overdue_open", Unit: "count", Kind: indicator.Stock,
		Read: func(_ *db.Tx, s indicator.Scope, _ indicator.Period) (indicator.Reading, error) {
			return indicator.Number(int64(o.late), s.Now), nil
		},
		Open: func(_ *db.Tx, _ indicator.Scope, _ indicator.Period, after string, limit int) (out indicator.Records, err error) {
			from, _ := strconv.Atoi(after)
			for i := from; i < o.late; i++ {
				if len(out.Rows) == min(limit, 2) { // two a page, to walk through several
					out.Next = strconv.Itoa(i)
					break
				}
				out.Rows = append(out.Rows, indicator.Record{ID: strconv.Itoa(i), Code: "NV" + strconv.Itoa(i), Title: "việc " + strconv.Itoa(i), Agency: "Sở", URL: "/x/" + strconv.Itoa(i)})
			}
			return out, nil
		}})
	o.Service = &Service{DB: d, Clock: func() time.Time { return o.at }, Log: audit.New(keys, now), Figures: figures,
		CurrentPlan: func(_ context.Context, year int) (Plan, bool, error) {
			return Plan{ID: "p1", Title: "Kế hoạch 2026", URL: "/plan/p1"}, year == 2026, nil
		},
		Counts: func(_ *db.Tx, _, day string) ([]Table, map[string]string, error) {
			return []Table{{Key: "levels", Columns: []string{"name_level", "total"}, Rows: [][]Cell{{{Text: "Nhiệm vụ"}, {Text: "38", Number: "38", URL: "/plan/p1?on=" + day}}}}},
				map[string]string{"tasks": "38", "tasks_completion": "13,16%"}, nil
		},
		Issuer: func(context.Context, string) (Issuer, error) {
			return Issuer{"Ủy ban nhân dân\ntỉnh Mẫu", "UBND", "Mẫu"}, nil
		},
		UrgeURL: func(_, _ string) string { return "" },
	}
	as := func(login string, rights ...string) context.Context {
		return identity.With(context.Background(), house.Person(login, "", "", rights...))
	}
	o.writer, o.signer = as("writer", "report.view", "report.draft"), as("signer", "report.view", "report.sign", "report.draft")
	o.reader, o.stranger = as("reader", "report.view"), as("stranger")
	return o
}

func (o *office) must(err error) {
	o.t.Helper()
	if err != nil {
		o.t.Fatal(err)
	}
}

func (o *office) open(ctx context.Context, id string) Draft {
	o.t.Helper()
	d, err := o.Report(ctx, id)
	o.must(err)
	return d
}

// handedIn is the report of the third quarter, handed in.
func (o *office) handedIn() Draft {
	o.t.Helper()
	r, err := o.Create(o.writer, "quarter_3", 2026)
	o.must(err)
	o.must(o.Submit(o.writer, r.ID, 1))
	return o.open(o.signer, r.ID)
}

func code(t *testing.T, err error, want string) {
	t.Helper()
	if errs.CodeOf(err) != want {
		t.Errorf("refused with %v, want %s", err, want)
	}
}

func TestCutoff_quartersCloseOnTheFourteenth(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		list, err := newOffice(t, d).Cutoffs(context.Background())
		if err != nil || len(list) != 4 {
			t.Fatalf("%d kinds of report, %v", len(list), err)
		}
		want := map[string][2]string{"quarter_1": {"2025-12-15", "2026-03-14"}, "half_year": {"2025-12-15", "2026-06-14"},
			"quarter_3": {"2026-06-15", "2026-09-14"}, "year": {"2025-12-15", "2026-12-14"}}
		for _, c := range list {
			if from, to, _ := c.Days(2026); want[c.Code] != [2]string{from, to} {
				t.Errorf("%s runs %s to %s, want %v", c.Code, from, to, want[c.Code])
			}
		}
	})
}

func TestSign_freezesTheFiguresAndTheRecordsBehindThem(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		r := o.handedIn()
		o.must(o.Sign(o.signer, r.ID, r.Version, "215/BC-UBND", "Trần Thị Mẫu"))
		o.late = 1 // work goes on after the signature
		signed := o.open(o.reader, r.ID)
		if f, ok := signed.Annex.figure("plan.overdue_open"); !ok || f.Numerator != 3 {
			t.Errorf("the frozen figure says %d, want 3", f.Numerator)
		}
		if f, ok := signed.Today["plan.overdue_open"]; !ok || f.Numerator != 1 {
			t.Errorf("today's figure beside it says %+v", f)
		}
		_, f, rows, err := o.CountedBy(o.reader, r.ID, "plan.overdue_open", 0, 100)
		o.must(err)
		if len(rows) != 3 || int64(len(rows)) != f.Numerator || rows[2].URL != "/x/2" {
			t.Errorf("the figure says %d and opens %d records", f.Numerator, len(rows))
		}
		if _, _, rest, err := o.CountedBy(o.reader, r.ID, "plan.overdue_open", 2, 100); err != nil || len(rest) != 1 {
			t.Errorf("after the second record come %d, %v", len(rest), err)
		}
	})
}

func TestSign_isRefusedToWhoWroteItAndWhileThePeriodRuns(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		own, err := o.Create(o.signer, "half_year", 2026)
		o.must(err)
		o.must(o.Submit(o.writer, own.ID, 1))
		code(t, o.Sign(o.signer, own.ID, 2, "1/BC-UBND", "A"), "report.own_draft")
		year, err := o.Create(o.writer, "year", 2026)
		o.must(err)
		o.must(o.Submit(o.writer, year.ID, 1))
		if v := o.open(o.signer, year.ID); !v.Early || v.Can["sign"] {
			t.Error("the page offers to sign the year before it is over")
		}
		code(t, o.Sign(o.signer, year.ID, 2, "1/BC-UBND", "A"), "report.period_open")
		o.at = time.Date(2026, 12, 14, 23, 0, 0, 0, clock.Vietnam)
		code(t, o.Sign(o.signer, year.ID, 2, "1/BC-UBND", "A"), "report.period_open")
		o.at = time.Date(2026, 12, 15, 0, 1, 0, 0, clock.Vietnam)
		o.must(o.Sign(o.signer, year.ID, 2, "1/BC-UBND", "A"))
	})
}

func TestReport_eachStepNeedsItsRight(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		r := o.handedIn()
		if _, err := o.Create(o.reader, "year", 2026); errs.KindOf(err) != errs.Forbidden {
			t.Errorf("a reader begins a report: %v", err)
		}
		for name, err := range map[string]error{
			"write": o.Write(o.reader, r.ID, r.Version, 1, "x"), "refresh": o.Refresh(o.reader, r.ID, r.Version), "submit": o.Submit(o.reader, r.ID, r.Version),
			"return": o.Return(o.writer, r.ID, r.Version, "x"), "sign": o.Sign(o.writer, r.ID, r.Version, "1", "A"),
		} {
			if errs.KindOf(err) != errs.Forbidden {
				t.Errorf("%s without its right: %v", name, err)
			}
		}
		if _, err := o.Report(o.reader, r.ID); errs.KindOf(err) != errs.NotFound {
			t.Errorf("a reader opens what is not signed: %v", err)
		}
		if _, err := o.Report(o.stranger, r.ID); errs.KindOf(err) != errs.NotFound {
			t.Errorf("a stranger opens it: %v", err)
		}
		if list, err := o.Reports(o.reader, nil, 10); err != nil || len(list) != 0 {
			t.Errorf("a reader's list has %d drafts, %v", len(list), err)
		}
		if _, err := o.Reports(o.stranger, nil, 10); errs.KindOf(err) != errs.Forbidden {
			t.Errorf("a stranger lists reports: %v", err)
		}
	})
}

func TestReport_movesOnlyAlongItsTable(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		r := o.handedIn()
		code(t, o.Write(o.writer, r.ID, r.Version, 1, "x"), "report.not_drafting")
		code(t, o.Submit(o.writer, r.ID, r.Version), "report.wrong_state")
		code(t, o.Submit(o.writer, r.ID, r.Version-1), "report.changed_meanwhile")
		code(t, o.Return(o.signer, r.ID, r.Version, "  "), "report.reason_missing")
		o.must(o.Return(o.signer, r.ID, r.Version, "Thiếu kiến nghị"))
		o.must(o.Write(o.writer, r.ID, r.Version+1, 5, "Đề nghị bố trí kinh phí."))
		o.must(o.Submit(o.writer, r.ID, r.Version+2))
		code(t, o.Sign(o.signer, r.ID, r.Version+3, "", "A"), "report.number_missing")
		o.must(o.Sign(o.signer, r.ID, r.Version+3, "7/BC-UBND", "A"))
		code(t, o.Return(o.signer, r.ID, r.Version+4, "x"), "report.wrong_state")
		_, err := o.Create(o.writer, "quarter_3", 2026)
		code(t, err, "report.exists")
		_, err = o.Create(o.writer, "quarter_3", 2031)
		code(t, err, "report.no_plan_of_year")
		_, err = o.Create(o.writer, "quarter_2", 2026)
		code(t, err, "report.kind_unknown")
	})
}

func TestRevise_keepsTheSignedReportAndTheWordsOfItsWriter(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		first, err := o.Create(o.writer, "quarter_3", 2026)
		o.must(err)
		o.must(o.Write(o.writer, first.ID, 1, 5, "Đề nghị bố trí kinh phí."))
		o.must(o.Submit(o.writer, first.ID, 2))
		o.must(o.Sign(o.signer, first.ID, 3, "7/BC-UBND", "A"))
		o.late = 9
		second, err := o.Revise(o.writer, first.ID, 4)
		o.must(err)
		was, is := o.open(o.writer, first.ID), o.open(o.writer, second.ID)
		if is.Revision != 2 || is.State != Drafting || is.Parts[4].Text != "Đề nghị bố trí kinh phí." || !strings.Contains(is.Parts[2].Text, "9") {
			t.Errorf("the revision is %+v", is.Parts)
		}
		if f, _ := was.Annex.figure("plan.overdue_open"); f.Numerator != 3 || was.State != Signed {
			t.Errorf("the signed report says %d", f.Numerator)
		}
		_, err = o.Revise(o.writer, first.ID, 4)
		code(t, err, "report.not_last")
	})
}

func TestReport_refusesAFrozenAnnexThatWasTouched(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		r := o.handedIn()
		o.must(o.Sign(o.signer, r.ID, r.Version, "7/BC-UBND", "A"))
		o.must(d.Write(context.Background(), func(tx *db.Tx) error {
			_, err := tx.Exec(`UPDATE report_report SET annex = $2 WHERE id = $1`, r.ID, `{"figures":[],"tables":[]}`)
			return err
		}))
		_, err := o.Report(o.reader, r.ID)
		code(t, err, "report.annex_changed")
	})
}

func TestStrangers_areThePercentagesThatNoFigureHas(t *testing.T) {
	t.Parallel()
	a := Annex{Figures: []FrozenFigure{{Code: "plan.completion", Value: "66.70"}}, Words: map[string]string{"tasks_completion": "13,16%"}}
	got := a.Strangers("Đạt 13,16%, đúng hạn 66,7 %; năm trước 12,5% và 100%.")
	if strings.Join(got, "|") != "12,5%|100%" {
		t.Errorf("flagged %v", got)
	}
}

func TestReport_isADecreeLetterAndAWorkbookThatOpen(t *testing.T) {
	t.Parallel()
	o := newOffice(t, dbtest.NewSQLite(t))
	r := o.handedIn()
	o.must(o.Sign(o.signer, r.ID, r.Version, "07/BC-UBND", "Trần Thị Mẫu"))
	d := o.open(o.reader, r.ID)
	var letter, book bytes.Buffer
	o.must(o.Docx(o.reader, d, &letter))
	if !bytes.HasPrefix(letter.Bytes(), []byte("PK")) {
		t.Error("the letter is no .docx")
	}
	text := letterText(t, d.letter(o.reader, Issuer{"Ủy ban nhân dân", "UBND", "Mẫu"}))
	for _, want := range []string{"BC-UBND", "38", "Trần Thị Mẫu"} {
		if !strings.Contains(text, want) {
			t.Errorf("the letter lacks %q", want)
		}
	}
	o.must(d.XLSX(o.reader, &book))
	sheets, err := document.ReadSheets(bytes.NewReader(book.Bytes()), int64(book.Len()), "a.xlsx", document.Limits{})
	if err != nil || len(sheets) != 2 || sheets[1].Rows[1][1] != "38" {
		t.Errorf("the workbook reads as %v, %v", sheets, err)
	}
}

func letterText(t *testing.T, d document.Document) string {
	t.Helper()
	var b strings.Builder
	for _, block := range d.Blocks {
		switch x := block.(type) {
		case document.Letterhead:
			b.WriteString(x.Symbol + "\n")
		case document.Paragraph:
			for _, r := range x.Runs {
				b.WriteString(r.Text)
			}
		case document.Signature:
			b.WriteString(x.Name)
		}
		b.WriteString("\n")
	}
	return b.String()
}

func TestReportPages_leadFromTheListToTheRecordsBehindASignedFigure(t *testing.T) {
	t.Parallel()
	o := newOffice(t, dbtest.NewSQLite(t))
	r := o.handedIn()
	rt := ui.NewRouter(ui.Config{Clock: now})
	rt.Use(func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
			next.ServeHTTP(w, q.WithContext(identity.With(q.Context(), identity.From(o.signer))))
		})
	})
	Mount(rt, o.Service)
	page := func(path string) string {
		w := httptest.NewRecorder()
		rt.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
		if w.Code != http.StatusOK {
			t.Errorf("%s: %d", path, w.Code)
		}
		return w.Body.String()
	}
	has := func(body string, wants ...string) {
		t.Helper()
		for _, want := range wants {
			if !strings.Contains(body, want) {
				t.Errorf("the page lacks %s", want)
			}
		}
	}
	has(page("/reports"), `href="/reports/`+r.ID+`"`)
	has(page("/reports/"+r.ID), "/figures/plan.overdue_open?", "/reports/"+r.ID+"/sign", "/reports/"+r.ID+"/docx")
	has(page("/reports/"+r.ID+"/sign"), `name="number"`)
	o.must(o.Sign(o.signer, r.ID, r.Version, "7/BC-UBND", "A"))
	has(page("/reports/"+r.ID), "/reports/"+r.ID+"/figures/plan.overdue_open")
	has(page("/reports/"+r.ID+"/figures/plan.overdue_open"), `href="/x/1"`)
}
