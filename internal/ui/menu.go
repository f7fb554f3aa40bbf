package ui

import (
	"context"
	"sort"

	"cchc/internal/identity"
)

// MenuItem is one entry of a face's menu, registered by the room that owns the page.
// Words are locale keys.
type MenuItem struct {
	Face  string // Portal: bar under the head; Desk: side menu; Cockpit: tabs
	Group string // Desk only: "ui.menu.mine", "ui.menu.serve", "ui.menu.lead", "ui.menu.measure", "ui.menu.manage"
	Label string // locale key
	URL   string
	Icon  string // name in the sprite, Desk only
	Right string // who sees it; Public and SignedIn as in routes
	Order int    // within the group
	Badge func(ctx context.Context) Badge
}

// Badge is the small figure after a menu item; "" shows nothing.
type Badge struct {
	Text string
	Late bool
}

// FaceLink is a face in the top bar.
type FaceLink struct{ Face, URL, Right string }

// groups is the order of the side menu.
var groups = []string{"ui.menu.mine", "ui.menu.serve", "ui.menu.lead", "ui.menu.measure", "ui.menu.manage"}

// Menu registers entries of a room.
func (rt *Router) Menu(items ...MenuItem) { rt.menu = append(rt.menu, items...) }

// Face registers where a face begins and who sees it in the top bar.
func (rt *Router) Face(face, url, right string) {
	rt.faces = append(rt.faces, FaceLink{Face: face, URL: url, Right: right})
}

// sees says whether the reader may use what needs the right.
func sees(a identity.Actor, right string) bool {
	switch right {
	case Public, "":
		return true
	case SignedIn:
		return a.SignedIn()
	}
	return a.SignedIn() && a.Has(right)
}

type menuGroup struct {
	Title string
	Items []MenuItem
}

// menuOf returns the entries of a face that the reader may use, grouped.
func (v *view) menuOf(ctx context.Context, face string) []menuGroup {
	actor := identity.From(ctx)
	byGroup := map[string][]MenuItem{}
	for _, m := range v.rt.menu {
		if m.Face == face && sees(actor, m.Right) {
			byGroup[m.Group] = append(byGroup[m.Group], m)
		}
	}
	order := groups
	if face != Desk {
		order = []string{""}
	}
	var out []menuGroup
	for _, g := range order {
		items := byGroup[g]
		if len(items) == 0 {
			continue
		}
		sort.SliceStable(items, func(i, j int) bool { return items[i].Order < items[j].Order })
		out = append(out, menuGroup{Title: g, Items: items})
	}
	return out
}

// facesOf returns the faces that the reader may enter.
func (v *view) facesOf(ctx context.Context) []FaceLink {
	actor := identity.From(ctx)
	var out []FaceLink
	for _, f := range v.rt.faces {
		if sees(actor, f.Right) {
			out = append(out, f)
		}
	}
	return out
}

// badge reads the figure of an entry.
func (m MenuItem) badge(ctx context.Context) Badge {
	if m.Badge == nil {
		return Badge{}
	}
	return m.Badge(ctx)
}
