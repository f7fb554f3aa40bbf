package document

import (
	"bytes"
	"fmt"
	"io"
	"time"

	"github.com/go-pdf/fpdf"
)

// Strip is what a receipt printer prints: a roll 80 mm wide, as long as it needs to be.
type Strip struct {
	Title string // for the file's properties
	Lines []StripLine
	QR    string // code at the foot, "" for none
	QRMM  int    // its size in millimetres, 0 = 34
	Foot  []StripLine
}

// StripLine is one line of a roll; words that do not fit go on below.
type StripLine struct {
	Text   string
	Bold   bool
	Large  bool
	Center bool
	Rule   bool // a line is drawn over it
}

const (
	stripWidth  = 80 * 72 / 25.4 // points
	stripMargin = 4 * 72 / 25.4
	stripQR     = 34
)

// StripPDF writes a roll as a PDF of one page, with its font embedded. Sizes are those
// that a printer of 203 points an inch still shows clearly. The same input gives the same
// bytes.
func StripPDF(out io.Writer, s Strip, made time.Time) error {
	// Measured first: a roll has no pages, so its page is as high as its content.
	high, err := writeStrip(io.Discard, s, made, 1000)
	if err != nil {
		return err
	}
	_, err = writeStrip(out, s, made, high)
	return err
}

func writeStrip(out io.Writer, s Strip, made time.Time, high float64) (float64, error) {
	p := fpdf.NewCustom(&fpdf.InitType{UnitStr: "pt", Size: fpdf.SizeType{Wd: stripWidth, Ht: high}})
	p.SetCreationDate(made.UTC())
	p.SetModificationDate(made.UTC())
	p.SetCatalogSort(true)
	p.SetTitle(plain(s.Title), true)
	p.SetLang("vi-VN")
	p.SetAutoPageBreak(false, 0)
	p.SetMargins(0, 0, 0)
	p.SetCellMargin(0)
	for _, style := range []string{"", "B"} {
		if err := addFont(p, style); err != nil {
			return 0, err
		}
	}
	p.AddPage()
	w := &pdfWriter{p: p}
	w.y = stripMargin
	w.stripLines(s.Lines)
	if s.QR != "" {
		png, err := QRPNG(s.QR, 8)
		if err != nil {
			return 0, err
		}
		p.RegisterImageOptionsReader("qr", fpdf.ImageOptions{ImageType: "PNG"}, bytes.NewReader(png))
		side := float64(or(s.QRMM, stripQR)) * 72 / 25.4
		p.ImageOptions("qr", (stripWidth-side)/2, w.y+4, side, side, false, fpdf.ImageOptions{}, 0, "")
		w.y += side + 8
	}
	w.stripLines(s.Foot)
	if err := p.Output(out); err != nil {
		return 0, fmt.Errorf("write strip: %w", err)
	}
	return w.y + stripMargin, nil
}

func (w *pdfWriter) stripLines(lines []StripLine) {
	width := stripWidth - 2*stripMargin
	for _, l := range lines {
		size := 20 // half points
		if l.Large {
			size = 30
		}
		// The width is set by the edges of a paragraph, which are kept in twips.
		p := para{runs: []run{{text: l.Text, size: size, bold: l.Bold}}, align: Left, after: 40, rule: l.Rule}
		if l.Center {
			p.align = Center
		}
		for _, b := range w.boxes(p, width) {
			b.draw(stripMargin, w.y)
			w.y += b.height
		}
	}
}
