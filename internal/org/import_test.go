package org

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"cchc/internal/db"
	"cchc/internal/db/dbtest"
	"cchc/internal/errs"
)

const header = "code,name,kind,parent,valid_from,valid_to,successor,mark\n"

func TestReadFile_readsTheSameFromCSVAndXLSX(t *testing.T) {
	t.Parallel()
	fromCSV, err := ReadFile(strings.NewReader("\ufeff" + strings.ReplaceAll(header, ",", ";") + "S1;Sở Một;so_nganh;;1/7/2025;;;M\n\nS2;\"Sở Hai; Ba\";department;S1;2025-07-01;31/12/2030;;\n"))
	if err != nil {
		t.Fatal(err)
	}
	f := excelize.NewFile()
	for i, row := range [][]any{{"code", "name", "kind", "parent", "valid_from", "valid_to", "successor", "mark"}, {"S1", "Sở Một", "so_nganh", "", 45839, "", "", "M"}, {}, {"S2", "Sở Hai; Ba", "department", "S1", "2025-07-01", "31/12/2030"}} {
		if err := f.SetSheetRow("Sheet1", fmt.Sprint("A", i+1), &row); err != nil {
			t.Fatal(err)
		}
	}
	var sheet bytes.Buffer
	if err := f.Write(&sheet); err != nil {
		t.Fatal(err)
	}
	fromSheet, err := ReadFile(&sheet)
	if err != nil {
		t.Fatal(err)
	}
	want := []Row{{Row: 2, Code: "S1", Name: "Sở Một", Kind: "so_nganh", ValidFrom: "2025-07-01", Mark: "M"}, {Row: 4, Code: "S2", Name: "Sở Hai; Ba", Kind: "department", Parent: "S1", ValidFrom: "2025-07-01", ValidTo: "2030-12-31"}}
	if fmt.Sprint(fromCSV) != fmt.Sprint(want) {
		t.Errorf("CSV  %+v", fromCSV)
	}
	if fmt.Sprint(fromSheet) != fmt.Sprint(want) {
		t.Errorf("XLSX %+v", fromSheet)
	}
}

// zipped makes a spreadsheet-like archive of one part.
func zipped(t *testing.T, name string, size int) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, err := z.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	zeros := make([]byte, 1<<20)
	for ; size > 0; size -= len(zeros) {
		if _, err := w.Write(zeros[:min(size, len(zeros))]); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestReadFile_refusesDangerousAndBrokenFiles(t *testing.T) {
	t.Parallel()
	for _, x := range [][2]string{
		{"org.file_too_large", strings.Repeat("x", MaxFile+1)},
		{"org.file_bomb", zipped(t, "xl/worksheets/sheet1.xml", maxUnzipped+1)},
		{"org.file_with_macros", zipped(t, "xl/vbaProject.bin", 10)},
		{"org.file_not_xlsx", zipped(t, "word/document.xml", 10)},
		{"org.file_not_xlsx", "PK\x03\x04 not a zip"},
		{"org.file_not_xlsx", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 an old spreadsheet"},
		{"org.file_not_utf8", header + "S1,S\xec n\xe9i v\xf4,department,,,,,\n"},
		{"org.file_unreadable", header + "S1,\"Sở,department,,,,,\n"},
		{"org.file_column_missing", "code,name\nS1,Sở\n"},
		{"org.file_empty", ""},
		{"org.file_empty", header},
		{"org.file_too_many_rows", header + strings.Repeat("S1,a,department,,,,,\n", maxRows+1)},
	} {
		if _, err := ReadFile(strings.NewReader(x[1])); errs.CodeOf(err) != x[0] {
			t.Errorf("want %s, got %v", x[0], err)
		}
	}
}

func TestImport_listsEveryFaultWithItsRowAndWritesNothing(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		dir := newDirectory(t)
		create(t, d, dir, New{Code: "S0", Name: "Sở Không", Kind: Department})
		rows, err := ReadFile(strings.NewReader(header +
			"S0,Tên khác,department,,,,,\n" + // 2 taken
			"S1,Sở Một,department,,,,,\n" +
			"s1,Sở Một nữa,department,,,,,\n" + // 4 twice
			"S2,Sở Hai,phường hội,,,,,\n" + // 5 kind
			"S3,Sở Ba,department,S9,,,,\n" + // 6 parent
			"S4,Sở Bốn,department,,2025-02-30,,,\n" + // 7 day
			"S5,Sở Năm,department,S6,,,,\nS6,Sở Sáu,department,S7,,,,\nS7,Sở Bảy,department,S5,,,,\n" + // a ring
			"S8,,department,,2026-01-01,2025-01-01,,\n")) // 11 name and validity
		if err != nil {
			t.Fatal(err)
		}
		err = d.Write(context.Background(), func(tx *db.Tx) error { _, err := dir.Import(tx, someone, rows, false); return err })
		got := map[string]bool{}
		for _, e := range errs.All(err) {
			got[fmt.Sprint(e.Code, " ", e.Args["row"])] = true
		}
		for _, want := range []string{"org.code_taken 2", "org.code_twice 4", "org.kind_unknown 5", "org.parent_unknown 6", "org.day_unreadable 7", "org.tree_cyclic 8", "org.name_missing 11", "org.ends_before_it_begins 11"} {
			if !got[want] {
				t.Errorf("%s is not reported; got %v", want, got)
			}
		}
		write(t, d, func(tx *db.Tx) error {
			all, err := List(tx, "")
			if len(all) != 1 {
				t.Errorf("%d agencies after a refused import", len(all))
			}
			return err
		})
	})
}

