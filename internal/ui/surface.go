package ui

import (
	"context"

	"github.com/a-h/templ"

	"cchc/internal/i18n"
)

// SumLine is one line of a summary list: a term and what it is now.
type SumLine struct {
	Term      string
	Text      string
	Body      templ.Component // instead of Text
	ChangeURL string          // "" shows no link to change it
}

// TaskItem is one line of a task list: a part of a longer job with its state.
type TaskItem struct{ Title, URL, Hint, Tone, State string }

// Step is one line of a timeline.
type Step struct {
	Tone  string // "done", "now", "next", or a tone (Late, Soon, Wait …)
	Icon  string // "" takes the usual one
	Title string
	At    string // when and by whom
	Text  string
	Body  templ.Component
}

func (s Step) icon() string {
	switch {
	case s.Icon != "":
		return s.Icon
	case s.Tone == "done":
		return "check"
	case s.Tone == "now":
		return "clock"
	case s.Tone == "next":
		return ""
	}
	return toneIcon(s.Tone)
}

// EvidenceItem is a document that proves something.
type EvidenceItem struct {
	Title, URL string
	Meta       string // type and size
	Proves     string
}

// Question asks before an act that cannot be undone: a page of its own.
type Question struct {
	Title, Text string
	Action      string   // POST
	Yes         string   // words of the button that acts
	Danger      bool     // red button
	BackURL     string   // way out
	Hidden      []string // name, value pairs
}

// LetterText is a letter of the authority on paper, or a slip.
type LetterText struct {
	Left, Right []string // two heads: authority; motto
	Title       string
	Lines       []string
	SignTitle   string // post of who signs
	SignName    string
	QR          string // text of the code, "" for none
	QRNote      string
}

// ProofBlock is text to copy and check by machine.
type ProofBlock struct{ Title, Text, DownloadURL string }

// totalText writes a total that is exact to 1,000.
func totalText(ctx context.Context, n int64) string {
	if n > 1000 {
		return i18n.Number(ctx, 1000) + "+"
	}
	return i18n.Number(ctx, n)
}
