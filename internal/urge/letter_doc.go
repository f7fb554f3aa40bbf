package urge

import (
	"context"
	"strconv"
	"strings"

	"cchc/internal/document"
	"cchc/internal/i18n"
)

// sender is in whose name a letter goes out: that of the agency of who signed it; an
// unsigned one stands under the province.
type sender struct {
	name, place string
	province    bool
}

func (v LetterView) letter(ctx context.Context, from sender) document.Document {
	t := func(key string, args ...any) string { return i18n.T(ctx, "urge.docx."+key, args...) }
	day := v.SignedDay
	if day == "" {
		day = strconv.Itoa(v.Year)
	}
	blocks := []document.Block{
		from.head(t, v.Number, day),
		document.Subject{Text: t("subject")},
		document.Addressees{v.AgencyName},
		document.Text(t("opening", "day", i18n.Day(ctx, v.asOf()), "agency", v.AgencyName, "n", i18n.Number(ctx, int64(len(v.List))))),
	}
	for line := range strings.SplitSeq(v.Words, "\n") {
		if line = strings.TrimSpace(line); line != "" {
			blocks = append(blocks, document.Text(line))
		}
	}
	if v.ResponseDay != "" {
		blocks = append(blocks, document.Text(t("ask", "agency", v.AgencyName, "day", i18n.Day(ctx, v.ResponseDay))))
	}
	blocks = append(blocks, document.Text(t("end")),
		document.Recipients{t("as_above"), t("file")},
		from.signature(t, v.Signer),
		document.Annex{Title: i18n.T(ctx, "urge.letter.items")}, v.grid(ctx))
	return document.Document{Title: t("subject"), Blocks: blocks}
}

// head is the letterhead: the province's own, or the department's under the province.
func (f sender) head(t func(string, ...any) string, number int, day string) document.Letterhead {
	head := document.Letterhead{Number: number, Place: f.place, Day: day}
	if f.province {
		head.Issuer = strings.ToUpper(t("province", "name", strings.TrimPrefix(f.name, "UBND ")))
		head.Symbol = document.Symbol("letter", "UBND", "NC")
		return head
	}
	head.Parent, head.Issuer, head.Symbol = strings.ToUpper(t("parent", "name", f.place)), strings.ToUpper(f.name), document.Symbol("letter", initials(f.name), "CCHC")
	return head
}

func (f sender) signature(t func(string, ...any) string, name string) document.Signature {
	if f.province {
		return document.Signature{Authority: []string{t("on_behalf")}, Title: t("chairman"), Name: name}
	}
	return document.Signature{Title: t("director"), Name: name}
}

// asOf is the day up to which the letter counts: its signature, else when it was begun.
func (v LetterView) asOf() string {
	if v.SignedDay != "" {
		return v.SignedDay
	}
	return v.CreatedDay
}

func (v LetterView) grid(ctx context.Context) document.Table {
	t := document.Table{Columns: []document.Column{
		{Title: i18n.T(ctx, "urge.docx.n"), Width: 1, Align: document.Center}, {Title: i18n.T(ctx, "urge.col.work"), Width: 8, Align: document.Left},
		{Title: i18n.T(ctx, "urge.col.due"), Width: 3, Align: document.Center}, {Title: i18n.T(ctx, "urge.docx.late"), Width: 2, Align: document.Right},
	}}
	for n, i := range v.List {
		t.Rows = append(t.Rows, document.Row{Cells: []string{strconv.Itoa(n + 1), i.Code + ". " + i.Title, i18n.Day(ctx, i.Due), strconv.Itoa(daysBetween(i.Due, v.asOf()))}})
	}
	return t
}

// initials abbreviates an agency's name as the symbols of its documents do: the first
// letter of each word, in capitals.
func initials(name string) string {
	out := ""
	for word := range strings.FieldsSeq(name) {
		for _, r := range word {
			out += strings.ToUpper(string(r))
			break
		}
	}
	return out
}
