package admin

import (
	"context"
	"net/http"
	"strings"

	"cchc/internal/audit"
	"cchc/internal/errs"
	"cchc/internal/i18n"
	"cchc/internal/ui"
)

const logURL = "/admin/log"

func crumbLog(r *http.Request) ui.Crumb {
	return ui.Crumb{Text: word(r, "admin.menu.log"), URL: logURL}
}

func (h *web) log(w http.ResponseWriter, r *http.Request) error {
	f := ui.Query(r)
	q := LogQuery{Who: f.Text("who"), Account: f.Text("account"), Kind: f.Text("kind"), Subject: f.Text("subject"), Agency: f.Text("agency"),
		From: f.Day("from"), To: f.Day("to"), After: f.Raw("after")}
	err := f.Err()
	l := LogList{Query: q}
	if err == nil {
		l, err = h.admin.LogEntries(r.Context(), q)
	}
	if err != nil && !f.Keep(err) {
		return err
	}
	if err != nil {
		l.Rows, l.Next = nil, ""
	}
	return h.page(w, r, logURL, word(r, "admin.menu.log"), f.Status(), logPage(l, f))
}

func (q LogQuery) pairs() []string {
	return []string{"who", q.Who, "account", q.Account, "kind", q.Kind, "subject", q.Subject, "agency", q.Agency, "from", q.From, "to", q.To}
}

// without is the list's address with one filter taken off.
func (q LogQuery) without(name string) string {
	all := q.pairs()
	for i := 0; i < len(all); i += 2 {
		if all[i] == name {
			all[i+1] = ""
		}
	}
	return address(logURL, all...)
}

func (l LogList) next() string {
	if l.Next == "" {
		return ""
	}
	return address(logURL, append(l.Query.pairs(), "after", l.Next)...)
}

// filters are those in force, each with the address that takes it off.
func (l LogList) filters(ctx context.Context) (on []ui.FilterOn) {
	q := l.Query
	for _, f := range []struct{ name, value, words string }{
		{"who", q.Who, i18n.T(ctx, "admin.log.on.who", "text", q.Who)},
		{"account", q.Account, i18n.T(ctx, "admin.log.on.who", "text", l.accountName(q.Account))},
		{"kind", q.Kind, kindName(ctx, q.Kind)},
		{"subject", q.Subject, i18n.T(ctx, "admin.log.on.subject", "text", q.Subject)},
		{"agency", q.Agency, i18n.T(ctx, "admin.log.on.agency", "text", q.Agency)},
		{"from", q.From, i18n.T(ctx, "admin.log.on.from", "day", i18n.Day(ctx, q.From))},
		{"to", q.To, i18n.T(ctx, "admin.log.on.to", "day", i18n.Day(ctx, q.To))},
	} {
		if f.value != "" {
			on = append(on, ui.FilterOn{Text: f.words, OffURL: q.without(f.name)})
		}
	}
	return on
}

// kindName is what was done, in words.
func kindName(ctx context.Context, kind string) string { return orCode(ctx, "audit."+kind, kind) }

func kindChoices(ctx context.Context, kinds []string) []ui.Choice {
	out := make([]ui.Choice, len(kinds))
	for i, k := range kinds {
		out[i] = ui.Choice{Value: k, Text: roomName(ctx, k) + ": " + kindName(ctx, k)}
	}
	return out
}

// whoName is who acted, as named at that moment.
func whoName(ctx context.Context, r audit.Row) string {
	if strings.Contains(r.Who.Account, ":") {
		return i18n.T(ctx, "admin.log.program", "part", r.Who.Account)
	}
	if r.Who.Name == "" { // taken away by a redaction
		return i18n.T(ctx, "admin.log.redacted")
	}
	return r.Who.Name
}

// subjectKind names the sort of record that an entry is about.
func subjectKind(ctx context.Context, subject string) string {
	kind, _, _ := strings.Cut(subject, ":")
	return orCode(ctx, "admin.subject."+kind, kind)
}

// about is the record of an entry in words: its sort and its name, or its id.
func about(ctx context.Context, subject, name string) string {
	_, id, _ := strings.Cut(subject, ":")
	if name == "" {
		name = id
	}
	return i18n.T(ctx, "admin.log.about", "kind", subjectKind(ctx, subject), "name", name)
}

