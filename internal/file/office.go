package file

import (
	"archive/zip"
	"encoding/xml"
	"io"
	"path"
	"strings"

	"cchc/internal/errs"
)

// lookZip tells office files from other archives and refuses those that can act:
// macros, ActiveX, a template fetched from the net; and archives inside the archive.
func lookZip(r io.ReaderAt, size int64) (form, main string, err error) {
	z, err := OpenZip(r, size, OfficeLimits)
	if err != nil {
		return "", "", err
	}
	parts := map[string]*zip.File{}
	for _, f := range z.File {
		name := strings.ToLower(strings.ReplaceAll(f.Name, `\`, "/"))
		if parts[name] != nil { // two readers would see two different documents
			return "", "", errs.New(errs.Invalid, "file.damaged")
		}
		parts[name] = f
		if err := checkPart(name, f); err != nil {
			return "", "", err
		}
	}
	if f := parts["[content_types].xml"]; f != nil {
		main, err = mainPart(f)
		return "ooxml", main, err
	}
	if f := parts["mimetype"]; f != nil {
		kind, err := readPart(f, 200)
		return "odf", string(kind), err
	}
	return "zip", "", nil
}

func checkPart(name string, f *zip.File) error {
	base := path.Base(name)
	switch {
	case base == "vbaproject.bin", base == "vbadata.xml", strings.Contains(name, "activex/"),
		strings.HasPrefix(name, "basic/"), strings.HasPrefix(name, "scripts/"): // the last two: OpenDocument
		return errs.New(errs.Invalid, "file.macro")
	case strings.HasSuffix(base, ".xml"), strings.HasSuffix(base, ".rels"):
		if f.UncompressedSize64 == 0 {
			return nil
		}
		in, err := f.Open()
		if err != nil {
			return errs.New(errs.Invalid, "file.damaged")
		}
		defer in.Close()
		if err := checkProlog(in); err != nil {
			return err
		}
		if strings.HasSuffix(base, ".rels") {
			return checkLinks(f)
		}
		return nil
	}
	in, err := f.Open()
	if err != nil {
		return errs.New(errs.Invalid, "file.damaged") // also: the archive is encrypted
	}
	defer in.Close()
	var head [4]byte
	io.ReadFull(in, head[:])
	nested := string(head[:]) == "PK\x03\x04" || string(head[:]) == "Rar!" || string(head[:]) == "7z\xbc\xaf" || string(head[:2]) == "MZ"
	// A chart keeps its figures in a workbook of its own: that one is honest.
	if nested && !(strings.Contains(name, "/embeddings/") && strings.HasSuffix(base, ".xlsx")) {
		return errs.New(errs.Invalid, "file.archive_bomb")
	}
	return nil
}

// mainPart returns the type of the part that makes the file what it is, from the list
// of types; any macro type there is a macro whatever the file is called.
func mainPart(f *zip.File) (string, error) {
	body, err := readPart(f, 1<<20)
	if err != nil {
		return "", err
	}
	var list struct {
		Override, Default []struct {
			ContentType string `xml:"ContentType,attr"`
		}
	}
	if err := xml.Unmarshal(body, &list); err != nil {
		return "", errs.New(errs.Invalid, "file.damaged")
	}
	main := ""
	for _, o := range append(list.Override, list.Default...) {
		lower := strings.ToLower(o.ContentType)
		if strings.Contains(lower, "macroenabled") || strings.Contains(lower, "vbaproject") {
			return "", errs.New(errs.Invalid, "file.macro")
		}
		for _, t := range types {
			if t.Form == "ooxml" && t.Main == o.ContentType {
				main = t.Main
			}
		}
	}
	return main, nil
}

// checkLinks refuses a template that Word would fetch from a server on opening: the
// way by which a harmless-looking .docx brings its macros.
func checkLinks(f *zip.File) error {
	body, err := readPart(f, 4<<20)
	if err != nil {
		return err
	}
	var list struct {
		Relationship []struct {
			Type   string `xml:"Type,attr"`
			Target string `xml:"Target,attr"`
		}
	}
	if err := xml.Unmarshal(body, &list); err != nil {
		return errs.New(errs.Invalid, "file.damaged")
	}
	for _, r := range list.Relationship {
		target := strings.ToLower(strings.TrimSpace(r.Target))
		if strings.HasSuffix(r.Type, "/attachedTemplate") && (strings.HasPrefix(target, "http") || strings.HasPrefix(target, `\\`)) {
			return errs.New(errs.Invalid, "file.macro")
		}
	}
	return nil
}

func readPart(f *zip.File, limit int64) ([]byte, error) {
	in, err := f.Open()
	if err != nil {
		return nil, errs.New(errs.Invalid, "file.damaged")
	}
	defer in.Close()
	body, err := io.ReadAll(io.LimitReader(in, limit+1))
	if err != nil {
		return nil, errs.New(errs.Invalid, "file.damaged")
	}
	if int64(len(body)) > limit {
		return nil, errs.New(errs.Invalid, "file.archive_bomb")
	}
	return body, nil
}
