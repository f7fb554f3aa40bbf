package pages

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"cchc/internal/dossier"
	"cchc/internal/errs"
	"cchc/internal/i18n"
	"cchc/internal/identity"
	"cchc/internal/org"
	"cchc/internal/ui"
)

type chooseView struct {
	Words  string
	Offers []Offer
	Like   string // dossier whose people are taken over
}

// choose finds the procedure: by words without marks, by its code, by its field.
func (h *web) choose(w http.ResponseWriter, r *http.Request) error {
	v := chooseView{Words: r.URL.Query().Get("q"), Like: r.URL.Query().Get("like")}
	var err error
	if v.Offers, err = h.Offers(r.Context(), v.Words); err != nil {
		return err
	}
	title := i18n.T(r.Context(), "dossierweb.receive.title")
	return show(w, r, title, 0, choosePage(v), ui.Crumb{Text: title})
}

type receiveView struct {
	Procedure dossier.Procedure
	Variant   string
	Form      *ui.Form
	Agencies  []org.Agency
	Own       string // code of the reader's own agency
	Like      *dossier.View
}

func (h *web) receiveForm(w http.ResponseWriter, r *http.Request) error {
	return h.showReceive(w, r, ui.NewForm(), 0)
}

func (h *web) showReceive(w http.ResponseWriter, r *http.Request, f *ui.Form, status int) error {
	ctx, q := r.Context(), r.URL.Query()
	v := receiveView{Variant: q.Get("variant"), Form: f}
	var err error
	if v.Procedure, err = h.Dossiers.Needs(ctx, r.PathValue("procedure"), v.Variant); err != nil {
		return err
	}
	if v.Agencies, err = h.Dossiers.Agencies(ctx); err != nil {
		return err
	}
	mine := identity.From(ctx).AgencyID
	for _, a := range v.Agencies {
		if a.ID == mine {
			v.Own = a.Code
		}
	}
	if like := q.Get("like"); like != "" {
		seen, err := h.Dossiers.Get(ctx, like)
		if err != nil {
			return err
		}
		v.Like = &seen
	}
	return show(w, r, v.Procedure.Name, status, receivePage(v), ui.Crumb{Text: i18n.T(ctx, "dossierweb.receive.title"), URL: "/receive"}, ui.Crumb{Text: v.Procedure.Name})
}

// paperRows is how many papers a form has beside those that the procedure asks for.
const paperRows = 3

// readReceipt reads the form of a receipt; uploads are kept on the way.
func (h *web) readReceipt(r *http.Request, f *ui.Form, p dossier.Procedure) (in dossier.Receipt, err error) {
	party := func(under string) dossier.Party {
		return dossier.Party{Kind: f.Text(under + "kind"), Name: f.Text(under + "name"), IDKind: f.Text(under + "id_kind"), IDNumber: f.Text(under + "id_number"),
			Phone: f.Text(under + "phone"), Email: f.Text(under + "email"), Address: f.Text(under + "address")}
	}
	in = dossier.Receipt{Procedure: r.PathValue("procedure"), Variant: r.URL.Query().Get("variant"), Channel: dossier.Channel(f.Text("channel")), Receiving: f.Text("receiving"),
		Competent: f.Text("competent"), Returning: f.Text("returning"), Applicant: party("applicant."), Content: f.Long("content"), Code: f.Text("code")}
	if f.Text("submitter.name") != "" {
		s := party("submitter.")
		in.Submitter = &s
	}
	for i := range len(p.Components) + paperRows {
		n := "paper_" + strconv.Itoa(i) + "_"
		paper := dossier.PaperInput{Originals: int(f.Int(n + "originals")), Certified: int(f.Int(n + "certified")), Copies: int(f.Int(n + "copies")), ReusedFrom: f.Text(n + "reused")}
		title := f.Text(n + "name")
		if i < len(p.Components) {
			paper.Component, title = p.Components[i].Code, p.Components[i].Name
		} else {
			paper.Name = title
		}
		if paper.File, err = h.upload(r, n+"file", title); err != nil {
			return in, err
		}
		if paper.File != "" {
			paper.Digitised = 1
		}
		if paper.Originals+paper.Certified+paper.Copies > 0 || paper.File != "" || paper.ReusedFrom != "" {
			in.Papers = append(in.Papers, paper)
		}
	}
	return in, f.Err()
}

