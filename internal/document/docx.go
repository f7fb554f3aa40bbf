package document

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"strings"
	"time"
)

// Docx writes a document as Office Open XML (ECMA-376, .docx). The same document gives
// the same bytes. It names Times New Roman, as the decree wants.
func Docx(out io.Writer, d Document) error {
	sections, err := layout(d)
	if err != nil {
		return err
	}
	w := &docxWriter{}
	w.document(sections)
	parts := []struct {
		name string
		body []byte
	}{
		{"[Content_Types].xml", []byte(contentTypes)},
		{"_rels/.rels", []byte(packageRels)},
		{"docProps/core.xml", fmt.Appendf(nil, coreProps, escape(d.Title), escape(d.Author))},
		{"word/document.xml", w.Bytes()},
		{"word/styles.xml", fmt.Appendf(nil, stylesPart, decree.Font, decree.Sizes["body"])},
		{"word/settings.xml", []byte(settingsPart)},
		{"word/header1.xml", fmt.Appendf(nil, headerPart, decree.Sizes["page"])},
		{"word/header2.xml", []byte(emptyHeader)},
		{"word/_rels/document.xml.rels", w.rels()},
	}
	for i, png := range w.pictures {
		parts = append(parts, struct {
			name string
			body []byte
		}{fmt.Sprintf("word/media/image%d.png", i+1), png})
	}
	z := zip.NewWriter(out)
	for _, part := range parts {
		// A fixed time: the bytes say what is in the document, not when it was written.
		f, err := z.CreateHeader(&zip.FileHeader{Name: part.name, Method: zip.Deflate, Modified: time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)})
		if err != nil {
			return fmt.Errorf("write docx: %w", err)
		}
		if _, err := f.Write(part.body); err != nil {
			return fmt.Errorf("write docx: %w", err)
		}
	}
	if err := z.Close(); err != nil {
		return fmt.Errorf("write docx: %w", err)
	}
	return nil
}

// docxWriter writes the main part; pictures are collected on the way.
type docxWriter struct {
	bytes.Buffer
	pictures [][]byte
}

func (w *docxWriter) printf(format string, args ...any) { fmt.Fprintf(w, format, args...) }

func (w *docxWriter) document(sections []section) {
	w.WriteString(xmlHead + `<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"><w:body>`)
	for i, s := range sections {
		w.items(s.items)
		if i < len(sections)-1 { // a section ends in the properties of a paragraph, the last one in the body
			w.WriteString(`<w:p><w:pPr><w:spacing w:before="0" w:after="0" w:line="20" w:lineRule="exact"/>`)
			w.section(s)
			w.WriteString(`</w:pPr></w:p>`)
		} else {
			w.section(s)
		}
	}
	w.WriteString(`</w:body></w:document>`)
}

func (w *docxWriter) section(s section) {
	p := decree.Page
	w.WriteString(`<w:sectPr><w:headerReference w:type="default" r:id="rId3"/><w:headerReference w:type="first" r:id="rId4"/><w:type w:val="nextPage"/>`)
	if s.landscape {
		w.printf(`<w:pgSz w:w="%d" w:h="%d" w:orient="landscape"/>`, p.Height, p.Width)
	} else {
		w.printf(`<w:pgSz w:w="%d" w:h="%d"/>`, p.Width, p.Height)
	}
	w.printf(`<w:pgMar w:top="%d" w:right="%d" w:bottom="%d" w:left="%d" w:header="%d" w:footer="%d" w:gutter="0"/>`, p.Top, p.Right, p.Bottom, p.Left, p.Header, p.Header)
	if s.restart {
		w.WriteString(`<w:pgNumType w:start="1"/>`)
	}
	w.WriteString(`<w:titlePg/></w:sectPr>`)
}

func (w *docxWriter) items(items []item) {
	for i, it := range items {
		switch it := it.(type) {
		case para:
			w.para(it)
		case grid:
			w.grid(it)
			if i+1 < len(items) {
				if _, again := items[i+1].(grid); again { // two tables that touch become one
					w.para(small(20))
				}
			}
		case picture:
			w.picture(it)
		case pageBreak:
			w.WriteString(`<w:p><w:r><w:br w:type="page"/></w:r></w:p>`)
		}
	}
}

func (w *docxWriter) para(p para) {
	w.WriteString(`<w:p><w:pPr>`)
	if p.keep {
		w.WriteString(`<w:keepNext/>`)
	}
	if p.rule {
		w.WriteString(`<w:pBdr><w:top w:val="single" w:sz="6" w:space="0" w:color="000000"/></w:pBdr>`)
	}
	line, kind := or(p.line, 240), "auto"
	if p.exact > 0 {
		line, kind = p.exact, "exact"
	}
	w.printf(`<w:spacing w:before="%d" w:after="%d" w:line="%d" w:lineRule="%s"/>`, p.before, p.after, line, kind)
	w.printf(`<w:ind w:left="%d" w:right="%d" w:firstLine="%d"/>`, p.left, p.edge, p.first)
	align := string(p.align)
	if align == "" {
		align = "both"
	}
	w.printf(`<w:jc w:val="%s"/></w:pPr>`, align)
	for _, r := range p.runs {
		w.run(r)
	}
	w.WriteString(`</w:p>`)
}

