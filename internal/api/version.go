package api

import (
	"reflect"
	"strconv"
	"strings"

	"cchc/internal/errs"
)

// IfMatch is embedded in the input of a change to a versioned record.
type IfMatch struct {
	IfMatch string `header:"If-Match" example:"\"7\"" doc:"The ETag of the version that was read. Missing: 428. Not the current one: 412."`
}

// Version reads the version that the caller saw. Refusals: api.if_match_missing (428),
// api.if_match_unreadable (400).
func (m IfMatch) Version() (int64, error) {
	if m.IfMatch == "" {
		return 0, errs.New(errs.Invalid, "api.if_match_missing")
	}
	v, err := strconv.ParseInt(strings.Trim(m.IfMatch, `"`), 10, 64)
	if err != nil || !strings.HasPrefix(m.IfMatch, `"`) {
		return 0, errs.New(errs.Invalid, "api.if_match_unreadable")
	}
	return v, nil
}

// ETag is embedded in the output of a versioned record.
type ETag struct {
	ETag string `header:"ETag" doc:"The version of the record, for If-Match"`
}

// Tag makes the ETag of a version.
func Tag(version int64) ETag { return ETag{ETag: `"` + strconv.FormatInt(version, 10) + `"`} }

// needIfMatch panics when a versioned operation does not read the version.
func needIfMatch[I any](op Op) {
	if f, ok := reflect.TypeFor[I]().FieldByName("IfMatch"); !ok || f.Type != reflect.TypeFor[IfMatch]() {
		panic("api: " + op.ID + " is versioned: embed api.IfMatch in its input")
	}
}
