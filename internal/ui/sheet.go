package ui

import (
	"context"
	"html"
	"net/http"
	"net/url"
	"strings"

	"cchc/internal/document"
	"cchc/internal/file"
	"cchc/internal/identity"
)

// SheetMost is how many rows a list gives as a file at most.
const SheetMost = 5000

// Sheet says as what file a list was asked for: "csv", "xlsx", or "" for the page. Every
// list takes ?as=csv and ?as=xlsx and gives the rows that its page would, all of them.
func Sheet(r *http.Request) string {
	if as := r.URL.Query().Get("as"); as == "csv" || as == "xlsx" {
		return as
	}
	return ""
}

type addressKey struct{}

// withAddress lets tables of a page know where they stand.
func withAddress(ctx context.Context, u *url.URL) context.Context {
	return context.WithValue(ctx, addressKey{}, u)
}

// fileURL is the address of the same list as a file, up to the word that says of what
// kind; "" outside a page. Filters stay, the page of the list does not.
func fileURL(ctx context.Context) string {
	u, _ := ctx.Value(addressKey{}).(*url.URL)
	if u == nil {
		return ""
	}
	q := url.Values{}
	for name, values := range u.Query() {
		if name != "after" && name != "as" {
			q[name] = values
		}
	}
	if len(q) == 0 {
		return u.Path + "?as="
	}
	return u.Path + "?" + q.Encode() + "&as="
}

// saveURL is the page that keeps this list under a name, for somebody signed in; "" when
// the program has no such page.
func saveURL(ctx context.Context) string {
	u, _ := ctx.Value(addressKey{}).(*url.URL)
	v := viewOf(ctx)
	if u == nil || v.rt == nil || v.rt.cfg.SaveView == "" || !identity.From(ctx).SignedIn() {
		return ""
	}
	return v.rt.cfg.SaveView + "?to=" + url.QueryEscape(u.RequestURI())
}

// SendTable writes a table as a file for downloading: the words that the page shows, the
// group of a row as a first column where there are groups. Package document guards every
// cell against formulas.
func SendTable(w http.ResponseWriter, r *http.Request, name, as string, t Table) error {
	grouped := false
	for _, row := range t.Rows {
		grouped = grouped || row.Group != ""
	}
	out := document.SheetOut{Name: name}
	if grouped {
		out.Columns = append(out.Columns, document.SheetColumn{Title: t.Caption, Width: 28})
	}
	for _, c := range t.Columns {
		if !c.Hidden {
			out.Columns = append(out.Columns, document.SheetColumn{Title: c.Head, Width: 24})
		}
	}
	rows := make([][]string, 0, len(t.Rows))
	group := ""
	for _, row := range t.Rows {
		if row.Group != "" {
			group = row.Group
			continue
		}
		line := make([]string, 0, len(out.Columns))
		if grouped {
			line = append(line, group)
		}
		for i, cell := range row.Cells {
			if i < len(t.Columns) && t.Columns[i].Hidden {
				continue
			}
			words, err := cell.words(r.Context())
			if err != nil {
				return err
			}
			line = append(line, words)
		}
		rows = append(rows, line)
	}
	out.Next = document.RowsOf(rows)
	head := w.Header()
	head.Set("Cache-Control", "private, no-store")
	head.Set("Content-Disposition", file.Disposition(file.SafeName(name+"."+as)))
	if as == "csv" {
		head.Set("Content-Type", "text/csv; charset=utf-8")
		return document.WriteCSV(w, out)
	}
	head.Set("Content-Type", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
	return document.WriteXLSX(w, out)
}

// words is what a cell says: the second line after the first.
func (c Cell) words(ctx context.Context) (string, error) {
	said := c.Text
	if c.Body != nil {
		var b strings.Builder
		if err := c.Body.Render(ctx, &b); err != nil {
			return "", err
		}
		said = spoken(b.String())
	}
	if c.Sub != "" {
		said = strings.TrimSpace(said + "; " + c.Sub)
	}
	return said, nil
}

// spoken leaves the words of a component: what stands between its tags, drawings aside.
func spoken(markup string) string {
	var b strings.Builder
	drawing := 0
	for markup != "" {
		open := strings.IndexByte(markup, '<')
		if open < 0 {
			open = len(markup)
		}
		if drawing == 0 {
			b.WriteString(markup[:open])
		}
		if open == len(markup) {
			break
		}
		end := strings.IndexByte(markup[open:], '>')
		if end < 0 {
			break
		}
		tag := markup[open : open+end+1]
		switch {
		case strings.HasPrefix(tag, "<svg"):
			drawing++
		case strings.HasPrefix(tag, "</svg"):
			drawing--
		default:
			b.WriteByte(' ')
		}
		markup = markup[open+end+1:]
	}
	return strings.Join(strings.Fields(html.UnescapeString(b.String())), " ")
}