func (w *docxWriter) run(r run) {
	w.WriteString(`<w:r><w:rPr>`)
	if r.bold {
		w.WriteString(`<w:b/><w:bCs/>`)
	}
	if r.italic {
		w.WriteString(`<w:i/><w:iCs/>`)
	}
	if r.red {
		w.WriteString(`<w:color w:val="FF0000"/>`)
	}
	w.printf(`<w:sz w:val="%d"/><w:szCs w:val="%d"/></w:rPr>`, r.size, r.size)
	for i, line := range strings.Split(plain(r.text), "\n") {
		if i > 0 {
			w.WriteString(`<w:br/>`)
		}
		w.printf(`<w:t xml:space="preserve">%s</w:t>`, escape(line))
	}
	w.WriteString(`</w:r>`)
}

func (w *docxWriter) grid(g grid) {
	total := 0
	for _, width := range g.widths {
		total += width
	}
	w.printf(`<w:tbl><w:tblPr><w:tblW w:w="%d" w:type="dxa"/>`, total)
	if g.center {
		w.WriteString(`<w:jc w:val="center"/>`)
	} else {
		w.WriteString(`<w:tblInd w:w="0" w:type="dxa"/>`)
	}
	if g.lines != "" {
		w.WriteString(`<w:tblBorders>`)
		for _, side := range []string{"top", "left", "bottom", "right", "insideH", "insideV"} {
			w.printf(`<w:%s w:val="single" w:sz="4" w:space="0" w:color="%s"/>`, side, g.lines)
		}
		w.WriteString(`</w:tblBorders>`)
	}
	w.printf(`<w:tblLayout w:type="fixed"/><w:tblCellMar><w:top w:w="0" w:type="dxa"/><w:left w:w="%d" w:type="dxa"/><w:bottom w:w="0" w:type="dxa"/><w:right w:w="%d" w:type="dxa"/></w:tblCellMar></w:tblPr><w:tblGrid>`, g.pad, g.pad)
	for _, width := range g.widths {
		w.printf(`<w:gridCol w:w="%d"/>`, width)
	}
	w.WriteString(`</w:tblGrid>`)
	for i, row := range g.rows {
		w.WriteString(`<w:tr><w:trPr><w:cantSplit/>`)
		if row.height > 0 {
			w.printf(`<w:trHeight w:val="%d" w:hRule="exact"/>`, row.height)
		}
		if i < g.header {
			w.WriteString(`<w:tblHeader/>`)
		}
		w.WriteString(`</w:trPr>`)
		column := 0
		for _, c := range row.cells {
			width := 0
			for range or(c.span, 1) {
				width += g.widths[column]
				column++
			}
			w.printf(`<w:tc><w:tcPr><w:tcW w:w="%d" w:type="dxa"/>`, width)
			if c.span > 1 {
				w.printf(`<w:gridSpan w:val="%d"/>`, c.span)
			}
			if c.middle {
				w.WriteString(`<w:vAlign w:val="center"/>`)
			}
			w.WriteString(`</w:tcPr>`)
			w.items(c.items)
			w.WriteString(`</w:tc>`)
		}
		w.WriteString(`</w:tr>`)
	}
	w.WriteString(`</w:tbl>`)
}

// picture is drawn in line with the text; 36,000 EMU are a millimetre.
func (w *docxWriter) picture(p picture) {
	w.pictures = append(w.pictures, p.png)
	n, side := len(w.pictures), p.mm*36000
	align := p.align
	if align == Justify {
		align = Left
	}
	w.printf(`<w:p><w:pPr><w:spacing w:before="120" w:after="120"/><w:jc w:val="%s"/></w:pPr><w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="%d" cy="%d"/><wp:docPr id="%d" name="QR %d" descr="QR"/><a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic><pic:nvPicPr><pic:cNvPr id="%d" name="QR %d"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:embed="rId%d"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="%d" cy="%d"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>`,
		align, side, side, n, n, n, n, 10+n, side, side)
}

func (w *docxWriter) rels() []byte {
	var b bytes.Buffer
	b.WriteString(documentRels)
	for i := range w.pictures {
		fmt.Fprintf(&b, `<Relationship Id="rId%d" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/image" Target="media/image%d.png"/>`, 11+i, i+1)
	}
	b.WriteString(`</Relationships>`)
	return b.Bytes()
}

var escaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;")

func escape(s string) string { return escaper.Replace(plain(s)) }
