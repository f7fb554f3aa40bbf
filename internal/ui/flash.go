package ui

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"

	"cchc/internal/i18n"
)

const flashCookie = "flash"

// flash is a locale key with its values: never free text, so that a planted cookie
// cannot put words of its own on a page.
type flash struct {
	Key  string            `json:"k"`
	Args map[string]string `json:"a,omitempty"`
}

// Flash says on the next page what was done: a locale key and name, value pairs. The
// last one of a request wins.
func Flash(w http.ResponseWriter, r *http.Request, key string, args ...any) {
	f := flash{Key: key, Args: map[string]string{}}
	for i := 0; i+1 < len(args); i += 2 {
		f.Args[fmt.Sprint(args[i])] = fmt.Sprint(args[i+1])
	}
	raw, err := json.Marshal(f)
	if err != nil || len(raw) > 2000 {
		return // a message too long for a cookie is not worth failing the act that is done
	}
	setCookie(w, r, flashCookie, base64.RawURLEncoding.EncodeToString(raw), 60)
}

// takeFlash returns the sentence left by the request before and removes it.
func takeFlash(ctx context.Context, w http.ResponseWriter, r *http.Request) string {
	c, err := r.Cookie(flashCookie)
	if err != nil || c.Value == "" {
		return ""
	}
	setCookie(w, r, flashCookie, "", -1)
	raw, err := base64.RawURLEncoding.DecodeString(c.Value)
	var f flash
	if err != nil || json.Unmarshal(raw, &f) != nil || !i18n.Has(f.Key) {
		return ""
	}
	args := make([]any, 0, 2*len(f.Args))
	for k, v := range f.Args {
		args = append(args, k, v)
	}
	return i18n.T(ctx, f.Key, args...)
}
