package procedure

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"cchc/internal/calendar"
	"cchc/internal/errs"
	"cchc/internal/process"
	"cchc/internal/text"
)

// Doubt is one thing in a file that only a person can decide. Nothing is guessed: what a
// doubt speaks of is left unknown, or as the file says it.
type Doubt struct {
	Procedure string         `json:"procedure"` // its id in the file, "" concerns the whole file
	Field     string         `json:"field"`
	Code      string         `json:"code"` // stable; its words are procedure.doubt.<code>
	Why       string         `json:"why"`  // in words, once localised
	Args      map[string]any `json:"-"`
}

// Entry is one procedure as a file describes it.
type Entry struct {
	Key     string  `json:"key"`
	Kind    Kind    `json:"kind"`
	Content Content `json:"content"`
}

// Reading is what a file says.
type Reading struct {
	Procedures int     `json:"procedures"` // entries that were read, groups among them
	Groups     int     `json:"groups"`     // entries that are groups of procedures, and definitions of groups
	Doubts     []Doubt `json:"doubts"`
	Entries    []Entry `json:"-"`
	Defined    []Group `json:"-"` // definitions of groups, in files that we write
}

//go:embed data/words.json
var rawWords []byte

// words are what officers call things, without marks.
var words = func() (w struct {
	Units        map[string]calendar.Unit `json:"units"`
	Doubtful     []string                 `json:"doubtful_units"`
	Levels       [][2]string              `json:"levels"`
	Groups       [][2]string              `json:"groups"`
	Marks        [][2]string              `json:"marks"`
	Kinds        map[string]Kind          `json:"kinds"`
	IfAny        []string                 `json:"if_any"`
	HardAreaCode string                   `json:"hard_area_code"`
	HardAreaName string                   `json:"hard_area_name"`
	PerRoom      string                   `json:"per_room"`
	AtLeast      string                   `json:"at_least"`
}) {
	if err := json.Unmarshal(rawWords, &w); err != nil {
		panic(err) // embedded: a slip of ours that the first test shows
	}
	return w
}()

// Bounds of a file.
const (
	MostFileBytes = 8 << 20
	mostEntries   = 5000
)

// format marks the files that Export writes.
const format = "cchc.procedures.1"

// Read reads a catalogue: our own export, or a file in the shape of the sample
// procedures.json (a list "procedures" whose entries tell id, code, name, total, steps,
// documents, fee …). What is missing or odd is a doubt; it invents nothing. Refusals:
// procedure.file_unreadable, procedure.file_too_large, procedure.file_shape.
func Read(raw []byte) (out Reading, err error) {
	if len(raw) > MostFileBytes {
		return out, errs.New(errs.TooLarge, "procedure.file_too_large", "max", MostFileBytes>>20)
	}
	var file map[string]any
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	if err := d.Decode(&file); err != nil {
		return out, errs.New(errs.Invalid, "procedure.file_unreadable")
	}
	if file["format"] == format {
		return readOwn(raw)
	}
	list, ok := file["procedures"].([]any)
	if !ok {
		return out, errs.New(errs.Invalid, "procedure.file_shape")
	}
	if len(list) > mostEntries {
		return out, errs.New(errs.TooLarge, "procedure.file_entries", "max", mostEntries)
	}
	r := reader{hours: 8, seen: map[string]bool{}, out: &out}
	out.Doubts = []Doubt{}
	if n, ok := file["hours_per_day"]; ok {
		if h, ok := numberOf(n); ok && h > 0 && h <= 24 {
			r.hours = h
		}
		if r.hours*60 != dayMinutes {
			r.doubt("hours_per_day", "hours_per_day", "hours", fmt.Sprint(n))
		}
	}
	for i, one := range list {
		r.key = "#" + strconv.Itoa(i+1)
		r.entry(one)
	}
	return out, nil
}

// reader walks one file of the sample's shape.
type reader struct {
	hours float64 // a working day of the file
	key   string  // of the entry that is read
	seen  map[string]bool
	out   *Reading
	c     Content
}

func (r *reader) doubt(field, code string, args ...any) {
	r.out.Doubts = append(r.out.Doubts, Doubt{Procedure: r.key, Field: field, Code: code, Args: errs.New(errs.Invalid, "", args...).Args})
}

// known are the fields of an entry that have a place in the catalogue.
var known = map[string]bool{"id": true, "code": true, "code_evidence": true, "name": true, "level": true, "authority": true, "authority_evidence": true, "kind": true,
	"total": true, "supplement_notice": true, "steps": true, "documents": true, "fee": true, "fee_evidence": true, "conditions": true, "conditions_evidence": true,
	"legal_basis": true, "note": true, "source": true, "timer_rule": true, "stages_note": true, "field": true}

