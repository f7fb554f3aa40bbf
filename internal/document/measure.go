package document

import (
	"embed"
	"fmt"
	"sync"

	"github.com/go-pdf/fpdf"
)

// Liberation Serif has the widths of Times New Roman, which a .docx may name but
// nobody may embed, and every Vietnamese letter (version 2; 1.07 has not).
//
//go:embed fonts/*.ttf
var fonts embed.FS

const family = "serif"

// styles maps fpdf's style letters to the font's files.
var styles = map[string]string{"": "Regular", "B": "Bold", "I": "Italic", "BI": "BoldItalic"}

// addFont makes a style of the embedded font known to a PDF.
func addFont(p *fpdf.Fpdf, style string) error {
	body, err := fonts.ReadFile("fonts/LiberationSerif-" + styles[style] + ".ttf")
	if err != nil {
		return fmt.Errorf("embedded font: %w", err)
	}
	p.AddUTF8FontFromBytes(family, style, body)
	return p.Error()
}

// ruler measures text for the lines whose length the decree ties to it.
var ruler = sync.OnceValue(func() *fpdf.Fpdf {
	p := fpdf.New("P", "pt", "A4", "")
	for _, style := range []string{"", "B"} {
		if err := addFont(p, style); err != nil {
			panic(err) // embedded: a fault here is a fault of the build
		}
	}
	return p
})

var rulerLock sync.Mutex

// textWidth is the width of a text in twips, at a size in half points.
func textWidth(s string, size int, bold bool) int {
	rulerLock.Lock()
	defer rulerLock.Unlock()
	style := ""
	if bold {
		style = "B"
	}
	p := ruler()
	p.SetFont(family, style, float64(size)/2)
	return int(p.GetStringWidth(plain(s))*20 + 0.5)
}
