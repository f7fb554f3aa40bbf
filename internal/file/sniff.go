package file

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"errors"
	"io"
	"strings"

	"cchc/internal/errs"
)

// allowed is the short list of what may be evidence: what an official can open, look
// at and print. A ZIP is not on it, for nobody sees what is in it.
type allowed struct {
	Ext  string `json:"ext"`
	Type string `json:"type"`
	Form string `json:"form"` // how the content is recognised: see look
	Main string `json:"main"` // office files: the type of the main part
}

//go:embed types.json
var typesJSON []byte

var types = func() (list []allowed) {
	if err := json.Unmarshal(typesJSON, &list); err != nil {
		panic(err) // embedded: a fault here is a fault of the build
	}
	return list
}()

// Extensions lists the allowed extensions, for the form that asks for a file.
func Extensions() []string {
	list := make([]string, len(types))
	for i, t := range types {
		list[i] = t.Ext
	}
	return list
}

// Sniff returns the media type of content, by what it holds. It refuses (Invalid)
// what is not allowed, what its extension does not name, macros, active content,
// encrypted office files and bombs. It reads little and unpacks almost nothing.
func Sniff(r io.ReaderAt, size int64, name string) (mediaType string, err error) {
	form, main, err := look(r, size)
	if err != nil {
		return "", err
	}
	known := false
	for _, t := range types {
		if t.Form != form || t.Main != main {
			continue
		}
		known = true
		if t.Ext == extension(name) {
			return t.Type, nil
		}
	}
	if !known {
		return "", refuseType(name)
	}
	return "", errs.New(errs.Invalid, "file.extension_differs", "name", name)
}

func refuseType(name string) error {
	list := strings.Join(Extensions(), ", ")
	return errs.New(errs.Invalid, "file.type_refused", "name", name, "allowed", list)
}

// look names the form of content, and for office files the type of the main part.
func look(r io.ReaderAt, size int64) (form, main string, err error) {
	head := make([]byte, min(size, 512))
	if _, err := r.ReadAt(head, 0); err != nil && !errors.Is(err, io.EOF) {
		return "", "", err
	}
	switch {
	case bytes.HasPrefix(head, []byte("%PDF-")):
		return "pdf", "", checkPDF(r, size)
	case bytes.HasPrefix(head, []byte("\x89PNG\r\n\x1a\n")):
		return "png", "", checkPNG(head)
	case bytes.HasPrefix(head, []byte{0xff, 0xd8, 0xff}):
		return "jpeg", "", checkJPEG(r, size)
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		return lookZip(r, size)
	case bytes.HasPrefix(head, []byte{0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1}):
		return "", "", lookOLE(r, size)
	}
	body := bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")), " \t\r\n")
	if bytes.HasPrefix(body, []byte("<?xml")) {
		return "xml", "", checkXML(io.NewSectionReader(r, 0, size))
	}
	return lookText(r, size, bytes.IndexByte(head, 0) >= 0)
}

// lookOLE tells the two reasons for which an office file is in the old container: it
// is encrypted, or it is from before 2007 (and may hold macros anywhere).
func lookOLE(r io.ReaderAt, size int64) error {
	name := []byte("E\x00n\x00c\x00r\x00y\x00p\x00t\x00e\x00d\x00P\x00a\x00c\x00k\x00a\x00g\x00e\x00")
	found, err := contains(io.NewSectionReader(r, 0, size), name)
	if err != nil {
		return err
	}
	if found {
		return errs.New(errs.Invalid, "file.office_encrypted")
	}
	return errs.New(errs.Invalid, "file.office_old")
}

// contains looks for a word in a stream, 64 KiB at a time.
func contains(r io.Reader, word []byte) (bool, error) {
	buf := make([]byte, 64<<10)
	kept := 0
	for {
		n, err := io.ReadFull(r, buf[kept:])
		have := buf[:kept+n]
		if bytes.Contains(have, word) {
			return true, nil
		}
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return false, nil
		}
		if err != nil {
			return false, err
		}
		kept = copy(buf, have[len(have)-len(word)+1:])
	}
}
