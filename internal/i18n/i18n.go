// Package i18n holds the words that a reader sees, in Vietnamese (complete) and in
// English (complete on public pages, else falling back to Vietnamese), and writes
// days, times and numbers as each language does. Start with T; the words live in
// locales/<language>/<package>.json, one flat object of full keys per package.
package i18n

import (
	"context"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"
	"sync"

	"cchc/internal/errs"
)

// Vi and En are the two languages. Vi is the default and the fallback.
const (
	Vi = "vi"
	En = "en"
)

//go:embed locales
var locales embed.FS

type langKey struct{}

// WithLang sets the reader's language. Anything but "en" is Vietnamese.
func WithLang(ctx context.Context, lang string) context.Context {
	if lang != En {
		lang = Vi
	}
	return context.WithValue(ctx, langKey{}, lang)
}

// Lang returns the reader's language, "vi" when none is set.
func Lang(ctx context.Context) string {
	if lang, ok := ctx.Value(langKey{}).(string); ok {
		return lang
	}
	return Vi
}

type catalogue struct {
	words map[string]map[string]string // language -> key -> text
	err   error
}

// A file that cannot be read is left out, so that a slip in one room's words does not
// stop the others; Check reports it, and the program refuses to start on it.
var load = sync.OnceValue(func() catalogue { return read(locales) })

func read(files fs.FS) catalogue {
	c := catalogue{words: map[string]map[string]string{Vi: {}, En: {}}}
	for lang, words := range c.words {
		names, err := fs.Glob(files, path.Join("locales", lang, "*.json"))
		c.err = errors.Join(c.err, err)
		for _, name := range names {
			raw, err := fs.ReadFile(files, name)
			var file map[string]string
			if err == nil {
				err = json.Unmarshal(raw, &file)
			}
			if err != nil {
				c.err = errors.Join(c.err, fmt.Errorf("%s: %w", name, err))
				continue
			}
			for k, v := range file {
				words[k] = v
			}
		}
	}
	return c
}

// Check returns what is wrong with the embedded locale files, nil when all can be read.
func Check() error { return load().err }

// Has says whether the key exists in Vietnamese, the complete language.
func Has(key string) bool {
	_, ok := load().words[Vi][key]
	return ok
}

// T returns the text of a key in the reader's language. Args are name, value pairs for
// its {name} placeholders; {name:n}, {name:day}, {name:time}, {name:percent} and
// {name:decimal} write the value as Number, Day, Time, Percent and Decimal do.
// A key without a text shows itself, which a test turns into a failure.
func T(ctx context.Context, key string, args ...any) string {
	m := make(map[string]any, len(args)/2)
	for i := 0; i+1 < len(args); i += 2 {
		m[fmt.Sprint(args[i])] = args[i+1]
	}
	return fill(ctx, lookUp(Lang(ctx), key), m)
}

// Error returns the sentence of a refusal: what is wrong and what to do.
func Error(ctx context.Context, e *errs.Error) string {
	return fill(ctx, lookUp(Lang(ctx), "error."+e.Code), e.Args)
}

func lookUp(lang, key string) string {
	words := load().words
	if text, ok := words[lang][key]; ok {
		return text
	}
	if text, ok := words[Vi][key]; ok {
		return text
	}
	return key
}

// fill replaces placeholders in one pass, so that a value holding braces is never
// expanded a second time. A placeholder without a value stays visible.
func fill(ctx context.Context, text string, args map[string]any) string {
	if !strings.Contains(text, "{") {
		return text
	}
	var b strings.Builder
	for {
		open := strings.IndexByte(text, '{')
		if open < 0 {
			break
		}
		end := strings.IndexByte(text[open:], '}')
		if end < 0 {
			break
		}
		b.WriteString(text[:open])
		name, form, _ := strings.Cut(text[open+1:open+end], ":")
		if v, ok := args[name]; ok {
			b.WriteString(write(ctx, v, form))
		} else {
			b.WriteString(text[open : open+end+1])
		}
		text = text[open+end+1:]
	}
	b.WriteString(text)
	return b.String()
}
