package plan

import (
	"bytes"
	"reflect"
	"testing"

	"cchc/internal/document"
)

// An exported plan imports again to the same plan without a question: words of
// deadlines, two leads, fan-out, milestones and every decision made travel along.
func TestExport_importsAgainToTheSamePlan(t *testing.T) {
	t.Parallel()
	dir := orgs2022(t)
	sample := readCSV(t, "data/sample-2022.csv")
	sample = append(sample,
		[]string{"NV39", "7", "Xây dựng và phát triển chính quyền điện tử", "Kết nối theo lộ trình", "Báo cáo", "Sở Y tế", "", "Theo lộ trình tại Quyết định 749/QĐ-TTg", "", "", "", "", "", ""})
	first, err := Preview(sample, 2022, dir)
	if err != nil {
		t.Fatal(err)
	}
	choices := map[string]string{"deadline_several": "day:2022-11-30", "deadline_open": noDay}
	var settled []Doubt
	for _, d := range first.Doubts {
		if d.Row == 0 {
			continue
		}
		d.Choice, d.Settled = choices[d.Code], true
		if d.Choice == "" {
			d.Choice = d.Proposal
		}
		if d.Row == 22 {
			d.Choice = asWritten // NV21: departments alone
		}
		i := d.Row - 2
		if first.Draft[i], err = settle(first.Draft[i], d, d.Choice, standard(dir)); err != nil {
			t.Fatalf("%+v: %v", d, err)
		}
		settled = append(settled, d)
	}
	rows, err := Export(first.Draft, first.Areas, settled, dir.Name)
	if err != nil {
		t.Fatal(err)
	}
	for _, form := range []string{"csv", "xlsx"} {
		again := readBack(t, form, rows, dir)
		for _, d := range again.Doubts {
			if d.Row != 0 {
				t.Errorf("asked again: %+v", d)
			}
		}
		if again.Tasks != first.Tasks || len(again.Draft) != len(first.Draft) {
			t.Fatalf("%d tasks, want %d", again.Tasks, first.Tasks)
		}
		for i, want := range first.Draft {
			got := again.Draft[i]
			if !reflect.DeepEqual(got, want) {
				t.Errorf("%s:\ngot  %+v\nwant %+v", want.Code, got, want)
			}
		}
		if !reflect.DeepEqual(again.Areas, first.Areas) {
			t.Errorf("areas %+v", again.Areas)
		}
	}
}

// readBack writes rows as a file through package document and reads it again.
func readBack(t *testing.T, form string, rows [][]string, dir Directory) Reading {
	t.Helper()
	out := document.SheetOut{Name: "Plan", Next: document.RowsOf(rows[1:])}
	for _, title := range rows[0] {
		out.Columns = append(out.Columns, document.SheetColumn{Title: title})
	}
	var file bytes.Buffer
	write := func() error { return document.WriteXLSX(&file, out) }
	if form == "csv" {
		write = func() error { return document.WriteCSV(&file, out) }
	}
	if err := write(); err != nil {
		t.Fatal(err)
	}
	sheet, err := document.ReadSheet(bytes.NewReader(file.Bytes()), int64(file.Len()), "plan."+form, document.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	again, err := Preview(sheet.Rows, 2022, dir)
	if err != nil {
		t.Fatal(err)
	}
	return again
}
