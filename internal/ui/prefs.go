package ui

import (
	"net/http"
	"slices"
	"strings"

	"cchc/internal/i18n"
)

// prefs is how the reader wants pages to look. One cookie keeps it, without following
// anybody: "l hc dark compact en" in any order, what is missing is as usual.
type prefs struct {
	Size     string // "s", "m" or "l": A-, A, A+
	Contrast bool
	Dark     bool
	Compact  bool
	Lang     string
}

const displayCookie = "display"

// displayYear is how long the setting is kept, in seconds.
const displayYear = 365 * 24 * 3600

func readPrefs(r *http.Request) prefs {
	p := prefs{Size: "m", Lang: i18n.Vi}
	c, err := r.Cookie(displayCookie)
	if err != nil {
		return p
	}
	words := strings.Split(c.Value, ".")
	for _, size := range []string{"s", "l"} {
		if slices.Contains(words, size) {
			p.Size = size
		}
	}
	p.Contrast = slices.Contains(words, "hc")
	p.Dark = slices.Contains(words, "dark")
	p.Compact = slices.Contains(words, "compact")
	if slices.Contains(words, i18n.En) {
		p.Lang = i18n.En
	}
	return p
}

func (p prefs) cookie() string {
	words := []string{p.Size, p.Lang}
	for word, on := range map[string]bool{"hc": p.Contrast, "dark": p.Dark, "compact": p.Compact} {
		if on {
			words = append(words, word)
		}
	}
	slices.Sort(words[2:])
	return strings.Join(words, ".")
}

// class is the class attribute of <html>.
func (p prefs) class(face string) string {
	words := []string{"face-" + face}
	if p.Size == "s" || p.Size == "l" {
		words = append(words, "t-"+p.Size)
	}
	for _, c := range []struct {
		word string
		on   bool
	}{{"hc", p.Contrast}, {"dark", p.Dark}, {"compact", p.Compact}} {
		if c.on {
			words = append(words, c.word)
		}
	}
	return strings.Join(words, " ")
}

// setDisplay is POST /display: one button of the bar was pressed. It comes back to the
// page where it was pressed.
func (rt *Router) setDisplay(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return BadForm(err)
	}
	p := readPrefs(r)
	if v := r.PostForm.Get("size"); v == "s" || v == "m" || v == "l" {
		p.Size = v
	}
	if v := r.PostForm.Get("contrast"); v != "" {
		p.Contrast = v == "up"
	}
	if v := r.PostForm.Get("theme"); v != "" {
		p.Dark = v == "dark"
	}
	if v := r.PostForm.Get("rows"); v != "" {
		p.Compact = v == "compact"
	}
	if v := r.PostForm.Get("lang"); v != "" {
		p.Lang = i18n.Lang(i18n.WithLang(r.Context(), v))
	}
	setCookie(w, r, displayCookie, p.cookie(), displayYear)
	return Back(w, r, r.PostForm.Get("back"))
}