func (r *reader) entry(one any) {
	m, ok := one.(map[string]any)
	if !ok {
		r.doubt("", "entry_shape")
		return
	}
	id := r.text(m, "id")
	if !keyShape.MatchString(id) {
		r.doubt("id", "id_missing", "id", id)
		return
	}
	r.key = id
	if r.seen[id] {
		r.doubt("id", "id_twice")
		return
	}
	r.seen[id] = true
	r.c = Content{Evidence: map[string]Evidence{}}
	kind := r.kind(m)
	r.head(m)
	r.times(m)
	r.steps(m, kind)
	r.papers(m)
	r.fees(m)
	r.rest(m)
	r.findings(kind)
	if len(r.c.Evidence) == 0 {
		r.c.Evidence = nil
	}
	r.out.Procedures++
	if kind == GroupOf {
		r.out.Groups++
	}
	r.out.Entries = append(r.out.Entries, Entry{Key: id, Kind: kind, Content: clean(r.c)})
}

func (r *reader) kind(m map[string]any) Kind {
	word := r.text(m, "kind")
	k, ok := words.Kinds[word]
	switch {
	case !ok:
		r.doubt("kind", "kind_unknown", "kind", word)
		return Single
	case k == Feedback:
		r.doubt("kind", "belongs_to_feedback")
	case k == GroupOf:
		r.doubt("members", "group_members")
	}
	return k
}

func (r *reader) head(m map[string]any) {
	c := &r.c
	if c.Name = text.Clean(r.text(m, "name")); c.Name == "" {
		r.doubt("name", "name_missing")
		c.Name = r.key
	}
	code := text.Clean(r.text(m, "code"))
	switch {
	case code == "":
		r.doubt("code", "code_missing")
	case !codeShape.MatchString(code):
		r.doubt("code", "code_shape", "code", code)
		c.Note = code
	default:
		c.Code = code
	}
	r.mark("code", r.text(m, "code_evidence"), true)
	if c.Field = text.Clean(r.text(m, "field")); c.Field == "" {
		r.doubt("field", "field_missing")
	}
	c.LevelText, c.Authority = r.text(m, "level"), r.text(m, "authority")
	if c.Level = levelOf(c.LevelText); c.Level == "" {
		r.doubt("level", "level_unclear", "level", c.LevelText)
	}
	if c.Authority == "" {
		r.doubt("authority", "authority_missing")
	}
	r.mark("authority", r.text(m, "authority_evidence"), true)
	c.Source = r.text(m, "source")
	c.ReceiptNeeded = true
}

func levelOf(words_ string) Level {
	fold := " " + text.Fold(words_) + " "
	for _, l := range words.Levels {
		parts := strings.Split(l[0], "+")
		all := true
		for _, p := range parts {
			all = all && strings.Contains(fold, p)
		}
		if all {
			return Level(l[1])
		}
	}
	return ""
}

// rest reads lists and remarks, and names what has no place here.
func (r *reader) rest(m map[string]any) {
	c := &r.c
	c.Conditions, c.Bases = r.list(m, "conditions"), r.list(m, "legal_basis")
	if len(c.Conditions) > 0 {
		r.mark("conditions", r.text(m, "conditions_evidence"), false)
	}
	if len(c.Bases) == 0 {
		r.doubt("legal_basis", "bases_missing")
	}
	c.ReceivingRules = r.text(m, "timer_rule")
	for _, key := range []string{"note", "stages_note"} {
		if words := r.text(m, key); words != "" {
			c.Note = strings.TrimSpace(c.Note + "\n" + words)
		}
	}
	for key := range sortedKeys(m) {
		if !known[key] && !strings.HasSuffix(key, "_evidence") {
			r.doubt(key, "no_place")
		}
	}
}

// findings raises what the check of a version finds: sums that differ, loops, overlaps.
func (r *reader) findings(kind Kind) {
	for _, f := range Check(kind, r.c) {
		field := f.Field
		if field == "limit" {
			field = "total"
		}
		if f.Step > 0 {
			field = "steps." + strconv.Itoa(f.Step) + "." + f.Field
		} else if f.Code == process.SumDiffers || f.Code == process.SumOver {
			field = "steps"
		}
		if f.Variant != "" {
			field = "variants." + f.Variant + "." + field
		}
		if strings.HasPrefix(f.Code, "part_missing_") && f.Field != "ways" && f.Field != "applicants" {
			continue // told above, in the words of the file
		}
		r.out.Doubts = append(r.out.Doubts, Doubt{Procedure: r.key, Field: field, Code: "check_" + f.Code, Args: errs.New(errs.Invalid, "", append([]any{"step", f.Step}, f.Args...)...).Args})
	}
}

// mark keeps where a statement comes from, and doubts what is not certain when asked.
func (r *reader) mark(field, remark string, raise bool) Mark {
	return r.markAs(field, field, remark, raise)
}

// markAs is mark for a field that the file calls by another name.
func (r *reader) markAs(field, called, remark string, raise bool) Mark {
	if remark == "" {
		return ""
	}
	e := Evidence{Mark: markOf(remark), Words: text.Clean(remark)}
	r.c.Evidence[field] = e
	if raise && (e.Mark == Memory || e.Mark == NotVerified) {
		r.doubt(called, "evidence_"+string(e.Mark), "words", e.Words)
	}
	return e.Mark
}

// markOf reads the weakest word of a remark on evidence; words that say nothing known
// are not verified.
func markOf(remark string) Mark {
	fold := text.Fold(remark)
	for _, m := range words.Marks {
		if strings.Contains(fold, m[0]) {
			return Mark(m[1])
		}
	}
	return NotVerified
}