func (h *web) receive(w http.ResponseWriter, r *http.Request) error {
	f, err := ui.ReadForm(r)
	if err != nil {
		return err
	}
	p, err := h.Dossiers.Needs(r.Context(), r.PathValue("procedure"), r.URL.Query().Get("variant"))
	if err != nil {
		return err
	}
	in, err := h.readReceipt(r, f, p)
	if err == nil {
		var d dossier.Dossier
		if d, err = h.Dossiers.Receive(r.Context(), in); err == nil {
			return ui.Back(w, r, pathOf(d.Code)+"/received")
		}
	}
	if !f.Keep(err) {
		return err
	}
	return h.showReceive(w, r, f, f.StatusFor(err))
}

// received is the page after a receipt: the code in large letters, the promise, what to
// print, and one press for the next dossier of the same people.
func (h *web) received(w http.ResponseWriter, r *http.Request) error {
	v, err := h.Dossiers.Get(r.Context(), r.PathValue("code"))
	if err != nil {
		return err
	}
	title := i18n.T(r.Context(), "dossierweb.received.title")
	return show(w, r, title, 0, receivedPage(v, h.slips(r.Context(), v)), ui.Crumb{Text: title})
}

func (h *web) slips(ctx context.Context, v dossier.View) []ui.Link {
	if h.Slips == nil {
		return nil
	}
	return h.Slips(ctx, v)
}

func (v receiveView) agencies() []ui.Choice {
	list := make([]ui.Choice, len(v.Agencies))
	for i, a := range v.Agencies {
		list[i] = ui.Choice{Value: a.Code, Text: a.Name}
	}
	return list
}

// party fills a form from the dossier before.
func (v receiveView) party(under string) dossier.Party {
	switch {
	case v.Like == nil:
		return dossier.Party{Kind: "citizen", IDKind: "citizen_id"}
	case under == "applicant.":
		return v.Like.Owner
	case v.Like.Submitter != nil:
		return *v.Like.Submitter
	}
	return dossier.Party{}
}

// competent is who decided the dossier before, else the reader's own agency.
func (v receiveView) competent() string {
	if v.Like != nil && v.Like.Procedure == v.Procedure.Key {
		return v.Like.CompetentCode
	}
	return v.Own
}

func limitWords(ctx context.Context, p dossier.Procedure) string {
	if !p.Known {
		return i18n.T(ctx, "dossierweb.limit_unknown")
	}
	return i18n.T(ctx, "dossierweb.limit."+p.Unit, "n", p.Amount)
}

func choices(ctx context.Context, under string, words []string) []ui.Choice {
	list := make([]ui.Choice, len(words))
	for i, w := range words {
		list[i] = ui.Choice{Value: w, Text: i18n.T(ctx, "dossierweb."+under+"."+w)}
	}
	return list
}

type numbersView struct {
	Agency string
	Day    string
	Blocks []dossier.Block
	Voids  []dossier.Void
	Form   *ui.Form
}

// numbers shows the blocks kept for counters without the network, and the voids of today.
func (h *web) numbers(w http.ResponseWriter, r *http.Request) error {
	return h.showNumbers(w, r, ui.NewForm(), 0)
}

func (h *web) ownCode(ctx context.Context) (string, error) {
	list, err := h.Dossiers.Agencies(ctx)
	if err != nil {
		return "", err
	}
	mine := identity.From(ctx).AgencyID
	for _, a := range list {
		if a.ID == mine {
			return a.Code, nil
		}
	}
	return "", errs.New(errs.NotFound, "dossierweb.no_own_agency")
}

func (h *web) showNumbers(w http.ResponseWriter, r *http.Request, f *ui.Form, status int) error {
	ctx := r.Context()
	v := numbersView{Form: f, Day: today(h.Dossiers.Clock())}
	var err error
	if v.Agency, err = h.ownCode(ctx); err != nil {
		return err
	}
	if v.Blocks, v.Voids, err = h.Dossiers.Numbers(ctx, v.Agency, v.Day); err != nil {
		return err
	}
	title := i18n.T(ctx, "dossierweb.numbers.title")
	return show(w, r, title, status, numbersPage(v), ui.Crumb{Text: title})
}

func (h *web) reserve(w http.ResponseWriter, r *http.Request) error {
	f, err := ui.ReadForm(r)
	if err != nil {
		return err
	}
	own, err := h.ownCode(r.Context())
	if err != nil {
		return err
	}
	n := int(f.Int("n"))
	if err = f.Err(); err == nil {
		_, err = h.Dossiers.Reserve(r.Context(), own, n)
	}
	if err == nil {
		ui.Flash(w, r, "dossierweb.numbers.did_reserve", "n", n)
		return ui.Back(w, r, "/receive/numbers")
	}
	if !f.Keep(err) {
		return err
	}
	return h.showNumbers(w, r, f, f.StatusFor(err))
}

