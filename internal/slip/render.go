package slip

import (
	"context"
	"strconv"

	"cchc/internal/document"
	"cchc/internal/i18n"
)

// Document lays a slip out by Decree 30/2020.
func Document(ctx context.Context, t Template, d Data) document.Document {
	doc := document.Document{Title: t.Title, Author: d.Agency}
	copies := t.Copies
	if len(copies) == 0 {
		copies = []string{""}
	}
	for i, copy := range copies {
		if i > 0 {
			doc.Blocks = append(doc.Blocks, document.PageBreak{})
		}
		doc.Blocks = append(doc.Blocks, one(ctx, t, d, copy)...)
	}
	return doc
}

func one(ctx context.Context, t Template, d Data, copy string) []document.Block {
	values := d.values(d.amount(ctx))
	var blocks []document.Block
	if t.Landscape {
		blocks = append(blocks, document.Annex{Title: t.Title, Bare: true, Landscape: true})
	} else {
		head := document.Letterhead{Parent: d.Parent, Issuer: d.Agency, Place: d.Place, Day: d.Day}
		if t.Number {
			head.Number, head.Symbol = d.Number, t.Symbol
		}
		blocks = append(blocks, head)
		if t.Form != "" || copy != "" {
			blocks = append(blocks, document.Paragraph{Align: document.Right, Flush: true, Runs: []document.Run{{Text: t.Form + copy, Italic: true}}})
		}
		blocks = append(blocks, document.Title{Type: t.Title})
	}
	lines := func(list []string) {
		for _, l := range list {
			if words, said := filled(l, values); said {
				blocks = append(blocks, document.Paragraph{Flush: true, Tight: true, Align: document.Left, Runs: []document.Run{{Text: words}}})
			}
		}
	}
	lines(t.Lines)
	if t.Table != "" {
		blocks = append(blocks, d.table(ctx, t.Table))
	}
	lines(t.After)
	if url := d.LookupURL(); t.QR && url != "" {
		blocks = append(blocks, document.QR{Content: url, MM: 24, Align: document.Left})
	}
	if len(t.Sign) > 0 {
		var sign document.Signatures
		for _, s := range t.Sign {
			title, _ := filled(s.Title, values)
			name, _ := filled(s.Name, values)
			sign = append(sign, document.Signature{Title: title, Name: name})
		}
		blocks = append(blocks, sign)
	}
	return blocks
}

// Strip is the receipt for a printer of 80 mm: what the applicant needs to come back.
func Strip(ctx context.Context, t Template, d Data) document.Strip {
	values := d.values(d.amount(ctx))
	s := document.Strip{Title: t.Title, QR: d.LookupURL()}
	add := func(text string, bold, large, center, rule bool) {
		s.Lines = append(s.Lines, document.StripLine{Text: text, Bold: bold, Large: large, Center: center, Rule: rule})
	}
	add(d.Agency, true, false, true, false)
	add(t.Title, true, false, true, false)
	add(d.Code, true, true, true, false)
	add("", false, false, false, true)
	for _, l := range append(append([]string{}, t.Lines...), t.After...) {
		if words, said := filled(l, values); said {
			add(words, false, false, false, false)
		}
	}
	for _, p := range d.Papers {
		add("- "+p.Name+" ("+counts(ctx, p)+")", false, false, false, false)
	}
	if d.Receiver != "" {
		s.Foot = append(s.Foot, document.StripLine{Text: i18n.T(ctx, "slip.received_by", "name", d.Receiver), Center: true})
	}
	return s
}

func counts(ctx context.Context, p Paper) string {
	return i18n.T(ctx, "slip.counts", "originals", p.Originals, "certified", p.Certified, "copies", p.Copies)
}

// table is one of the lists of a form.
func (d Data) table(ctx context.Context, name string) document.Table {
	var t document.Table
	col := func(key string, width int, align document.Align) {
		t.Columns = append(t.Columns, document.Column{Title: i18n.T(ctx, "slip.col."+key), Width: width, Align: align})
	}
	row := func(cells ...string) { t.Rows = append(t.Rows, document.Row{Cells: cells}) }
	money := func(n int64) string { return i18n.Number(ctx, n) }
	n := strconv.Itoa
	switch name {
	case "papers", "missing":
		list := d.Papers
		if name == "missing" {
			list = d.Missing
		}
		col("n", 1, document.Center)
		col("paper", 8, document.Left)
		col("originals", 2, document.Center)
		col("certified", 2, document.Center)
		col("copies", 2, document.Center)
		for i, p := range list {
			row(n(i+1), p.Name, n(p.Originals), n(p.Certified), n(p.Copies))
		}
	case "dossiers":
		col("n", 2, document.Center)
		col("code", 15, document.Left)
		col("content", 12, document.Left)
		col("owner", 9, document.Left)
		col("received", 7, document.Center)
		col("due", 7, document.Center)
		for i, l := range d.Lines {
			row(n(i+1), l.Code, l.Procedure, l.Owner, moment(l.Received), moment(l.Due))
		}
	case "results":
		col("n", 2, document.Center)
		col("code", 15, document.Left)
		col("content", 10, document.Left)
		col("result", 9, document.Left)
		col("owner", 8, document.Left)
		col("fee", 6, document.Right)
		col("post", 5, document.Right)
		for i, l := range d.Lines {
			row(n(i+1), l.Code, l.Procedure, l.Result, l.Owner, money(l.Fee), money(l.Post))
		}
	case "steps":
		col("from", 4, document.Left)
		col("to", 4, document.Left)
		col("at", 3, document.Center)
		col("step_due", 3, document.Center)
		col("step_result", 2, document.Center)
		col("note", 3, document.Left)
		for _, s := range d.Steps {
			row(s.From, s.To, moment(s.At), moment(s.Due), resultWord(ctx, s.Result), s.Note)
		}
	case "trail":
		col("at", 3, document.Center)
		col("person", 4, document.Left)
		col("action", 5, document.Left)
		col("to", 4, document.Left)
		col("step_due", 3, document.Center)
		for _, s := range d.Steps {
			row(moment(s.At), s.From, s.Name, s.To, moment(s.Due))
		}
	case "register":
		for _, c := range []struct {
			key   string
			width int
		}{{"n", 2}, {"code", 12}, {"content", 10}, {"sets", 2}, {"owner", 7}, {"unit", 7}, {"received", 6}, {"due", 6}, {"returned", 6}, {"way", 4}, {"signature", 4}, {"note", 4}} {
			col(c.key, c.width, document.Left)
		}
		for i, l := range d.Lines {
			row(n(i+1), l.Code, l.Procedure, positive(l.Sets), l.Owner, l.Unit, moment(l.Received), moment(l.Due), moment(l.Returned), l.Way, "", l.Note)
		}
	case "fees":
		col("n", 1, document.Center)
		col("fee_name", 8, document.Left)
		col("amount", 3, document.Right)
		for i, f := range d.Fees {
			row(n(i+1), f.Name, money(f.Amount))
		}
	}
	return t
}

func resultWord(ctx context.Context, result string) string {
	if result == "" {
		return ""
	}
	return i18n.T(ctx, "slip.result."+result)
}
