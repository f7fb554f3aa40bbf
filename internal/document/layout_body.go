package document

import "strings"

// body is a paragraph of the text: 14 points, justified, first line set in.
func body(runs ...run) para {
	for i := range runs {
		if runs[i].size == 0 {
			runs[i].size = decree.Sizes["body"]
		}
	}
	return para{runs: runs, first: decree.Indent, after: decree.Gap, line: decree.Line}
}

func paragraph(b Paragraph) para {
	runs := make([]run, len(b.Runs))
	for i, r := range b.Runs {
		runs[i] = run{text: r.Text, bold: r.Bold, italic: r.Italic}
	}
	p := body(runs...)
	p.align = b.Align
	if b.Tight {
		p.after, p.line = 30, 240
		for i := range p.runs {
			p.runs[i].size = decree.Sizes["body"] - 2
		}
	}
	if b.Flush || b.Align == Center || b.Align == Right {
		p.first = 0
	}
	return p
}

func bases(lines []string) []item {
	var items []item
	for i, line := range lines {
		items = append(items, body(run{text: punctuated(line, i == len(lines)-1), italic: true}))
	}
	return items
}

// punctuated ends a line of a list with ";" and the last one with ".".
func punctuated(line string, last bool) string {
	line = strings.TrimRight(line, " ;.,")
	if last {
		return line + "."
	}
	return line + ";"
}

func addressees(names []string) []item {
	if len(names) == 1 {
		return []item{para{runs: []run{{text: decree.To + " " + names[0], size: decree.Sizes["body"]}}, align: Center, before: 240, after: 240}}
	}
	// The names stand under one another, a little right of the label.
	items := []item{para{runs: []run{{text: decree.To, size: decree.Sizes["body"]}}, align: Left, left: 1418, before: 240, keep: true}}
	for i, name := range names {
		p := para{runs: []run{{text: "- " + punctuated(name, i == len(names)-1), size: decree.Sizes["body"]}}, align: Left, left: 2552, keep: true}
		if i == len(names)-1 {
			p.after, p.keep = 240, false
		}
		items = append(items, p)
	}
	return items
}

func heading(b Heading, number string) []item {
	size := decree.Sizes["body"]
	switch b.Rank {
	case Part, Chapter, Section:
		first := para{runs: []run{{text: number, size: size, bold: true}}, align: Center, before: 120, keep: true}
		second := para{runs: []run{{text: strings.ToUpper(b.Text), size: size, bold: true}}, align: Center, after: 120, keep: true}
		return []item{first, second}
	case Article:
		p := body(run{text: number + " ", bold: true}, run{text: b.Text, bold: !b.Body})
		p.keep = !b.Body
		return []item{p}
	}
	bold := !b.Body && b.Rank != Point
	p := body(run{text: number + " " + b.Text, bold: bold})
	p.keep = bold
	return []item{p}
}

// table shares the width among the columns; what is left by rounding goes to the last.
func table(b Table, width int) grid {
	g := grid{lines: "000000", header: 1, pad: 85}
	total := 0
	for _, c := range b.Columns {
		total += or(c.Width, 1)
	}
	used := 0
	header := gridRow{}
	for i, c := range b.Columns {
		w := width * or(c.Width, 1) / total
		if i == len(b.Columns)-1 {
			w = width - used
		}
		used += w
		g.widths = append(g.widths, w)
		header.cells = append(header.cells, cell(c.Title, Center, true, 1))
	}
	g.rows = append(g.rows, header)
	for _, r := range b.Rows {
		row := gridRow{}
		for i, c := range b.Columns {
			words := ""
			if i < len(r.Cells) {
				words = r.Cells[i]
			}
			align := c.Align
			if align == Justify {
				align = Left // narrow columns tear justified words apart
			}
			if r.Whole {
				row.cells = append(row.cells, cell(words, Left, r.Bold, len(b.Columns)))
				break
			}
			row.cells = append(row.cells, cell(words, align, r.Bold, 1))
		}
		g.rows = append(g.rows, row)
	}
	return g
}

func cell(words string, align Align, bold bool, span int) gridCell {
	p := para{runs: []run{{text: words, size: decree.Sizes["table"], bold: bold}}, align: align, before: 40, after: 40}
	return gridCell{items: []item{p}, span: span, middle: true}
}

// closingOf counts the blocks of the foot: recipients and signature, in any order.
func closingOf(blocks []Block) int {
	if len(blocks) > 1 {
		_, sign := blocks[0].(Signature)
		_, names := blocks[1].(Recipients)
		_, names0 := blocks[0].(Recipients)
		_, sign1 := blocks[1].(Signature)
		if sign && names || names0 && sign1 {
			return 2
		}
	}
	return 1
}

// closing puts recipients on the left, level with the signature on the right.
func closing(blocks []Block, width int) []item {
	row := gridRow{cells: []gridCell{{items: []item{small(0)}}, {items: []item{small(0)}}}}
	for _, b := range blocks {
		switch b := b.(type) {
		case Recipients:
			row.cells[0].items = recipients(b)
		case Signature:
			row.cells[1].items = signature(b)
		}
	}
	half := width / 2
	return []item{small(120), grid{widths: []int{half, width - half}, rows: []gridRow{row}}}
}

// signatures stand side by side, each in its share of the width.
func signatures(list []Signature, width int) []item {
	if len(list) == 0 {
		return nil
	}
	g := grid{}
	row := gridRow{}
	for range list {
		g.widths = append(g.widths, width/len(list))
	}
	for _, s := range list {
		row.cells = append(row.cells, gridCell{items: signature(s)})
	}
	g.rows = []gridRow{row}
	return []item{small(120), g}
}

func recipients(names []string) []item {
	items := []item{para{runs: []run{{text: decree.Recipients, size: decree.Sizes["recipients"], bold: true, italic: true}}, align: Left}}
	for i, name := range names {
		line := "- " + punctuated(strings.TrimPrefix(name, "- "), i == len(names)-1)
		items = append(items, para{runs: []run{{text: line, size: decree.Sizes["recipient"]}}, align: Left})
	}
	return items
}

func signature(b Signature) []item {
	size := decree.Sizes["sign"]
	var items []item
	for _, line := range append(append([]string(nil), b.Authority...), b.Title) {
		if line != "" {
			items = append(items, centred(run{text: strings.ToUpper(line), size: size, bold: true}, 0))
		}
	}
	// Room for the hand, or for the picture of the signature and the seal.
	return append(items, centred(run{text: b.Name, size: size, bold: true}, 1400))
}
