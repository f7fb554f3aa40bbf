package ui

import (
	"context"

	"cchc/internal/i18n"
)

// htmxConfig forbids what our content security policy refuses anyway: htmx's own inline style.
const htmxConfig = `{"includeIndicatorCSS":false}`

func iconURL(name string) string { return Asset("icons.svg") + "#i-" + name }

func (f frame) authority(ctx context.Context) string {
	return orElse(f.site.Authority, i18n.T(ctx, "ui.site.authority"))
}

func (f frame) portalName(ctx context.Context) string {
	return orElse(f.site.Portal, i18n.T(ctx, "ui.face.portal"))
}

func (f frame) note(ctx context.Context) string {
	return orElse(f.site.Note, i18n.T(ctx, "ui.site.note"))
}

// home is where the reader's face begins.
func (f frame) home() string {
	for _, link := range f.view.rt.faces {
		if link.Face == f.Face {
			return link.URL
		}
	}
	return "/"
}

func orElse(text, fallback string) string {
	if text == "" {
		return fallback
	}
	return text
}

// Account registers links of the account menu (locale key and address).
func (rt *Router) Account(links ...Link) { rt.account = append(rt.account, links...) }

func (rt *Router) accountMenu() []Link { return rt.account }
