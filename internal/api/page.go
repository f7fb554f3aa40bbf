package api

import (
	"net/http"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"cchc/internal/i18n"
	"cchc/internal/ui"
)

// tagGroup is one tag with its operations, for the page.
type tagGroup struct {
	Name, Description string
	Ops               []*huma.Operation
}

// servePage is GET /api: the document as a page of ours, nothing from outside.
func (a *API) servePage(w http.ResponseWriter, r *http.Request) error {
	page := ui.Page{Title: i18n.T(r.Context(), "api.page.title"), Face: ui.Portal}
	return ui.Render(w, r, page, document(a.groups()))
}

func (a *API) groups() []tagGroup {
	doc := a.huma.OpenAPI()
	byTag := map[string]*tagGroup{}
	for _, o := range a.ops {
		g := byTag[o.Tag]
		if g == nil {
			g = &tagGroup{Name: o.Tag}
			byTag[o.Tag] = g
		}
		g.Ops = append(g.Ops, find(doc, o.Method, o.Path))
	}
	for _, t := range doc.Tags {
		if g := byTag[t.Name]; g != nil {
			g.Description = t.Description
		}
	}
	var out []tagGroup
	for _, g := range byTag {
		slices.SortFunc(g.Ops, func(x, y *huma.Operation) int {
			if x.Path != y.Path {
				return cmpText(x.Path, y.Path)
			}
			return cmpText(x.Method, y.Method)
		})
		out = append(out, *g)
	}
	slices.SortFunc(out, func(x, y tagGroup) int { return cmpText(x.Name, y.Name) })
	return out
}

func cmpText(a, b string) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// statuses returns the statuses of an operation in order.
func statuses(o *huma.Operation) []string {
	var out []string
	for s := range o.Responses {
		out = append(out, s)
	}
	slices.Sort(out)
	return out
}
