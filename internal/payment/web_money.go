package payment

import (
	"net/http"

	"cchc/internal/document"
	"cchc/internal/errs"
	"cchc/internal/i18n"
	"cchc/internal/identity"
	"cchc/internal/ui"
)

// movements lists money that somebody must deal with.
func (h *web) movements(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	after, _ := ui.ReadCursor(r.URL.Query().Get("after"), 1)
	id, limit, as := "", listPage+1, ui.Sheet(r)
	if len(after) == 1 {
		id = after[0]
	}
	if as != "" {
		limit = ui.SheetMost
	}
	list, err := h.s.Differences(ctx, id, limit)
	if err != nil {
		return err
	}
	if as != "" {
		return ui.SendTable(w, r, "giao-dich-can-xu-ly", as, movementsTable(ctx, list))
	}
	next := ""
	if len(list) > listPage {
		list = list[:listPage]
		next = "/payments/movements?after=" + ui.Cursor(list[listPage-1].ID)
	}
	title := i18n.T(ctx, "payment.movements.title")
	return show(w, r, title, 0, movementsPage(list, next), ui.Crumb{Text: title})
}

func (h *web) movement(w http.ResponseWriter, r *http.Request) error {
	return h.showMovement(w, r, ui.NewForm(), 0)
}

func (h *web) showMovement(w http.ResponseWriter, r *http.Request, f *ui.Form, status int) error {
	m, can, err := h.s.Movement(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	title := i18n.T(r.Context(), "payment.movement.title")
	return show(w, r, title, status, movementPage(m, can, f, title), ui.Crumb{Text: i18n.T(r.Context(), "payment.movements.title"), URL: "/payments/movements"}, ui.Crumb{Text: title})
}

func (h *web) match(w http.ResponseWriter, r *http.Request) error {
	return h.deal(w, r, "payment.did.match", func(id string, version int64, f *ui.Form) error {
		err := h.s.Match(r.Context(), id, version, f.Text("code"))
		if errs.CodeOf(err) == "payment.unknown" { // a code that leads nowhere stays on the form
			err = errs.OnField("code", "payment.unknown")
		}
		return err
	})
}

func (h *web) refund(w http.ResponseWriter, r *http.Request) error {
	return h.deal(w, r, "payment.did.refund", func(id string, version int64, f *ui.Form) error {
		if !f.Bool("sure") {
			return errs.OnField("sure", "payment.confirm_first")
		}
		return h.s.Refund(r.Context(), id, version, Back{Way: Way(f.Text("way")), Reference: f.Text("reference"), Reason: f.Long("reason")})
	})
}

func (h *web) deal(w http.ResponseWriter, r *http.Request, did string, do func(string, int64, *ui.Form) error) error {
	f, err := ui.ReadForm(r)
	if err != nil {
		return err
	}
	version := f.Version()
	if err = f.Err(); err == nil {
		err = do(r.PathValue("id"), version, f)
	}
	if f.Keep(err) {
		return h.showMovement(w, r, f, f.StatusFor(err))
	}
	if err != nil {
		return err
	}
	ui.Flash(w, r, did)
	return ui.Back(w, r, "/payments/movements/"+r.PathValue("id"))
}

// closing of a day

func (h *web) closings(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	day, id, limit, as := "", "", listPage+1, ui.Sheet(r)
	if after, ok := ui.ReadCursor(r.URL.Query().Get("after"), 2); ok && len(after) == 2 {
		day, id = after[0], after[1]
	}
	if as != "" {
		limit = ui.SheetMost
	}
	list, err := h.s.Closings(ctx, day, id, limit)
	if err != nil {
		return err
	}
	if as != "" {
		return ui.SendTable(w, r, "khoa-so", as, closingsTable(ctx, list))
	}
	next := ""
	if len(list) > listPage {
		list = list[:listPage]
		next = "/payments/closings?after=" + ui.Cursor(list[listPage-1].Day, list[listPage-1].ID)
	}
	title := i18n.T(ctx, "payment.closings.title")
	return show(w, r, title, 0, closingsPage(list, next, identity.From(ctx).Has(RightCollect)), ui.Crumb{Text: title})
}

func (h *web) closeForm(w http.ResponseWriter, r *http.Request) error {
	return h.showClose(w, r, ui.Query(r).Text("agency"), ui.NewForm(), 0)
}

// showClose asks for the agency first when there are several.
func (h *web) showClose(w http.ResponseWriter, r *http.Request, agency string, f *ui.Form, status int) error {
	ctx := r.Context()
	list, err := h.s.Collectors(ctx, RightCollect)
	if err != nil {
		return err
	}
	if own := identity.From(ctx).AgencyID; agency == "" {
		for _, a := range list {
			if a.ID == own || len(list) == 1 {
				agency = a.ID
			}
		}
	}
	title := i18n.T(ctx, "payment.close.title")
	trail := []ui.Crumb{{Text: i18n.T(ctx, "payment.closings.title"), URL: "/payments/closings"}, {Text: title}}
	if agency == "" {
		return show(w, r, title, status, closeWherePage(list, title), trail...)
	}
	d, err := h.s.Drawer(ctx, agency)
	if err != nil {
		return err
	}
	return show(w, r, title, status, closePage(d, f, title), trail...)
}

func (h *web) closeDay(w http.ResponseWriter, r *http.Request) error {
	f, err := ui.ReadForm(r)
	if err != nil {
		return err
	}
	var c Closing
	counted := f.Int("counted")
	if f.Text("counted") == "" {
		err = errs.OnField("counted", "payment.counted_bad")
	} else if err = f.Err(); err == nil {
		c, err = h.s.Close(r.Context(), f.Text("agency"), counted, f.Long("reason"))
	}
	if f.Keep(err) {
		return h.showClose(w, r, f.Text("agency"), f, f.StatusFor(err))
	}
	if err != nil {
		return err
	}
	ui.Flash(w, r, "payment.did.close")
	return ui.Back(w, r, "/payments/closings/"+c.ID)
}

func (h *web) closing(w http.ResponseWriter, r *http.Request) error {
	return h.showClosing(w, r, ui.NewForm(), 0)
}

func (h *web) showClosing(w http.ResponseWriter, r *http.Request, f *ui.Form, status int) error {
	ctx := r.Context()
	c, may, err := h.s.Closing(ctx, r.PathValue("id"))
	if err != nil {
		return err
	}
	title := i18n.T(ctx, "payment.closing.of", "name", c.Name, "day", i18n.Day(ctx, c.Day))
	return show(w, r, title, status, closingPage(c, may, f, title), ui.Crumb{Text: i18n.T(ctx, "payment.closings.title"), URL: "/payments/closings"}, ui.Crumb{Text: title})
}

func (h *web) confirm(w http.ResponseWriter, r *http.Request) error {
	f, err := ui.ReadForm(r)
	if err != nil {
		return err
	}
	version := f.Version()
	if err = f.Err(); err == nil {
		_, err = h.s.Confirm(r.Context(), r.PathValue("id"), version)
	}
	if f.Keep(err) {
		return h.showClosing(w, r, f, f.StatusFor(err))
	}
	if err != nil {
		return err
	}
	ui.Flash(w, r, "payment.did.confirm")
	return ui.Back(w, r, "/payments/closings/"+r.PathValue("id"))
}

// comparing with gateways

func (h *web) statements(w http.ResponseWriter, r *http.Request) error {
	list, err := h.s.Statements(r.Context(), 200)
	if err != nil {
		return err
	}
	title := i18n.T(r.Context(), "payment.statements.title")
	return show(w, r, title, 0, statementsPage(list, identity.From(r.Context()).Has(RightSettle)), ui.Crumb{Text: title})
}

func (h *web) statementForm(w http.ResponseWriter, r *http.Request) error {
	return h.showStatementForm(w, r, ui.NewForm(), 0)
}

func (h *web) showStatementForm(w http.ResponseWriter, r *http.Request, f *ui.Form, status int) error {
	list, err := h.s.Gateways(r.Context())
	if err != nil {
		return err
	}
	title := i18n.T(r.Context(), "payment.statement.new")
	return show(w, r, title, status, statementNewPage(list, f, title), ui.Crumb{Text: i18n.T(r.Context(), "payment.statements.title"), URL: "/payments/statements"}, ui.Crumb{Text: title})
}

func (h *web) reconcile(w http.ResponseWriter, r *http.Request) error {
	f, err := ui.ReadForm(r)
	if err != nil {
		return err
	}
	day, id := f.Day("day"), ""
	var lines []TheirLine
	if err = f.Err(); err == nil {
		lines, err = readTheirs(r)
	}
	if err == nil {
		if id, err = h.s.Reconcile(r.Context(), f.Text("gateway"), day, lines); errs.CodeOf(err) == "payment.gateway_unknown" {
			err = errs.OnField("gateway", "payment.gateway_unknown")
		}
	}
	if f.Keep(err) {
		return h.showStatementForm(w, r, f, f.StatusFor(err))
	}
	if err != nil {
		return err
	}
	return ui.Back(w, r, "/payments/statements/"+id)
}

// readTheirs reads the list of a gateway from the file of the form.
func readTheirs(r *http.Request) ([]TheirLine, error) {
	if r.MultipartForm == nil || len(r.MultipartForm.File["file"]) == 0 {
		return nil, errs.OnField("file", "payment.statement_file")
	}
	head := r.MultipartForm.File["file"][0]
	file, err := head.Open()
	if err != nil {
		return nil, ui.BadForm(err)
	}
	defer file.Close()
	sheet, err := document.ReadSheet(file, head.Size, head.Filename, document.SheetLimits)
	if err != nil {
		return nil, err
	}
	return ReadStatement(sheet.Rows)
}

func (h *web) statement(w http.ResponseWriter, r *http.Request) error {
	return h.showStatement(w, r, ui.NewForm(), 0)
}

func (h *web) showStatement(w http.ResponseWriter, r *http.Request, f *ui.Form, status int) error {
	ctx := r.Context()
	st, lines, may, err := h.s.Statement(ctx, r.PathValue("id"))
	if err != nil {
		return err
	}
	if as := ui.Sheet(r); as != "" {
		return ui.SendTable(w, r, "doi-soat-"+st.Day, as, comparedTable(ctx, st, lines, false))
	}
	title := i18n.T(ctx, "payment.statement.of", "name", st.Gateway, "day", i18n.Day(ctx, st.Day))
	return show(w, r, title, status, statementPage(st, lines, may, f, title, r.URL.Query().Get("line")), ui.Crumb{Text: i18n.T(ctx, "payment.statements.title"), URL: "/payments/statements"}, ui.Crumb{Text: title})
}

func (h *web) explain(w http.ResponseWriter, r *http.Request) error {
	f, err := ui.ReadForm(r)
	if err != nil {
		return err
	}
	version := f.Version()
	if err = f.Err(); err == nil {
		err = h.s.Explain(r.Context(), r.PathValue("id"), f.Text("line"), version, f.Long("why"))
	}
	if f.Keep(err) {
		return h.showStatement(w, r, f, f.StatusFor(err))
	}
	if err != nil {
		return err
	}
	ui.Flash(w, r, "payment.did.explain")
	return ui.Back(w, r, "/payments/statements/"+r.PathValue("id"))
}