func (h *web) closeBlock(w http.ResponseWriter, r *http.Request) error {
	f, err := ui.ReadForm(r)
	if err != nil {
		return err
	}
	version := f.Version()
	if err := f.Err(); err != nil {
		return err
	}
	n, err := h.Dossiers.CloseBlock(r.Context(), r.PathValue("block"), version)
	if err != nil {
		return err
	}
	ui.Flash(w, r, "dossierweb.numbers.did_close", "n", n)
	return ui.Back(w, r, "/receive/numbers")
}

// blockTable lists the reserved blocks.
func (v numbersView) blockTable(ctx context.Context) ui.Table {
	t := ui.Table{Caption: i18n.T(ctx, "dossierweb.numbers.blocks"), HeadCol: 0, Columns: []ui.Column{{Head: i18n.T(ctx, "dossierweb.numbers.range")}, {Head: i18n.T(ctx, "dossierweb.numbers.day")},
		{Head: i18n.T(ctx, "dossierweb.numbers.taken")}, {Head: i18n.T(ctx, "dossierweb.numbers.state")}, {Head: i18n.T(ctx, "dossierweb.numbers.act"), Hidden: true}}}
	for _, b := range v.Blocks {
		state, act := ui.Txt(i18n.T(ctx, "dossierweb.numbers.closed", "at", moment(ctx, b.ClosedMs))), ui.Cell{}
		if b.ClosedMs == 0 {
			state = ui.In(ui.StateIcon(ui.Info, "play", i18n.T(ctx, "dossierweb.numbers.open")))
			act = ui.In(ui.PostButton("/receive/numbers/"+b.ID+"/close", ui.Btn{Text: i18n.T(ctx, "dossierweb.numbers.close"), Small: true}, "version", strconv.FormatInt(b.Version, 10)))
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{ui.Txt(strconv.Itoa(b.First) + "–" + strconv.Itoa(b.Last)), ui.Txt(i18n.Day(ctx, b.Day)), ui.Txt(moment(ctx, b.TakenMs)), state, act}})
	}
	return t
}

func (v numbersView) voidTable(ctx context.Context) ui.Table {
	t := ui.Table{Caption: i18n.T(ctx, "dossierweb.numbers.voids"), HeadCol: 0, Columns: []ui.Column{{Head: i18n.T(ctx, "dossierweb.col.code")}, {Head: i18n.T(ctx, "dossierweb.numbers.why")}, {Head: i18n.T(ctx, "dossierweb.numbers.at")}}}
	for _, o := range v.Voids {
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: o.Code, Code: true}, ui.Txt(o.Reason), ui.Txt(moment(ctx, o.AtMs))}})
	}
	return t
}

// fullName joins what tells a procedure apart in a list.
func fullName(o Offer) string { return strings.TrimSpace(o.Code + " " + o.Name) }

// paperLabel names an input of the table of papers for who does not see the table.
func paperLabel(ctx context.Context, list []dossier.Component, i int, what string) string {
	name := i18n.T(ctx, "dossierweb.paper.other", "n", i-len(list)+1)
	if i < len(list) {
		name = list[i].Name
	}
	if what == "file" {
		return i18n.T(ctx, "dossierweb.paper.file") + ": " + name
	}
	return i18n.T(ctx, "dossierweb.paper.count_"+what) + ": " + name
}

// paperCount is what stands in the field of a count: what was typed, else one original of
// a paper that is required.
func paperCount(list []dossier.Component, f *ui.Form, i int, what string, prefilled bool) string {
	if typed := f.Raw("paper_" + strconv.Itoa(i) + "_" + what); typed != "" {
		return typed
	}
	if prefilled && !f.Has("channel") && i < len(list) && list[i].Required && what == "originals" {
		return "1"
	}
	return ""
}

// receivedWords say what comes next after a receipt.
func receivedWords(ctx context.Context, v dossier.View) string {
	if v.DueMs == 0 {
		return i18n.T(ctx, "dossierweb.received.no_due")
	}
	return i18n.T(ctx, "dossierweb.received.due", "at", moment(ctx, v.DueMs), "where", v.ReturningName)
}
