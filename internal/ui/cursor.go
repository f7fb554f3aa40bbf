package ui

import (
	"encoding/base64"
	"encoding/json"
)

// Cursor packs the sort values of the last record shown into an opaque text for "after".
func Cursor(values ...string) string {
	raw, err := json.Marshal(values)
	if err != nil { // strings always marshal
		return ""
	}
	return base64.RawURLEncoding.EncodeToString(raw)
}

// ReadCursor unpacks n values. "" is the first page: nil, true. Anything that is not a
// cursor of n values is not ok: answer as if the page did not exist, or refuse.
func ReadCursor(cursor string, n int) (values []string, ok bool) {
	if cursor == "" {
		return nil, true
	}
	raw, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil || json.Unmarshal(raw, &values) != nil || len(values) != n {
		return nil, false
	}
	return values, true
}
