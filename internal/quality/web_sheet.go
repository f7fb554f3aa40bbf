package quality

import (
	"context"
	"net/http"
	"strconv"

	"cchc/internal/decimal"
	"cchc/internal/i18n"
	"cchc/internal/identity"
	"cchc/internal/ui"
)

func (h *web) units(w http.ResponseWriter, r *http.Request) error {
	return h.showUnits(w, r, ui.NewForm(), 0)
}

func (h *web) showUnits(w http.ResponseWriter, r *http.Request, f *ui.Form, status int) error {
	q, err := h.question(r)
	if err != nil {
		return err
	}
	if len(q.period) != len("2026-Q3") || q.period[5] != 'Q' {
		q.period = q.periods[1].Code
	}
	list, err := h.s.Sheets(r.Context(), q.period)
	if err != nil {
		return err
	}
	if as := ui.Sheet(r); as != "" {
		return ui.SendTable(w, r, "chat-luong-don-vi-"+q.period, as, unitTable(r.Context(), list))
	}
	title := i18n.T(r.Context(), "quality.units.title")
	return show(w, r, title, status, unitsPage(q, list, f, title), ui.Crumb{Text: title})
}

func (h *web) begin(w http.ResponseWriter, r *http.Request) error {
	f, err := ui.ReadForm(r)
	if err != nil {
		return err
	}
	id, err := h.s.Begin(r.Context(), f.Text("agency"), f.Text("period"), f.Text("officer"))
	if err == nil {
		return ui.Back(w, r, "/quality/sheets/"+id)
	}
	if !f.Keep(err) {
		return err
	}
	return h.showUnits(w, r, f, f.StatusFor(err))
}

// tenths writes a mark with its one decimal, "–" without one.
func tenths(ctx context.Context, n int64) string {
	if n == None {
		return "–"
	}
	return i18n.Decimal(ctx, decimal.FromScaled(n, 1).Fixed(1))
}

// most is the best total of a sheet.
func most(officer string) string { return strconv.Itoa(2 * len(Wanted(officer != ""))) }

func unitTable(ctx context.Context, list []Ranked) ui.Table {
	t := ui.Table{Caption: i18n.T(ctx, "quality.units.title"), AsFile: true, HeadCol: 1, Columns: []ui.Column{{Head: i18n.T(ctx, "quality.col.rank"), Numeric: true}, {Head: i18n.T(ctx, "quality.col.unit")},
		{Head: i18n.T(ctx, "quality.col.self"), Numeric: true}, {Head: i18n.T(ctx, "quality.col.verified"), Numeric: true}, {Head: i18n.T(ctx, "quality.col.class")}, {Head: i18n.T(ctx, "quality.col.state")}}}
	// Units with the same total share a place; officers are not ranked among units.
	place, seen, last := 0, 0, None
	for _, r := range list {
		rank, verified, class := "", "–", ""
		if r.State == Verified {
			verified = tenths(ctx, r.Verified)
			if r.Officer == "" {
				seen++
				if r.Verified != last {
					place, last = seen, r.Verified
				}
				rank, class = strconv.Itoa(place), i18n.T(ctx, "quality.class."+ClassOf(shipped.Classes, r.Verified))
			}
		}
		name := ui.Cell{Text: r.AgencyName, URL: "/quality/sheets/" + r.ID}
		if r.Officer != "" {
			name.Text, name.Sub = r.Officer, r.AgencyName
		}
		self := ui.Txt(tenths(ctx, r.Self))
		if r.Missing > 0 {
			self.Sub = i18n.T(ctx, "quality.missing", "n", strconv.FormatInt(r.Missing, 10))
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{ui.Txt(rank), name, self, ui.Txt(verified), ui.Txt(class), ui.In(stateTag(r.State))}})
	}
	return t
}

// noSheetText says what to do where no sheet is.
func noSheetText(ctx context.Context) string {
	if identity.From(ctx).Has(RightScore) {
		return i18n.T(ctx, "quality.units.none_text")
	}
	return i18n.T(ctx, "quality.units.none_wait")
}

// rankBars draws the verified units.
func rankBars(ctx context.Context, list []Ranked) ui.BarChart {
	c := ui.BarChart{Title: i18n.T(ctx, "quality.units.bars"), Max: 18, Head: [2]string{i18n.T(ctx, "quality.col.unit"), i18n.T(ctx, "quality.col.verified")}}
	for _, r := range list {
		if r.State == Verified && r.Officer == "" && len(c.Items) < 30 {
			c.Items = append(c.Items, ui.Bar{Name: r.AgencyName, Value: float64(r.Verified) / 10, Text: tenths(ctx, r.Verified), URL: "/quality/sheets/" + r.ID})
		}
	}
	return c
}

func (h *web) sheet(w http.ResponseWriter, r *http.Request) error {
	return h.showSheet(w, r, ui.NewForm(), 0)
}

