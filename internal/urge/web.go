package urge

import (
	"context"
	"net/http"
	"strconv"

	"github.com/a-h/templ"

	"cchc/internal/errs"
	"cchc/internal/file"
	"cchc/internal/i18n"
	"cchc/internal/ui"
)

const listPage = 50

// pageOr is how many rows are read: one more than a page shows, or all for a file.
func pageOr(as string) int {
	if as != "" {
		return ui.SheetMost
	}
	return listPage + 1
}

type web struct{ urge *Service }

// Mount adds the pages of the room to the router.
func Mount(rt *ui.Router, s *Service) {
	h := &web{urge: s}
	rt.Menu(ui.MenuItem{Face: ui.Desk, Group: "ui.menu.lead", Label: "urge.menu", URL: "/urge", Icon: "urge", Right: RightView, Order: 30})
	rt.Handle("GET /urge", RightView, h.sent)
	rt.Handle("GET /urge/digests/{id}", ui.SignedIn, h.digest)
	rt.Handle("GET /urge/rules", RightView, h.rules)
	rt.Handle("GET /urge/letters", RightView, h.letters)
	rt.Handle("GET /urge/letters/{id}", RightView, h.letter)
	rt.Handle("GET /urge/letters/{id}/docx", RightView, h.docx)
	for _, a := range letterActs {
		rt.Handle("GET /urge/letters/{id}/"+a.name, a.right, h.letterForm(a))
		rt.Handle("POST /urge/letters/{id}/"+a.name, a.right, h.letterAct(a))
	}
	rt.Handle("GET /urge/cards", RightView, h.cards)
	rt.Handle("GET /urge/cards/{id}", RightView, h.card)
	rt.Handle("POST /urge/cards/{id}", RightCard, h.decide)
}

// letterAct is one step of a letter: a page that asks, and what its post does.
type letterAct struct {
	name, right string
	do          func(ctx context.Context, s *Service, id string, f *ui.Form) error
}

var letterActs = []letterAct{
	{"write", RightLetter, func(ctx context.Context, s *Service, id string, f *ui.Form) error {
		day := ""
		if f.Text("response_day") != "" {
			day = f.Day("response_day")
		}
		if err := f.Err(); err != nil {
			return err
		}
		return s.WriteLetter(ctx, id, f.Version(), f.Long("words"), day, append([]string{}, f.All("items")...))
	}},
	{"submit", RightLetter, func(ctx context.Context, s *Service, id string, f *ui.Form) error {
		return s.SubmitLetter(ctx, id, f.Version())
	}},
	{"drop", RightLetter, func(ctx context.Context, s *Service, id string, f *ui.Form) error {
		return s.DropLetter(ctx, id, f.Version(), f.Long("reason"))
	}},
	{"return", RightSign, func(ctx context.Context, s *Service, id string, f *ui.Form) error {
		return s.ReturnLetter(ctx, id, f.Version(), f.Long("reason"))
	}},
	{"sign", RightSign, func(ctx context.Context, s *Service, id string, f *ui.Form) error {
		return s.SignLetter(ctx, id, f.Version(), f.Text("signer"))
	}},
	{"answer", RightAnswer, func(ctx context.Context, s *Service, id string, f *ui.Form) error {
		return s.AnswerLetter(ctx, id, f.Version(), f.Long("answer"))
	}},
}

func show(w http.ResponseWriter, r *http.Request, title string, status int, body templ.Component, trail ...ui.Crumb) error {
	page := ui.Page{Title: title, Face: ui.Desk, Active: "/urge", Status: status}
	if len(trail) > 0 {
		page.Crumbs = append([]ui.Crumb{{Text: i18n.T(r.Context(), "urge.menu"), URL: "/urge"}}, trail...)
	}
	return ui.Render(w, r, page, body)
}

// level reads the filter by level; -1 is all.
func level(r *http.Request) int {
	n, err := strconv.Atoi(r.URL.Query().Get("level"))
	if err != nil || n < 0 || n > 6 {
		return -1
	}
	return n
}

func (h *web) sent(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	after, _ := ui.ReadCursor(r.URL.Query().Get("after"), 2)
	as := ui.Sheet(r)
	list, err := h.urge.Sent(ctx, level(r), after, pageOr(as))
	if err != nil {
		return err
	}
	if as != "" {
		return ui.SendTable(w, r, "don-doc", as, sentTable(ctx, list))
	}
	v := sentView{Rows: list, Level: level(r)}
	if len(list) > listPage {
		v.Rows = list[:listPage]
		last := v.Rows[listPage-1]
		v.Next = v.address("after", ui.Cursor(last.Day, last.ID))
	}
	return show(w, r, i18n.T(ctx, "urge.title"), 0, sentPage(v))
}

