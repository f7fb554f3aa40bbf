package applicant

import (
	"net/http"

	"cchc/internal/errs"
	"cchc/internal/i18n"
	"cchc/internal/ui"
)

func (h *web) mountDrafts(rt *ui.Router) {
	rt.Handle("GET /my/drafts/{id}", ui.SignedIn, h.draft)
	rt.Handle("GET /my/drafts/{id}/party", ui.SignedIn, h.partyForm)
	rt.Handle("POST /my/drafts/{id}/party", ui.SignedIn, h.party)
	rt.Handle("GET /my/drafts/{id}/papers", ui.SignedIn, h.papersForm)
	rt.Handle("POST /my/drafts/{id}/papers", ui.SignedIn, h.addPaper, ui.MaxBytes(mostBytes+1<<20))
	rt.Handle("POST /my/drafts/{id}/remove", ui.SignedIn, h.dropPaper)
	rt.Handle("GET /my/drafts/{id}/send", ui.SignedIn, h.sendForm)
	rt.Handle("POST /my/drafts/{id}/send", ui.SignedIn, h.send)
	rt.Handle("POST /my/drafts/{id}/drop", ui.SignedIn, h.drop)
}

func (h *web) draft(w http.ResponseWriter, r *http.Request) error {
	o, err := h.s.Open(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	return show(w, r, o.Name, 0, draftPage(o))
}

func (h *web) partyForm(w http.ResponseWriter, r *http.Request) error {
	return h.showParty(w, r, ui.NewForm(), 0)
}

func (h *web) showParty(w http.ResponseWriter, r *http.Request, f *ui.Form, status int) error {
	o, err := h.s.Open(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	return show(w, r, i18n.T(r.Context(), "applicant.party"), status, partyPage(o, f))
}

func (h *web) party(w http.ResponseWriter, r *http.Request) error {
	f, err := ui.ReadForm(r)
	if err != nil {
		return err
	}
	version := f.Version()
	if err = f.Err(); err == nil {
		err = h.s.WriteParty(r.Context(), r.PathValue("id"), version, Draft{Party: f.Text("party"), IDNumber: f.Text("id_number"), Phone: f.Text("phone"), Email: f.Text("email"),
			Address: f.Text("address"), Content: f.Long("content")})
	}
	if f.Keep(err) {
		return h.showParty(w, r, f, f.StatusFor(err))
	}
	if err != nil {
		return err
	}
	ui.Flash(w, r, "applicant.did.save")
	return ui.Back(w, r, "/my/drafts/"+r.PathValue("id"))
}

func (h *web) papersForm(w http.ResponseWriter, r *http.Request) error {
	return h.showPapers(w, r, ui.NewForm(), 0)
}

func (h *web) showPapers(w http.ResponseWriter, r *http.Request, f *ui.Form, status int) error {
	o, err := h.s.Open(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	return show(w, r, i18n.T(r.Context(), "applicant.papers"), status, papersPage(o, f))
}

// addPaper receives one file; what its package refuses is shown at the file's field.
func (h *web) addPaper(w http.ResponseWriter, r *http.Request) error {
	f, err := ui.ReadForm(r)
	if err != nil {
		return err
	}
	version := f.Version()
	if err = f.Err(); err == nil {
		err = h.receive(r, f, version)
	}
	if f.Keep(err) {
		return h.showPapers(w, r, f, f.StatusFor(err))
	}
	if err != nil {
		return err
	}
	ui.Flash(w, r, "applicant.did.file")
	return ui.Back(w, r, "/my/drafts/"+r.PathValue("id")+"/papers")
}

func (h *web) receive(r *http.Request, f *ui.Form, version int64) error {
	if r.MultipartForm == nil || len(r.MultipartForm.File["file"]) == 0 {
		return errs.OnField("file", "applicant.file_missing")
	}
	head := r.MultipartForm.File["file"][0]
	in, err := head.Open()
	if err != nil {
		return ui.BadForm(err)
	}
	defer in.Close()
	return h.s.AddFile(r.Context(), r.PathValue("id"), version, f.Text("component"), in, head.Filename)
}

func (h *web) dropPaper(w http.ResponseWriter, r *http.Request) error {
	f, err := ui.ReadForm(r)
	if err != nil {
		return err
	}
	version := f.Version()
	if err = f.Err(); err == nil {
		err = h.s.DropFile(r.Context(), r.PathValue("id"), version, f.Text("document"))
	}
	if f.Keep(err) {
		return h.showPapers(w, r, f, f.StatusFor(err))
	}
	if err != nil {
		return err
	}
	return ui.Back(w, r, "/my/drafts/"+r.PathValue("id")+"/papers")
}

func (h *web) sendForm(w http.ResponseWriter, r *http.Request) error {
	return h.showSend(w, r, ui.NewForm(), 0)
}

func (h *web) showSend(w http.ResponseWriter, r *http.Request, f *ui.Form, status int) error {
	o, err := h.s.Open(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	return show(w, r, i18n.T(r.Context(), "applicant.send.title"), status, sendPage(o, f))
}

func (h *web) send(w http.ResponseWriter, r *http.Request) error {
	f, err := ui.ReadForm(r)
	if err != nil {
		return err
	}
	version, code := f.Version(), ""
	if err = f.Err(); err == nil && !f.Bool("sure") {
		err = errs.OnField("sure", "applicant.confirm_first")
	}
	if err == nil {
		code, err = h.s.Send(r.Context(), r.PathValue("id"), version)
	}
	if f.Keep(err) {
		return h.showSend(w, r, f, f.StatusFor(err))
	}
	if err != nil {
		return err
	}
	ui.Flash(w, r, "applicant.did.send")
	return ui.Back(w, r, CasePath+code)
}

func (h *web) drop(w http.ResponseWriter, r *http.Request) error {
	f, err := ui.ReadForm(r)
	if err != nil {
		return err
	}
	version := f.Version()
	if err = f.Err(); err == nil {
		err = h.s.Drop(r.Context(), r.PathValue("id"), version)
	}
	if err != nil {
		return err
	}
	ui.Flash(w, r, "applicant.did.drop")
	return ui.Back(w, r, "/my")
}

// desk pages

func (h *web) mountDesk(rt *ui.Router) {
	rt.Handle("GET /applicants/ratings", RightView, h.ratings)
	rt.Handle("GET /applicants/settings", RightSetup, h.settings)
	rt.Handle("POST /applicants/settings", RightSetup, h.saveSettings)
}

func (h *web) ratings(w http.ResponseWriter, r *http.Request) error {
	ms, id, as := int64(0), "", ui.Sheet(r)
	if after, ok := ui.ReadCursor(r.URL.Query().Get("after"), 2); ok && len(after) == 2 {
		ms, id = number(after[0]), after[1]
	}
	limit := 51
	if as != "" {
		limit = ui.SheetMost
	}
	list, err := h.s.Ratings(r.Context(), ms, id, limit)
	if err != nil {
		return err
	}
	title := i18n.T(r.Context(), "applicant.ratings.menu")
	if as != "" {
		return ui.SendTable(w, r, "danh-gia", as, ratingsTable(r.Context(), list))
	}
	next := ""
	if len(list) > 50 {
		list = list[:50]
		next = "/applicants/ratings?after=" + ui.Cursor(digits(list[49].AtMs), list[49].Dossier)
	}
	return ui.Render(w, r, ui.Page{Title: title, Face: ui.Desk, Active: "/applicants/ratings"}, ratingsPage(list, next, title))
}

func (h *web) settings(w http.ResponseWriter, r *http.Request) error {
	return h.showSettings(w, r, ui.NewForm(), 0)
}

func (h *web) showSettings(w http.ResponseWriter, r *http.Request, f *ui.Form, status int) error {
	e, err := h.s.Entry(r.Context())
	if err != nil {
		return err
	}
	title := i18n.T(r.Context(), "applicant.settings.menu")
	return ui.Render(w, r, ui.Page{Title: title, Face: ui.Desk, Active: "/applicants/settings", Status: status}, settingsPage(e, f, title))
}

func (h *web) saveSettings(w http.ResponseWriter, r *http.Request) error {
	f, err := ui.ReadForm(r)
	if err != nil {
		return err
	}
	e := Entry{Direct: f.Bool("direct"), Version: f.Version()}
	if err = f.Err(); err == nil {
		err = h.s.SetEntry(r.Context(), e)
	}
	if f.Keep(err) {
		return h.showSettings(w, r, f, f.StatusFor(err))
	}
	if err != nil {
		return err
	}
	ui.Flash(w, r, "applicant.did.save")
	return ui.Back(w, r, "/applicants/settings")
}
