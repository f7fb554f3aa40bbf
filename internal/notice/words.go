package notice

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"strings"

	"cchc/internal/db"
	"cchc/internal/i18n"
)

// write fills in to whom, title and body, in the person's language.
func (s *Service) write(tx *db.Tx, l *letter) (err error) {
	if l.set, err = s.settings(tx); err != nil {
		return err
	}
	found := false
	if l.to, found, err = s.opt.Book(tx, l.AccountID); err != nil {
		return err
	}
	if !found {
		l.to = Address{} // left meanwhile: no address
	}
	ctx := i18n.WithLang(context.Background(), l.to.Lang)
	if l.MessageID == "" {
		return s.writeDigest(ctx, tx, l)
	}
	m, sealed, _, err := messageByID(tx, l.MessageID)
	if err != nil {
		return err
	}
	if sealed != "" {
		plain, err := s.seal.open(m.ID, sealed)
		if err != nil {
			return err
		}
		var secret map[string]string
		if err := json.Unmarshal([]byte(plain), &secret); err != nil {
			return fmt.Errorf("notice: secret of message %s: %w", m.ID, err)
		}
		m.Args = maps.Clone(m.Args)
		if m.Args == nil {
			m.Args = map[string]string{}
		}
		for name, value := range secret {
			if l.Channel != channelMail { // a gateway's operator reads what passes it
				value = ""
			}
			m.Args[name] = value
		}
	}
	l.kind, l.title = m.Kind, m.Title(ctx)
	parts := []string{i18n.T(ctx, "notice.greeting", "name", l.to.Name), m.Title(ctx)}
	if body := m.Body(ctx); body != "" {
		parts[1] = body
	}
	if m.URL != "" {
		l.url = s.opt.BaseURL + m.URL
		parts = append(parts, i18n.T(ctx, "notice.open_here", "url", l.url))
	}
	l.body = strings.Join(append(parts, i18n.T(ctx, "notice.footer")), "\n\n")
	return nil
}

// writeDigest lists what is still unread of one day's messages (bản tin gộp); all read
// leaves the title empty and nothing is sent.
func (s *Service) writeDigest(ctx context.Context, tx *db.Tx, l *letter) error {
	day := l.Key[strings.LastIndexByte(l.Key, ':')+1:]
	list, err := digestMessages(tx, l.AccountID, day)
	if err != nil || len(list) == 0 {
		return err
	}
	l.kind = "notice.digest"
	l.title = i18n.T(ctx, "notice.digest.title", "count", len(list), "day", day)
	lines := make([]string, len(list))
	for i, m := range list {
		lines[i] = fmt.Sprintf("%d. %s", i+1, m.Title(ctx))
		if m.URL != "" {
			lines[i] += "\n   " + s.opt.BaseURL + m.URL
		}
	}
	l.body = strings.Join([]string{i18n.T(ctx, "notice.greeting", "name", l.to.Name), i18n.T(ctx, "notice.digest.body", "count", len(list)),
		strings.Join(lines, "\n"), i18n.T(ctx, "notice.footer")}, "\n\n")
	return nil
}
