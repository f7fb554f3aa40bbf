package audit

import (
	"bytes"
	"encoding/json"
	"slices"
	"strconv"
)

// Change is one field that differs between before and after.
type Change struct {
	Path   string // "title", "steps.2.due_day"
	Before string // "" when the field was not there
	After  string
}

// Changes lists the fields that differ between two JSON texts, by path. Text that is
// not JSON is compared as a whole, under the path "".
func Changes(before, after string) []Change {
	b, a := map[string]string{}, map[string]string{}
	flatten("", before, b)
	flatten("", after, a)
	var out []Change
	for path, was := range b {
		if is := a[path]; is != was {
			out = append(out, Change{path, was, is})
		}
	}
	for path, is := range a {
		if _, had := b[path]; !had && is != "" {
			out = append(out, Change{path, "", is})
		}
	}
	slices.SortFunc(out, func(x, y Change) int { return bytes.Compare([]byte(x.Path), []byte(y.Path)) })
	return out
}

func flatten(path, text string, into map[string]string) {
	if text == "" {
		return
	}
	dec := json.NewDecoder(bytes.NewReader([]byte(text)))
	dec.UseNumber() // a number is shown as it was written
	var v any
	if dec.Decode(&v) != nil {
		into[path] = text
		return
	}
	walk(path, v, into)
}

func walk(path string, v any, into map[string]string) {
	sub := func(name string) string {
		if path == "" {
			return name
		}
		return path + "." + name
	}
	switch v := v.(type) {
	case map[string]any:
		for name, one := range v {
			walk(sub(name), one, into)
		}
	case []any:
		for i, one := range v {
			walk(sub(strconv.Itoa(i)), one, into)
		}
	case string:
		into[path] = v
	case nil:
		into[path] = ""
	default: // json.Number, bool
		b, _ := json.Marshal(v)
		into[path] = string(b)
	}
}
