package document

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"reflect"
	"runtime"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"

	"cchc/internal/errs"
)

func read(t *testing.T, body []byte) [][]string {
	t.Helper()
	sheet, err := ReadSheet(bytes.NewReader(body), int64(len(body)), "kế hoạch", Limits{})
	if err != nil {
		t.Fatal(err)
	}
	return sheet.Rows
}

func TestReadSheet_readsCSVInTheCodingsAndSeparatorsThatPeopleSave(t *testing.T) {
	t.Parallel()
	want := [][]string{{"Mã", "Nhiệm vụ"}, {"NV01", "Rà soát; cắt giảm, \"đơn giản hóa\"\nTTHC"}, {"NV02", ""}}
	comma := "Mã,Nhiệm vụ\r\nNV01,\"Rà soát; cắt giảm, \"\"đơn giản hóa\"\"\nTTHC\"\r\nNV02\r\n\r\n,\r\n"
	semicolon := "Mã;Nhiệm vụ\nNV01;\"Rà soát; cắt giảm, \"\"đơn giản hóa\"\"\nTTHC\"\nNV02;\n"
	wide := func(s string, order binary.ByteOrder, mark bool) []byte {
		var b bytes.Buffer
		if mark {
			binary.Write(&b, order, uint16(0xfeff))
		}
		binary.Write(&b, order, utf16.Encode([]rune(s)))
		return b.Bytes()
	}
	tabs := strings.ReplaceAll(semicolon, ";\"", "\t\"")
	tabs = strings.Replace(strings.Replace(tabs, "Mã;", "Mã\t", 1), "NV02;", "NV02\t", 1)
	for name, body := range map[string][]byte{
		"comma":           []byte(comma),
		"comma with mark": []byte("\xef\xbb\xbf" + comma),
		"semicolon":       []byte(semicolon),
		"named separator": []byte("sep=;\r\n" + semicolon),
		"UTF-16 LE":       wide(tabs, binary.LittleEndian, true),
		"UTF-16 BE":       wide(tabs, binary.BigEndian, true),
		"decomposed":      []byte(strings.ReplaceAll(comma, "ụ", "ụ")),
	} {
		if got := read(t, body); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: got %q", name, got)
		}
	}
}

func TestReadSheet_readsXLSXWithMergedCellsDatesAndTypedDigits(t *testing.T) {
	t.Parallel()
	f := excelize.NewFile()
	style := func(n int, custom string) int {
		s := &excelize.Style{NumFmt: n}
		if custom != "" {
			s.CustomNumFmt = &custom
		}
		id, err := f.NewStyle(s)
		if err != nil {
			t.Fatal(err)
		}
		return id
	}
	for i, row := range [][]any{
		{"Lĩnh vực", "Mã", "Hạn", "Tỷ lệ", "Số"},
		{"Thể chế", "007", time.Date(2026, 6, 29, 0, 0, 0, 0, time.UTC), 0.955, 1234.5},
		{nil, "NV02", time.Date(2026, 6, 29, 17, 30, 0, 0, time.UTC), 1, 0.1 + 0.2},
	} {
		f.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &row)
	}
	f.SetCellStyle("Sheet1", "C2", "C2", style(0, `dd/mm/yyyy;@`))
	f.SetCellStyle("Sheet1", "C3", "C3", style(22, ""))
	f.SetCellStyle("Sheet1", "D2", "D3", style(0, "0.0%"))
	f.SetCellStyle("Sheet1", "E2", "E2", style(4, ""))
	f.MergeCell("Sheet1", "A2", "A3")
	f.NewSheet("Ẩn")
	f.SetSheetVisible("Ẩn", false)
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	want := [][]string{
		{"Lĩnh vực", "Mã", "Hạn", "Tỷ lệ", "Số"},
		{"Thể chế", "007", "2026-06-29", "95.5%", "1234.5"},
		{"Thể chế", "NV02", "2026-06-29 17:30", "100%", "0.3"},
	}
	if got := read(t, b.Bytes()); !reflect.DeepEqual(got, want) {
		t.Errorf("got %q", got)
	}
}

// workbook packs one sheet as an .xlsx.
func workbook(t *testing.T, sheet func(w io.Writer)) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, part := range [][2]string{
		{"[Content_Types].xml", `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>`},
		{"_rels/.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`},
		{"xl/workbook.xml", `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="A" sheetId="1" r:id="rId1"/></sheets></workbook>`},
		{"xl/_rels/workbook.xml.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`},
	} {
		w, _ := z.Create(part[0])
		io.WriteString(w, part[1])
	}
	w, _ := z.Create("xl/worksheets/sheet1.xml")
	io.WriteString(w, `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>`)
	sheet(w)
	io.WriteString(w, `</sheetData></worksheet>`)
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestReadSheet_refusesBombsWithLittleMemory(t *testing.T) {
	cases := map[string]struct {
		code string
		body []byte
	}{
		"a million rows": {"document.sheet_too_large", workbook(t, func(w io.Writer) {
			for i := range 1_000_000 {
				fmt.Fprintf(w, `<row r="%d"/>`, i+1)
			}
		})},
		"one row far down":   {"document.sheet_too_large", workbook(t, func(w io.Writer) { io.WriteString(w, `<row r="1048576"><c r="A1048576"><v>1</v></c></row>`) })},
		"a column far right": {"document.sheet_too_large", workbook(t, func(w io.Writer) { io.WriteString(w, `<row r="1"><c r="XFD1"><v>1</v></c></row>`) })},
		"one part of 200 MB": {"file.archive_bomb", workbook(t, func(w io.Writer) {
			blank := bytes.Repeat([]byte(" "), 1<<20)
			for range 200 {
				w.Write(blank)
			}
		})},
		"billion laughs":    {"file.xml_unsafe", unpacked(t)},
		"cut in the middle": {"file.damaged", workbook(t, func(w io.Writer) {})[:700]},
	}
	for name, c := range cases {
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		_, err := ReadSheets(bytes.NewReader(c.body), int64(len(c.body)), "a.xlsx", Limits{})
		runtime.ReadMemStats(&after)
		if errs.CodeOf(err) != c.code {
			t.Errorf("%s: got %v, want %s", name, err, c.code)
		}
		if grown := after.HeapSys - min(after.HeapSys, before.HeapSys); grown > 64<<20 {
			t.Errorf("%s: took %d MiB", name, grown>>20)
		}
	}
	big := io.NewSectionReader(bytes.NewReader(nil), 0, 200<<20)
	if _, err := ReadSheet(big, 200<<20, "a.xlsx", Limits{}); errs.KindOf(err) != errs.TooLarge {
		t.Errorf("200 MB: got %v", err)
	}
}

// unpacked is a workbook whose shared strings declare entities.
func unpacked(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, _ := z.Create("xl/sharedStrings.xml")
	io.WriteString(w, `<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><sst>&b;</sst>`)
	z.Close()
	return b.Bytes()
}
