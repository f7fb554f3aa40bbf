package notice

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"html"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"net/textproto"
	"regexp"
	"strings"
	"time"

	"cchc/internal/text"
)

// messageID is the same for every try at one delivery, so that mailboxes can drop the
// second copy. The key itself is hashed: it may name a record.
func messageID(key, from string) string {
	sum := sha256.Sum256([]byte(key))
	domain := "cchc.invalid"
	if a, err := mail.ParseAddress(from); err == nil {
		if _, d, ok := strings.Cut(a.Address, "@"); ok {
			domain = d
		}
	}
	return "<" + hex.EncodeToString(sum[:16]) + "@" + domain + ">"
}

// compose makes the mail: plain text first, the same as simple HTML second, both UTF-8
// in quoted-printable, which every server on the way lets pass.
func compose(l letter, at time.Time) ([]byte, error) {
	from, err := mail.ParseAddress(l.set.MailFrom)
	if err != nil {
		return nil, fmt.Errorf("notice: sender: %w", err)
	}
	var parts, b bytes.Buffer
	w := multipart.NewWriter(&parts)
	for _, p := range []struct{ kind, text string }{{"text/plain", l.body}, {"text/html", htmlOf(l)}} {
		part, err := w.CreatePart(textproto.MIMEHeader{"Content-Type": {p.kind + "; charset=utf-8"}, "Content-Transfer-Encoding": {"quoted-printable"}})
		if err != nil {
			return nil, err
		}
		q := quotedprintable.NewWriter(part)
		if _, err := q.Write([]byte(strings.ReplaceAll(p.text, "\n", "\r\n"))); err != nil {
			return nil, err
		}
		if err := q.Close(); err != nil {
			return nil, err
		}
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	for _, h := range [][2]string{
		{"From", from.String()},
		{"To", (&mail.Address{Name: l.to.Name, Address: l.to.Email}).String()},
		{"Subject", mime.BEncoding.Encode("utf-8", text.Clean(l.title))}, // Clean leaves no line break to begin a header with
		{"Date", at.Format(time.RFC1123Z)},
		{"Message-ID", messageID(l.Key, l.set.MailFrom)},
		{"Auto-Submitted", "auto-generated"},
		{"MIME-Version", "1.0"},
		{"Content-Type", "multipart/alternative; boundary=" + w.Boundary()},
	} {
		fmt.Fprintf(&b, "%s: %s\r\n", h[0], h[1])
	}
	b.WriteString("\r\n")
	b.Write(parts.Bytes())
	return b.Bytes(), nil
}

var linkText = regexp.MustCompile(`https?://[^\s<>"]+`)

// htmlOf is the text as paragraphs, with its links to click.
func htmlOf(l letter) string {
	var b strings.Builder
	fmt.Fprintf(&b, "<!doctype html><html lang=%q><head><meta charset=\"utf-8\"><title>%s</title></head><body>", lang(l), html.EscapeString(l.title))
	for _, p := range strings.Split(l.body, "\n\n") {
		p = linkText.ReplaceAllStringFunc(html.EscapeString(p), func(u string) string { return `<a href="` + u + `">` + u + `</a>` })
		b.WriteString("<p>" + strings.ReplaceAll(p, "\n", "<br>") + "</p>")
	}
	b.WriteString("</body></html>")
	return b.String()
}

func lang(l letter) string {
	if l.to.Lang == "en" {
		return "en"
	}
	return "vi"
}
