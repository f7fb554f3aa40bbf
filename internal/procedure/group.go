package procedure

import (
	"slices"

	"cchc/internal/errs"
)

// Member is one procedure of a group. It keeps its own code, clock, fee and result.
type Member struct {
	Key       string   `json:"key"`  // of the catalogue
	Name      string   `json:"name"` // as the group calls it
	Authority string   `json:"authority,omitempty"`
	Ours      bool     `json:"ours"`               // handled in this program; else elsewhere, and told to us
	Limit     Limit    `json:"limit"`              // inside the group
	Needs     []string `json:"needs,omitempty"`    // keys of the members whose results it waits for
	Together  bool     `json:"together,omitempty"` // begins at once with what it needs; only its result waits
}

// Group is a group of procedures handled together (nhóm thủ tục liên thông): one
// declaration, one promise on the longest way, members in an order without loops.
type Group struct {
	ID          string   `json:"-"`
	Key         string   `json:"key"`
	Name        string   `json:"name"`
	From        string   `json:"from"`
	To          string   `json:"to"`
	Members     []Member `json:"members"`
	Promise     Limit    `json:"promise"`     // of the whole
	AtMost      bool     `json:"at_most"`     // the promise is an upper bound, not the sum of the way
	Leads       bool     `json:"leads"`       // we split the declaration; false: a national program does, and we receive a member
	Declaration string   `json:"declaration"` // the one form of the applicant
	Basis       string   `json:"basis"`       // the document
	Note        string   `json:"note,omitempty"`
	Evidence    Evidence `json:"evidence"`
	Version     int64    `json:"-"`
}

// Way is the members on the longest way in working minutes; unknown limits count as
// nothing and are listed.
func (g Group) Way() (minutes int, keys, unknown []string) {
	sum, from := map[string]int{}, map[string]string{}
	for _, key := range g.order() {
		m, _ := g.Member(key)
		for _, n := range m.Needs {
			if from[key] == "" || sum[n] > sum[from[key]] {
				from[key] = n
			}
		}
		own, known := m.Limit.minutes()
		if !known {
			unknown = append(unknown, key)
		}
		sum[key] = sum[from[key]] + own
		if m.Together {
			sum[key] = max(sum[from[key]], own)
		}
		if sum[key] >= minutes {
			minutes, keys = sum[key], []string{key}
		}
	}
	for len(keys) > 0 && from[keys[0]] != "" {
		keys = append([]string{from[keys[0]]}, keys...)
	}
	return minutes, keys, unknown
}

// Member finds a member by its key.
func (g Group) Member(key string) (Member, bool) {
	i := slices.IndexFunc(g.Members, func(m Member) bool { return m.Key == key })
	if i < 0 {
		return Member{}, false
	}
	return g.Members[i], true
}

// order lists the members so that each comes after what it needs; members of a loop are
// left out.
func (g Group) order() (keys []string) {
	for range g.Members {
		for _, m := range g.Members {
			if !slices.Contains(keys, m.Key) && !slices.ContainsFunc(m.Needs, func(n string) bool { return !slices.Contains(keys, n) }) {
				keys = append(keys, m.Key)
			}
		}
	}
	return keys
}

// wellFormed refuses a group that cannot run: procedure.group_members,
// procedure.group_member_twice, procedure.group_needs_unknown, procedure.group_loop,
// procedure.group_promise, procedure.days_backwards.
func (g Group) wellFormed() error {
	var l errs.List
	if len(g.Members) < 2 {
		l = append(l, errs.OnField("members", "procedure.group_members"))
	}
	seen := map[string]bool{}
	for _, m := range g.Members {
		if m.Key == "" || seen[m.Key] {
			l = append(l, errs.OnField("members", "procedure.group_member_twice", "key", m.Key))
		}
		seen[m.Key] = true
	}
	for _, m := range g.Members {
		for _, n := range m.Needs {
			if !seen[n] {
				l = append(l, errs.OnField("members", "procedure.group_needs_unknown", "key", m.Key, "needed", n))
			}
		}
	}
	if len(l) == 0 && len(g.order()) != len(g.Members) {
		l = append(l, errs.OnField("members", "procedure.group_loop"))
	}
	if promise, known := g.Promise.minutes(); known {
		if way, _, _ := g.Way(); way > promise {
			l = append(l, errs.OnField("promise", "procedure.group_promise", "way", way/60, "promise", promise/60))
		}
	}
	if g.From > g.To {
		l = append(l, errs.OnField("to", "procedure.days_backwards"))
	}
	return l.Err()
}