func (h *web) digest(w http.ResponseWriter, r *http.Request) error {
	d, err := h.urge.Digest(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	title := i18n.T(r.Context(), "urge.digest.title", "day", i18n.Day(r.Context(), d.Day))
	return show(w, r, title, 0, digestPage(d, title, h.urge.today()))
}

func (h *web) rules(w http.ResponseWriter, r *http.Request) error {
	list, err := h.urge.Rules(r.Context())
	if err != nil {
		return err
	}
	return show(w, r, i18n.T(r.Context(), "urge.tab.rules"), 0, rulesPage(list), ui.Crumb{Text: i18n.T(r.Context(), "urge.tab.rules")})
}

func (h *web) letters(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	after, _ := ui.ReadCursor(r.URL.Query().Get("after"), 2)
	as := ui.Sheet(r)
	list, err := h.urge.Letters(ctx, after, pageOr(as))
	if err != nil {
		return err
	}
	if as != "" {
		return ui.SendTable(w, r, "cong-van-don-doc", as, lettersTable(ctx, list))
	}
	next := ""
	if len(list) > listPage {
		list = list[:listPage]
		next = "/urge/letters?after=" + ui.Cursor(list[listPage-1].CreatedDay, list[listPage-1].ID)
	}
	return show(w, r, i18n.T(ctx, "urge.tab.letters"), 0, lettersPage(list, next), ui.Crumb{Text: i18n.T(ctx, "urge.tab.letters")})
}

func (h *web) letter(w http.ResponseWriter, r *http.Request) error {
	v, err := h.urge.Letter(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	title := i18n.T(r.Context(), "urge.letter.title", "agency", v.AgencyName)
	return show(w, r, title, 0, letterPage(v), ui.Crumb{Text: i18n.T(r.Context(), "urge.tab.letters"), URL: "/urge/letters"}, ui.Crumb{Text: title})
}

func (h *web) docx(w http.ResponseWriter, r *http.Request) error {
	v, err := h.urge.Letter(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	head := w.Header()
	head.Set("Cache-Control", "private, no-store")
	head.Set("Content-Disposition", file.Disposition(file.SafeName("cong-van-don-doc-"+v.CreatedDay+".docx")))
	head.Set("Content-Type", "application/vnd.openxmlformats-officedocument.wordprocessingml.document")
	return h.urge.Docx(r.Context(), v, w)
}

func (h *web) letterForm(a letterAct) ui.Handler {
	return func(w http.ResponseWriter, r *http.Request) error { return h.askLetter(w, r, a, ui.NewForm(), 0) }
}

func (h *web) askLetter(w http.ResponseWriter, r *http.Request, a letterAct, f *ui.Form, status int) error {
	v, err := h.urge.Letter(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	title := i18n.T(r.Context(), "urge.do."+a.name)
	return show(w, r, title, status, letterActPage(v, a.name, f),
		ui.Crumb{Text: i18n.T(r.Context(), "urge.letter.title", "agency", v.AgencyName), URL: "/urge/letters/" + v.ID}, ui.Crumb{Text: title})
}

func (h *web) letterAct(a letterAct) ui.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		f, err := ui.ReadForm(r)
		if err != nil {
			return err
		}
		id := r.PathValue("id")
		if err := a.do(r.Context(), h.urge, id, f); f.Keep(err) {
			return h.askLetter(w, r, a, f, f.StatusFor(err))
		} else if err != nil {
			return err
		}
		ui.Flash(w, r, "urge.did."+a.name)
		return ui.Back(w, r, "/urge/letters/"+id)
	}
}

func (h *web) cards(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	after, _ := ui.ReadCursor(r.URL.Query().Get("after"), 2)
	as := ui.Sheet(r)
	list, err := h.urge.Cards(ctx, after, pageOr(as))
	if err != nil {
		return err
	}
	if as != "" {
		return ui.SendTable(w, r, "the-vang-the-do", as, cardsTable(ctx, list))
	}
	next := ""
	if len(list) > listPage {
		list = list[:listPage]
		next = "/urge/cards?after=" + ui.Cursor(list[listPage-1].CreatedDay, list[listPage-1].ID)
	}
	return show(w, r, i18n.T(ctx, "urge.tab.cards"), 0, cardsPage(list, next), ui.Crumb{Text: i18n.T(ctx, "urge.tab.cards")})
}

func (h *web) card(w http.ResponseWriter, r *http.Request) error {
	return h.showCard(w, r, ui.NewForm(), 0)
}

func (h *web) showCard(w http.ResponseWriter, r *http.Request, f *ui.Form, status int) error {
	v, err := h.urge.Card(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	title := cardTitle(r.Context(), v.Card)
	return show(w, r, title, status, cardPage(v, f, h.urge.today()), ui.Crumb{Text: i18n.T(r.Context(), "urge.tab.cards"), URL: "/urge/cards"}, ui.Crumb{Text: title})
}

func (h *web) decide(w http.ResponseWriter, r *http.Request) error {
	f, err := ui.ReadForm(r)
	if err != nil {
		return err
	}
	id := r.PathValue("id")
	switch decision := f.Text("decision"); decision {
	case "give", "refuse":
		err = h.urge.DecideCard(r.Context(), id, f.Version(), decision == "give", f.Long("reason"))
	default:
		err = errs.OnField("decision", "urge.decision_missing")
	}
	if f.Keep(err) {
		return h.showCard(w, r, f, f.StatusFor(err))
	}
	if err != nil {
		return err
	}
	ui.Flash(w, r, "urge.did.decide")
	return ui.Back(w, r, "/urge/cards/"+id)
}
