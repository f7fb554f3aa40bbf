package org

import "slices"

// ResolveGroup reads the words by which plans address many agencies at once: "các
// sở, ban, ngành" are all departments, "UBND huyện, thị xã, thành phố" all districts,
// "cơ quan Trung ương đóng trên địa bàn" all central agencies, "các xã, phường" all
// communes; several of them may be joined by commas, semicolons or "và".
//
// ok is false when the text is not such a group, when it is one that nobody can
// delimit ("các cơ quan, đơn vị"), and when there were no such agencies on day any
// more (districts after 30/6/2025): then a person must say who is meant.
func ResolveGroup(text, day string) (kinds []Kind, ok bool) {
	l := lists()
	for w := l.shorten(cut(text)); len(w) > 0; {
		if g, found := groupAt(l.groups, w); found {
			if g.doubt || g.toDay != "" && day > g.toDay {
				return nil, false
			}
			for _, k := range g.kinds {
				if !slices.Contains(kinds, k) {
					kinds = append(kinds, k)
				}
			}
			w = w[len(g.words):]
			continue
		}
		n := leaveOutAt(l.leaveOut, w)
		if n == 0 {
			return nil, false
		}
		w = w[n:]
	}
	return kinds, len(kinds) > 0
}

func groupAt(groups []group, w []string) (group, bool) {
	for _, g := range groups {
		if len(w) >= len(g.words) && slices.Equal(w[:len(g.words)], g.words) {
			return g, true
		}
	}
	return group{}, false
}

func leaveOutAt(all [][]string, w []string) int {
	for _, x := range all {
		if len(w) >= len(x) && slices.Equal(w[:len(x)], x) {
			return len(x)
		}
	}
	return 0
}
