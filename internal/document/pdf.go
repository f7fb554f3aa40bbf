package document

import (
	"bytes"
	"fmt"
	"io"
	"time"

	"github.com/go-pdf/fpdf"
)

// PDF writes a document for printing, with its font embedded. It is not tagged, so not
// for a reader of screens: TaggedPDF makes such a one where LibreOffice is installed.
// made is the day that the file's properties say; the same input gives the same bytes.
func PDF(out io.Writer, d Document, made time.Time) error {
	sections, err := layout(d)
	if err != nil {
		return err
	}
	p := fpdf.NewCustom(&fpdf.InitType{UnitStr: "pt", SizeStr: "A4"})
	p.SetCreationDate(made.UTC())
	p.SetModificationDate(made.UTC())
	p.SetCatalogSort(true)
	p.SetTitle(plain(d.Title), true)
	p.SetAuthor(plain(d.Author), true)
	p.SetLang("vi-VN")
	p.SetAutoPageBreak(false, 0)
	p.SetMargins(0, 0, 0)
	p.SetCellMargin(0)
	for _, style := range []string{"", "B", "I", "BI"} {
		if err := addFont(p, style); err != nil {
			return err
		}
	}
	w := &pdfWriter{p: p}
	for _, s := range sections {
		w.begin(s)
		w.flow(s.items)
	}
	if err := p.Output(out); err != nil {
		return fmt.Errorf("write pdf: %w", err)
	}
	return nil
}

// pdfWriter flows boxes down pages. Its unit is the point, a twentieth of which is a twip.
type pdfWriter struct {
	p        *fpdf.Fpdf
	section  section
	y        float64
	page     int // of this count
	pictures int
}

func pt(twips int) float64 { return float64(twips) / 20 }

func (w *pdfWriter) bottom() float64 {
	if w.section.landscape {
		return pt(decree.Page.Width - decree.Page.Bottom)
	}
	return pt(decree.Page.Height - decree.Page.Bottom)
}

func (w *pdfWriter) begin(s section) {
	w.section = s
	if s.restart {
		w.page = 0
	}
	w.newPage()
}

func (w *pdfWriter) newPage() {
	size, side := fpdf.SizeType{Wd: pt(decree.Page.Width), Ht: pt(decree.Page.Height)}, "P"
	if w.section.landscape {
		side = "L"
	}
	w.p.AddPageFormat(side, size)
	w.page++
	w.y = pt(decree.Page.Top)
	if w.page > 1 { // in the top margin, from page 2
		number := fmt.Sprint(w.page)
		w.p.SetFont(family, "", float64(decree.Sizes["page"])/2)
		x := pt(decree.Page.Left) + (pt(w.section.width())-w.p.GetStringWidth(number))/2
		w.p.Text(x, pt(decree.Page.Header)+float64(decree.Sizes["page"])/2, number)
	}
}

// flow places items one under another; lines that stay with what follows move to the
// next page together with it.
func (w *pdfWriter) flow(items []item) {
	x, width := pt(decree.Page.Left), pt(w.section.width())
	for i, it := range items {
		switch it := it.(type) {
		case para:
			boxes := w.boxes(it, width)
			if it.keep && w.y+height(boxes)+w.following(items[i+1:], width) > w.bottom() {
				w.newPage()
			}
			for _, b := range boxes {
				w.place(b, x)
			}
		case grid:
			w.gridFlow(it, x)
		case pageBreak:
			w.newPage()
		case picture:
			for _, b := range w.cellBoxes([]item{it}, width) {
				w.place(b, x)
			}
		}
	}
}

// following is the height of the kept lines after a kept one, and of the first line
// or row after those.
func (w *pdfWriter) following(items []item, width float64) float64 {
	sum := 0.0
	for _, it := range items {
		switch it := it.(type) {
		case para:
			boxes := w.boxes(it, width)
			if !it.keep {
				return sum + height(boxes[:1])
			}
			sum += height(boxes)
		case grid:
			for i := 0; i <= it.header && i < len(it.rows); i++ {
				sum += w.row(it, it.rows[i]).height
			}
			return sum
		default:
			return sum
		}
	}
	return sum
}

func (w *pdfWriter) place(b box, x float64) {
	if w.y+b.height > w.bottom()+0.01 {
		w.newPage()
	}
	b.draw(x, w.y)
	w.y += b.height
}

// box is a line of text, or what else moves as one.
type box struct {
	height float64
	draw   func(x, y float64)
}

func height(boxes []box) float64 {
	sum := 0.0
	for _, b := range boxes {
		sum += b.height
	}
	return sum
}

// cellBoxes turns the items of a cell into boxes of its width.
func (w *pdfWriter) cellBoxes(items []item, width float64) []box {
	var boxes []box
	for _, it := range items {
		switch it := it.(type) {
		case para:
			boxes = append(boxes, w.boxes(it, width)...)
		case grid:
			boxes = append(boxes, w.gridBox(it, width))
		case picture:
			boxes = append(boxes, w.pictureBox(it, width))
		}
	}
	return boxes
}

func (w *pdfWriter) pictureBox(it picture, width float64) box {
	w.pictures++
	name := fmt.Sprintf("qr%d", w.pictures)
	w.p.RegisterImageOptionsReader(name, fpdf.ImageOptions{ImageType: "PNG"}, bytes.NewReader(it.png))
	side := float64(it.mm) * 72 / 25.4
	return box{height: side + 12, draw: func(x, y float64) {
		switch it.align {
		case Center:
			x += (width - side) / 2
		case Right:
			x += width - side
		}
		w.p.ImageOptions(name, x, y+6, side, side, false, fpdf.ImageOptions{}, 0, "")
	}}
}
