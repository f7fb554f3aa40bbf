package plan

import (
	_ "embed"
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"sync"

	"cchc/internal/errs"
	"cchc/internal/text"
)

// Directory answers which agencies exist on one day. The tree of agencies answers in
// the service; a file of agencies answers a dry run that has no database.
type Directory interface {
	Resolve(name string) []string               // agency ids of exactly that name; none is unknown, several ambiguous
	Members(g Group) []string                   // agencies of a kind, in their usual order
	Name(id string) string                      // the name as shown
	Head(id string) (holder string, known bool) // known is false when the directory keeps no posts
}

type groupPhrase struct {
	Pattern string  `json:"pattern"`
	Groups  []Group `json:"groups"`
	expr    *regexp.Regexp
}

//go:embed data/groups.json
var groupFile []byte

var groupList = sync.OnceValue(func() []groupPhrase {
	var list []groupPhrase
	if err := json.Unmarshal(groupFile, &list); err != nil {
		panic(err)
	}
	for i := range list {
		list[i].expr = regexp.MustCompile(list[i].Pattern)
	}
	return list
})

// groupsOf reads a group word; nil when the words name no group.
func groupsOf(words string) []Group {
	folded := strings.Trim(text.Fold(words), ".;, ")
	for _, g := range groupList() {
		if g.expr.MatchString(folded) {
			return g.Groups
		}
	}
	return nil
}

// named is what one piece of an agency column was found to be.
type named struct {
	text     string
	groups   []Group
	agencies []string // one: resolved; several: ambiguous; none with no groups: unknown
}

// mentions reads an agency column. Pieces are divided by semicolons or line ends;
// commas divide only where the whole piece is no known name, because names and group
// words hold commas themselves ("Các sở, ban, ngành").
func mentions(column string, dir Directory) []named {
	var all []named
	for _, piece := range strings.FieldsFunc(column, func(r rune) bool { return r == ';' || r == '\n' }) {
		if piece = text.Clean(strings.Trim(piece, " -–,.")); piece == "" {
			continue
		}
		if n := look(piece, dir); n.known() {
			all = append(all, n)
			continue
		}
		all = append(all, byCommas(piece, dir)...)
	}
	return all
}

func (n named) known() bool { return len(n.groups) > 0 || len(n.agencies) > 0 }

func look(piece string, dir Directory) named {
	if g := groupsOf(piece); g != nil {
		return named{text: piece, groups: g}
	}
	return named{text: piece, agencies: dir.Resolve(piece)}
}

// byCommas takes the longest known run of words from the left; when no run is known
// at all the piece stays whole, so that the doubt quotes what the file says.
func byCommas(piece string, dir Directory) []named {
	words := strings.Split(piece, ",")
	var all []named
	found := false
	for i := 0; i < len(words); {
		end := i + 1
		n := named{text: strings.TrimSpace(words[i])}
		for j := len(words); j > i; j-- {
			if try := look(strings.TrimSpace(strings.Join(words[i:j], ",")), dir); try.known() {
				n, end, found = try, j, true
				break
			}
		}
		all = append(all, n)
		i = end
	}
	if !found {
		return []named{{text: piece}}
	}
	return all
}

// FileDirectory is a directory read from a file of agencies (code, name, kind,
// valid_from, valid_to): for a dry run without a database.
type FileDirectory struct {
	names   map[string]string
	byName  map[string][]string
	members map[Group][]string
}

// ReadDirectory reads the rows of an agency file; the first row holds the column
// names. Only agencies that exist on the day are taken. Error: "plan.orgs_columns".
func ReadDirectory(rows [][]string, day string) (*FileDirectory, error) {
	d := &FileDirectory{names: map[string]string{}, byName: map[string][]string{}, members: map[Group][]string{}}
	if len(rows) == 0 {
		return nil, errs.New(errs.Invalid, "plan.orgs_columns")
	}
	column := func(row []string, name string) string {
		i := slices.IndexFunc(rows[0], func(h string) bool { return text.Fold(strings.TrimPrefix(h, "\ufeff")) == name })
		if i < 0 || i >= len(row) {
			return ""
		}
		return text.Clean(row[i])
	}
	if !slices.Contains(rows[0], "name") || !slices.Contains(rows[0], "kind") {
		return nil, errs.New(errs.Invalid, "plan.orgs_columns")
	}
	for _, row := range rows[1:] {
		id, name := column(row, "code"), column(row, "name")
		from, to := column(row, "valid_from"), column(row, "valid_to")
		if name == "" || from > day || (to != "" && to < day) {
			continue
		}
		if id == "" {
			id = name
		}
		d.names[id] = name
		key := text.Fold(name)
		d.byName[key] = append(d.byName[key], id)
		kind := Group(column(row, "kind"))
		d.members[kind] = append(d.members[kind], id)
	}
	return d, nil
}

// Resolve finds agencies by name, without regard to marks and case.
func (d *FileDirectory) Resolve(name string) []string { return d.byName[text.Fold(name)] }

// Members lists the agencies of a kind in file order.
func (d *FileDirectory) Members(g Group) []string { return d.members[g] }

// Name is the name in the file.
func (d *FileDirectory) Name(id string) string { return d.names[id] }

// Head knows nothing: the file of agencies holds no posts.
func (d *FileDirectory) Head(string) (string, bool) { return "", false }