func TestImport_dryRunTellsRowsAndDoubtsAndWritesNothing(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		dir := newDirectory(t)
		rows, err := ReadFile(strings.NewReader(header +
			"B,Phòng con,other,A,2020-01-01,2025-06-30,culture=A|Z,\nA,Sở mẹ,department,,,,,M\nC,Huyện,district,,,2025-06-30,\"(các xã, phường kế tục theo lĩnh vực)\",\n"))
		if err != nil {
			t.Fatal(err)
		}
		for _, dry := range []bool{true, false} {
			var report Report
			write(t, d, func(tx *db.Tx) (err error) { report, err = dir.Import(tx, someone, rows, dry); return err })
			if got, want := fmt.Sprint(report.Rows), "[{2 B Phòng con other new} {3 A Sở mẹ department new} {4 C Huyện district new}]"; got != want {
				t.Errorf("rows %s", got)
			}
			if got, want := fmt.Sprint(report.Doubts), "[{2 successor Z successor_unknown} {4 successor (các xã, phường kế tục theo lĩnh vực) successor_by_group}]"; got != want {
				t.Errorf("doubts %s", got)
			}
			write(t, d, func(tx *db.Tx) error {
				all, err := List(tx, "")
				if want := map[bool]int{true: 0, false: 3}[dry]; len(all) != want {
					t.Errorf("dry %v: %d agencies", dry, len(all))
				}
				return err
			})
		}
		sameTree(t, d)
		write(t, d, func(tx *db.Tx) error {
			b, _, err := FindByCode(tx, "B", "2025-06-30")
			if err != nil {
				return err
			}
			if next, err := Successors(tx, b.ID, "culture"); err != nil || len(next) != 1 || next[0].Code != "A" {
				t.Errorf("successors %+v (%v)", next, err)
			}
			return nil
		})
	})
}

func FuzzReadFile_neverPanics(f *testing.F) {
	f.Add([]byte(header + "S1,Sở,department,,,,,\n"))
	f.Add([]byte("PK\x03\x04"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if rows, err := ReadFile(bytes.NewReader(b)); err == nil && len(rows) == 0 {
			t.Error("a file without rows is refused, not empty")
		}
	})
}
