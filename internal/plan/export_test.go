package plan

import (
	"bytes"
	"context"
	"os"
	osexec "os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"cchc/internal/document"
	"cchc/internal/i18n"
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
	for _, form := range []string{"csv", "xlsx", "docx", "csv resaved", "xlsx resaved", "docx resaved"} {
		again := readBack(t, form, rows, dir)
		for _, d := range again.Doubts {
			if d.Row != 0 {
				t.Errorf("%s asks again: %+v", form, d)
			}
		}
		if again.Tasks != first.Tasks || len(again.Draft) != len(first.Draft) {
			t.Fatalf("%d tasks, want %d", again.Tasks, first.Tasks)
		}
		for i, want := range first.Draft {
			got := again.Draft[i]
			if !reflect.DeepEqual(got, want) {
				t.Errorf("%s, %s:\ngot  %+v\nwant %+v", form, want.Code, got, want)
			}
		}
		if !reflect.DeepEqual(again.Areas, first.Areas) {
			t.Errorf("areas %+v", again.Areas)
		}
	}
}

// readBack writes rows as a file and reads it again; "resaved" lets LibreOffice open the
// file and save it in between, as an officer's computer does.
func readBack(t *testing.T, form string, rows [][]string, dir Directory) Reading {
	t.Helper()
	kind, resaved := strings.CutSuffix(form, " resaved")
	out := document.SheetOut{Name: "Plan", Next: document.RowsOf(rows[1:])}
	for _, title := range rows[0] {
		out.Columns = append(out.Columns, document.SheetColumn{Title: title})
	}
	var file bytes.Buffer
	var err error
	switch kind {
	case "csv":
		err = document.WriteCSV(&file, out)
	case "xlsx":
		err = document.WriteXLSX(&file, out)
	default:
		err = document.Docx(&file, letterOf(i18n.WithLang(context.Background(), i18n.Vi), Plan{Title: "Kế hoạch", Year: 2022, Number: "122/KH-UBND"}, "UBND tỉnh Mẫu", rows))
	}
	if err != nil {
		t.Fatal(err)
	}
	body := file.Bytes()
	if resaved {
		body = resave(t, body, kind)
	}
	read, err := ReadFile(bytes.NewReader(body), int64(len(body)), "plan."+kind)
	if err != nil {
		t.Fatalf("%s: %v", form, err)
	}
	again, err := Preview(read, 2022, dir)
	if err != nil {
		t.Fatalf("%s: %v", form, err)
	}
	return again
}

// resave lets LibreOffice open and save a file; where it is not installed the file goes
// on as it is, and the test says so.
func resave(t *testing.T, body []byte, kind string) []byte {
	t.Helper()
	program, err := osexec.LookPath("soffice")
	if err != nil {
		t.Log("LibreOffice is missing: the file was not saved by it")
		return body
	}
	dir := t.TempDir()
	name := filepath.Join(dir, "plan."+kind)
	if err := os.WriteFile(name, body, 0o600); err != nil {
		t.Fatal(err)
	}
	filter := map[string]string{"docx": "docx:MS Word 2007 XML", "xlsx": "xlsx:Calc MS Excel 2007 XML", "csv": "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"}[kind]
	args := []string{"-env:UserInstallation=file://" + dir + "/profile", "--headless", "--convert-to", filter, "--outdir", filepath.Join(dir, "out"), name}
	if kind == "csv" { // the file is UTF-8 with a mark, as Excel wants it
		args = append([]string{"--infilter=Text - txt - csv (StarCalc):44,34,76,1,,0,false,false"}, args...)
	}
	if said, err := osexec.CommandContext(t.Context(), program, args...).CombinedOutput(); err != nil {
		t.Fatalf("LibreOffice: %v: %s", err, said)
	}
	list, err := filepath.Glob(filepath.Join(dir, "out", "plan*"))
	if err != nil || len(list) != 1 {
		t.Fatalf("LibreOffice wrote %v, %v", list, err)
	}
	out, err := os.ReadFile(list[0])
	if err != nil {
		t.Fatal(err)
	}
	return out
}
