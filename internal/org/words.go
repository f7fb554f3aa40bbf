package org

import (
	"embed"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
)

// The word lists by which names are read, and the shipped directories. They are data
// of Vietnamese administration, not words of the program.
//
//go:embed data
var shipped embed.FS

type wordLists struct {
	Phrases         [][]string        `json:"phrases"`          // first the short form that stands for the others
	PlaceWords      map[string]string `json:"place_words"`      // "TP" before a place name
	PeopleCommittee string            `json:"people_committee"` // UBND
	ProvinceWord    string            `json:"province_word"`    // tỉnh
	Connectors      []string          `json:"connectors"`       // words that abbreviations leave out
	Abbreviated     []string          `json:"abbreviated"`      // first words after which initials are usual: Sở KHCN
	PlaceKinds      []string          `json:"place_kinds"`
	Heads           [][2]string       `json:"heads"` // first words of a name -> title of the head
}

type groupLists struct {
	LeaveOut []string `json:"leave_out"`
	Groups   []struct {
		Kinds []Kind   `json:"kinds"`
		ToDay string   `json:"to_day"` // last day on which such agencies exist, "" still
		Texts []string `json:"texts"`
	} `json:"groups"`
	Doubts []string `json:"doubts"`
}

// lexicon is the word lists, folded and cut into words.
type lexicon struct {
	phrases    []phrase // longest first
	places     map[string][]string
	committee  string
	province   string
	connectors map[string]bool
	initials   []string
	placeKinds []string
	heads      [][2]string // folded beginning, title as written
	kinds      map[string]Kind
	groups     []group // longest first
	leaveOut   [][]string
}

type phrase struct {
	words []string
	short string
}

type group struct {
	words []string
	kinds []Kind
	toDay string
	doubt bool
}

var lists = sync.OnceValue(func() lexicon {
	l, err := readLists()
	if err != nil {
		panic(err) // the lists are embedded: a test reads them before they ship
	}
	return l
})

func readJSON(name string, into any) error {
	raw, err := shipped.ReadFile(name)
	if err == nil {
		err = json.Unmarshal(raw, into)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

func readLists() (lexicon, error) {
	var w wordLists
	var g groupLists
	var kinds map[string]Kind
	for name, into := range map[string]any{"data/words.json": &w, "data/groups.json": &g, "data/kinds.json": &kinds} {
		if err := readJSON(name, into); err != nil {
			return lexicon{}, err
		}
	}
	l := lexicon{places: map[string][]string{}, connectors: map[string]bool{}, kinds: map[string]Kind{}}
	for _, p := range w.Phrases {
		short := strings.Join(cut(p[0]), "")
		for _, long := range p[1:] {
			l.phrases = append(l.phrases, phrase{cut(long), short})
		}
	}
	slices.SortStableFunc(l.phrases, func(a, b phrase) int { return len(b.words) - len(a.words) })
	for short, long := range w.PlaceWords {
		l.places[strings.Join(cut(short), "")] = cut(long)
	}
	for _, c := range w.Connectors {
		l.connectors[strings.Join(cut(c), " ")] = true
	}
	l.committee, l.province = strings.Join(cut(w.PeopleCommittee), ""), strings.Join(cut(w.ProvinceWord), "")
	for _, a := range w.Abbreviated {
		l.initials = append(l.initials, strings.Join(cut(a), " "))
	}
	for _, p := range w.PlaceKinds {
		l.placeKinds = append(l.placeKinds, strings.Join(cut(p), " "))
	}
	for _, h := range w.Heads {
		l.heads = append(l.heads, [2]string{strings.Join(cut(h[0]), " "), h[1]})
	}
	for word, k := range kinds {
		l.kinds[strings.Join(cut(word), " ")] = k
	}
	for _, k := range Kinds {
		l.kinds[strings.Join(cut(string(k)), " ")] = k
	}
	for _, x := range g.Groups {
		for _, t := range x.Texts {
			l.groups = append(l.groups, group{words: l.shorten(cut(t)), kinds: x.Kinds, toDay: x.ToDay})
		}
	}
	for _, t := range g.Doubts {
		l.groups = append(l.groups, group{words: l.shorten(cut(t)), doubt: true})
	}
	slices.SortStableFunc(l.groups, func(a, b group) int { return len(b.words) - len(a.words) })
	for _, t := range g.LeaveOut {
		l.leaveOut = append(l.leaveOut, l.shorten(cut(t)))
	}
	slices.SortStableFunc(l.leaveOut, func(a, b []string) int { return len(b) - len(a) })
	return l, nil
}

// headTitle is what the head of an agency of this name is usually called (Giám đốc,
// Chánh Văn phòng): a proposal that the officer may change.
func (l lexicon) headTitle(name string) string {
	w := strings.Join(l.shorten(cut(name)), " ") + " "
	for _, h := range l.heads {
		if begin := strings.Join(l.shorten(strings.Fields(h[0])), " "); begin == "" || strings.HasPrefix(w, begin+" ") {
			return h[1]
		}
	}
	return ""
}

// HeadTitle proposes the title of the head post of an agency by its name.
func HeadTitle(name string) string { return lists().headTitle(name) }

// ParseKind reads a kind as stored or as Vietnamese sources write it (so_nganh, huyện).
func ParseKind(word string) (Kind, bool) {
	k, ok := lists().kinds[strings.Join(cut(word), " ")]
	return k, ok
}
