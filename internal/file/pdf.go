package file

import (
	"bytes"
	"io"
	"strings"

	"cchc/internal/errs"
)

// active are the PDF names that make a reader do something by itself (ISO 32000); long
// enough that packed pictures do not hold them by chance, as they would hold /JS.
var active = map[string]bool{"JavaScript": true, "Launch": true, "RichMedia": true}

// checkPDF refuses a PDF that carries a script or starts a program. It reads the names
// as they stand in the file, hex escapes undone; names inside packed object streams
// are not seen, which is why evidence is only ever handed out as an attachment.
func checkPDF(r io.ReaderAt, size int64) error {
	in := io.NewSectionReader(r, 0, size)
	buf := make([]byte, 64<<10)
	kept := 0
	for {
		n, err := io.ReadFull(in, buf[kept:])
		have := buf[:kept+n]
		last := err != nil
		for at := 0; ; {
			i := bytes.IndexByte(have[at:], '/')
			if i < 0 {
				kept = 0
				break
			}
			at += i
			name, whole := pdfName(have[at+1:])
			if !whole && !last && len(have)-at < 64 { // cut by the end of the buffer
				kept = copy(buf, have[at:])
				break
			}
			if active[name] {
				return errs.New(errs.Invalid, "file.active_content")
			}
			at++
		}
		if err == io.EOF || err == io.ErrUnexpectedEOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// pdfName reads a name up to its delimiter; whole is false when the bytes end first.
func pdfName(b []byte) (name string, whole bool) {
	var s strings.Builder
	for i := 0; i < len(b) && i < 40; i++ {
		c := b[i]
		if strings.IndexByte(" \t\r\n\f\x00()<>[]{}/%", c) >= 0 {
			return s.String(), true
		}
		if c == '#' && i+2 < len(b) {
			if hi, lo := unhex(b[i+1]), unhex(b[i+2]); hi >= 0 && lo >= 0 {
				c, i = byte(hi<<4|lo), i+2
			}
		}
		s.WriteByte(c)
	}
	return s.String(), len(b) >= 40
}

func unhex(c byte) int { return strings.IndexByte("0123456789abcdef", c|0x20) }