func (h *web) showSheet(w http.ResponseWriter, r *http.Request, f *ui.Form, status int) error {
	v, err := h.s.Sheet(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	ctx := r.Context()
	if as := ui.Sheet(r); as != "" {
		return ui.SendTable(w, r, "phieu-cham-diem-"+v.Period, as, markTable(ctx, v))
	}
	return show(w, r, v.title(ctx), status, sheetPage(v, f), ui.Crumb{Text: i18n.T(ctx, "quality.units.title"), URL: "/quality/units?period=" + v.Period}, ui.Crumb{Text: v.title(ctx)})
}

func (v SheetView) title(ctx context.Context) string {
	if v.Officer != "" {
		return i18n.T(ctx, "quality.sheet.of_officer", "name", v.Officer, "agency", v.AgencyName)
	}
	return v.AgencyName
}

func (v SheetView) path() string { return "/quality/sheets/" + v.ID }

// typed writes a mark as the value of a field.
func typed(ctx context.Context, n int64) string {
	if n == None {
		return ""
	}
	return tenths(ctx, n)
}

func markTable(ctx context.Context, v SheetView) ui.Table {
	t := ui.Table{Caption: i18n.T(ctx, "quality.sheet.marks"), AsFile: true, HeadCol: 1, Columns: []ui.Column{{Head: i18n.T(ctx, "quality.col.code")}, {Head: i18n.T(ctx, "quality.col.item")},
		{Head: i18n.T(ctx, "quality.col.computed"), Numeric: true}, {Head: i18n.T(ctx, "quality.col.self"), Numeric: true}, {Head: i18n.T(ctx, "quality.col.verified"), Numeric: true}, {Head: i18n.T(ctx, "quality.col.evidence")}}}
	for _, m := range v.Marks {
		n := strconv.Itoa(m.Item)
		ground := ui.Cell{Text: m.Evidence, Sub: m.Reason}
		computed := ui.Txt(tenths(ctx, m.Computed))
		if m.Computed == None {
			computed = ui.Cell{Text: i18n.T(ctx, "quality.judged"), Mute: true}
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{ui.Txt(n), {Text: i18n.T(ctx, "quality.item."+n), Sub: i18n.T(ctx, "quality.item_rule."+n)}, computed, ui.Txt(tenths(ctx, m.Self)), ui.Txt(tenths(ctx, m.Verified)), ground}})
	}
	total := "–"
	if v.Done {
		total = tenths(ctx, v.Total)
	}
	t.Foot = []ui.Row{{Cells: []ui.Cell{ui.Txt(""), ui.Txt(i18n.T(ctx, "quality.sheet.total", "n", most(v.Officer))), ui.Txt(""), ui.Txt(tenths(ctx, v.Self)), ui.Txt(total), ui.Txt("")}}}
	return t
}

// marks reads the marks of a form; what a field calls name is a decimal, "" is none.
func marks(f *ui.Form, name, words string) (list []Mark) {
	for item := 1; item <= Items; item++ {
		key := field(name, item)
		if !f.Has(key) {
			continue
		}
		n := None
		if f.Text(key) != "" {
			d := f.Decimal(key)
			scaled, ok := d.Scaled(1)
			if n = scaled; !ok || d.Cmp(decimal.FromScaled(scaled, 1)) != 0 {
				n = mostTenths + 1 // more than one decimal is out of range: the service says so by the item
			}
		}
		m := Mark{Item: item, Computed: None, Self: n, Verified: n}
		if said := f.Text(field(words, item)); name == "self" {
			m.Evidence = said
		} else {
			m.Reason = said
		}
		list = append(list, m)
	}
	return list
}

// act does something with a sheet and shows it again.
func (h *web) act(w http.ResponseWriter, r *http.Request, did string, do func(ctx context.Context, id string, version int64, f *ui.Form) error) error {
	f, err := ui.ReadForm(r)
	if err != nil {
		return err
	}
	version := f.Version()
	if err = f.Err(); err == nil {
		err = do(r.Context(), r.PathValue("id"), version, f)
	}
	if f.Keep(err) {
		return h.showSheet(w, r, f, f.StatusFor(err))
	}
	if err != nil {
		return err
	}
	ui.Flash(w, r, did)
	return ui.Back(w, r, "/quality/sheets/"+r.PathValue("id"))
}

func (h *web) score(w http.ResponseWriter, r *http.Request) error {
	return h.act(w, r, "quality.did.score", func(ctx context.Context, id string, version int64, f *ui.Form) error {
		list := marks(f, "self", "evidence")
		if err := f.Err(); err != nil {
			return err
		}
		return h.s.Score(ctx, id, version, list)
	})
}

func (h *web) submit(w http.ResponseWriter, r *http.Request) error {
	return h.act(w, r, "quality.did.submit", func(ctx context.Context, id string, version int64, _ *ui.Form) error {
		return h.s.Submit(ctx, id, version)
	})
}

func (h *web) giveBack(w http.ResponseWriter, r *http.Request) error {
	return h.act(w, r, "quality.did.return", func(ctx context.Context, id string, version int64, f *ui.Form) error {
		return h.s.Return(ctx, id, version, f.Text("reason"))
	})
}

func (h *web) verify(w http.ResponseWriter, r *http.Request) error {
	return h.act(w, r, "quality.did.verify", func(ctx context.Context, id string, version int64, f *ui.Form) error {
		list := marks(f, "verified", "reason")
		if err := f.Err(); err != nil {
			return err
		}
		return h.s.Verify(ctx, id, version, list)
	})
}
