package procedure

import (
	"encoding/json"

	"cchc/internal/errs"
)

// catalogueFile is the document that Export writes and Read takes back without loss.
type catalogueFile struct {
	Format     string  `json:"format"`
	Procedures []Entry `json:"procedures"`
	Groups     []Group `json:"groups"`
}

// ExportJSON writes entries and groups as one file.
func ExportJSON(entries []Entry, groups []Group) ([]byte, error) {
	if entries == nil {
		entries = []Entry{}
	}
	if groups == nil {
		groups = []Group{}
	}
	return json.MarshalIndent(catalogueFile{format, entries, groups}, "", " ")
}

// readOwn reads a file of ours: what the check finds is told, the rest is taken as it is.
func readOwn(raw []byte) (out Reading, err error) {
	var f catalogueFile
	if err := json.Unmarshal(raw, &f); err != nil {
		return out, errs.New(errs.Invalid, "procedure.file_unreadable")
	}
	return readingOf(f.Procedures, f.Groups), nil
}

// readingOf checks entries that are in our own words already.
func readingOf(entries []Entry, groups []Group) (out Reading) {
	out.Doubts = []Doubt{}
	r := reader{seen: map[string]bool{}, out: &out}
	for _, e := range entries {
		r.key = e.Key
		switch {
		case r.seen[e.Key]:
			r.doubt("id", "id_twice")
			continue
		case headFaults(e.Key, e.Kind, e.Content).Err() != nil:
			r.doubt("id", "id_missing", "id", e.Key)
			continue
		}
		r.seen[e.Key] = true
		r.c = e.Content
		r.findings(e.Kind)
		out.Entries = append(out.Entries, e)
		out.Procedures++
		if e.Kind == GroupOf {
			out.Groups++
		}
	}
	for _, g := range groups {
		r.key = g.Key
		if err := g.wellFormed(); err != nil || !keyShape.MatchString(g.Key) {
			r.doubt("members", "group_broken")
			continue
		}
		out.Defined = append(out.Defined, g)
	}
	return out
}
