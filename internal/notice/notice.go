// Package notice tells a person something (thông báo): always in the in-app list, and by
// e-mail or webhook where the settings say so; never twice for the same thing.
//
// Start at Service.Send: one row in the sender's transaction and one delivery a channel.
// deliver.go takes deliveries to the wire and says what happens when the program dies in
// between; mail.go, smtp.go and webhook.go are the wires; words.go writes the sentences.
package notice

import (
	"context"
	"strings"
	"time"

	"cchc/internal/i18n"
)

// Notice is one thing to tell one person.
type Notice struct {
	Key     string            // what makes it the same thing: "plan.urge:<id>:<day>"; told once for ever
	To      string            // account id
	Kind    string            // "plan.urge": its words are plan.notice.urge and plan.notice.urge.body
	Subject string            // record: "plan_assignment:<id>"
	URL     string            // path in this program: "/plan/assignment/<id>", or ""
	Args    map[string]string // values for the words
	Secret  map[string]string // more values, that must not lie readable (a one-time link): mail only, erased once sent
	Extra   map[string]string // values for the mail alone, as closed as Secret; the message is listed, and goes other ways, without them
}

// Message is a notice as the in-app list shows it.
type Message struct {
	ID, Key, To, Kind, Subject, URL string
	Args                            map[string]string
	Created, Read                   time.Time // Read is zero while unread
}

// Title is the message in one line, in the reader's language.
func (m Message) Title(ctx context.Context) string {
	return i18n.T(ctx, wordKey(m.Kind), pairs(m.Args)...)
}

// Body is the message in full, "" when its kind has no more than a title.
func (m Message) Body(ctx context.Context) string {
	if key := wordKey(m.Kind) + ".body"; i18n.Has(key) {
		return i18n.T(ctx, key, pairs(m.Args)...)
	}
	return ""
}

// wordKey turns a kind into the key of its words: the room's own file holds them.
func wordKey(kind string) string {
	room, what, _ := strings.Cut(kind, ".")
	return room + ".notice." + what
}

func pairs(args map[string]string) []any {
	all := make([]any, 0, 2*len(args))
	for name, value := range args {
		all = append(all, name, value)
	}
	return all
}

// Address is where a person is reached.
type Address struct {
	Name, Email, Phone string // "" when not known
	Lang               string
}