func logTable(ctx context.Context, l LogList) ui.Table {
	t := ui.Table{Caption: i18n.T(ctx, "admin.log.caption"), HeadCol: 1, Columns: []ui.Column{
		{Head: i18n.T(ctx, "admin.col.when")}, {Head: i18n.T(ctx, "admin.col.what")}, {Head: i18n.T(ctx, "admin.col.who")},
		{Head: i18n.T(ctx, "admin.col.agency")}, {Head: i18n.T(ctx, "admin.col.seal")},
	}}
	for _, r := range l.Rows {
		who := ui.Cell{Text: whoName(ctx, r), URL: address(logURL, "account", r.Who.Account)}
		if r.Who.For != "" {
			who.Sub = i18n.T(ctx, "admin.log.for", "name", l.accountName(r.Who.For))
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{
			{Text: i18n.Time(ctx, r.At), Mute: true},
			{Text: kindName(ctx, r.Kind), URL: logURL + "/" + r.ID, Sub: about(ctx, r.Subject, l.object(r.Subject))},
			who,
			ui.Txt(orNone(ctx, l.agencyName(r.Agency))),
			ui.In(seal(r.LeafIndex)),
		}})
	}
	return t
}

// sealWords says where an entry stands in the tree.
func sealWords(ctx context.Context, leaf int64) (tone, words string) {
	switch {
	case leaf >= 0:
		return ui.OK, i18n.T(ctx, "admin.seal.placed", "n", leaf)
	case leaf == -2:
		return ui.Late, i18n.T(ctx, "admin.seal.aside")
	}
	return ui.Wait, i18n.T(ctx, "admin.seal.waiting")
}

func (h *web) entry(w http.ResponseWriter, r *http.Request) error {
	e, err := h.admin.LogEntry(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	return h.page(w, r, logURL, kindName(r.Context(), e.Kind), 0, entryPage(e), crumbLog(r))
}

// proof hands the proof file over as a download.
func (h *web) proof(w http.ResponseWriter, r *http.Request) error {
	e, err := h.admin.LogEntry(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	if e.Proof == "" {
		return errs.New(errs.Conflict, "audit.not_sealed_yet")
	}
	return attach(w, "application/json", "cchc-proof-"+e.ID+".json", e.Proof)
}

func attach(w http.ResponseWriter, kind, name, text string) error {
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
	_, err := w.Write([]byte(text))
	return err
}

func changeTable(ctx context.Context, all []audit.Change) ui.Table {
	t := ui.Table{Caption: i18n.T(ctx, "admin.entry.changes"), Columns: []ui.Column{
		{Head: i18n.T(ctx, "admin.col.field")}, {Head: i18n.T(ctx, "admin.col.before")}, {Head: i18n.T(ctx, "admin.col.after")},
	}}
	for _, c := range all {
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{ui.In(fieldName(c.Path)), ui.In(was(c.Before)), ui.In(became(c.After))}})
	}
	return t
}

// fieldWords names a field of a record, its code where the room has no words for it.
func fieldWords(ctx context.Context, path string) string {
	if path == "" {
		return i18n.T(ctx, "admin.field.whole")
	}
	first, rest, _ := strings.Cut(path, ".")
	key := "admin.field." + strings.ToLower(first)
	if !i18n.Has(key) {
		return path
	}
	if rest == "" {
		return i18n.T(ctx, key)
	}
	return i18n.T(ctx, key) + " " + rest
}

func (e LogEntry) summary(ctx context.Context) []ui.SumLine {
	lines := []ui.SumLine{
		{Term: i18n.T(ctx, "admin.col.who"), Text: e.whoWords(ctx)},
		{Term: i18n.T(ctx, "admin.col.when"), Text: i18n.Time(ctx, e.At)},
		{Term: i18n.T(ctx, "admin.entry.address"), Text: orNone(ctx, e.Who.From)},
		{Term: i18n.T(ctx, "admin.entry.subject"), Body: record(e)},
		{Term: i18n.T(ctx, "admin.entry.agency"), Text: orNone(ctx, e.agencyName(e.Agency))},
	}
	if e.Who.For != "" {
		lines = append(lines[:1], append([]ui.SumLine{{Term: i18n.T(ctx, "admin.entry.for"), Text: e.accountName(e.Who.For)}}, lines[1:]...)...)
	}
	if e.Reason != "" {
		lines = append(lines, ui.SumLine{Term: i18n.T(ctx, "admin.entry.reason"), Text: e.Reason})
	}
	return lines
}

func (e LogEntry) whoWords(ctx context.Context) string {
	name := whoName(ctx, e.Row)
	if agency := e.agencyName(e.Who.Agency); agency != "" {
		return name + ", " + agency
	}
	return name
}
