package document

import (
	"fmt"
	"strconv"
	"strings"
)

// counters numbers headings: a rank begins anew under a higher one, but articles run
// on through the document (Decree 30, annex I).
type counters [Point + 1]int

func (c *counters) next(r Rank) string {
	c[r]++
	for below := r + 1; below <= Point; below++ {
		if below != Article {
			c[below] = 0
		}
	}
	n := c[r]
	switch r {
	case Part:
		return decree.Part + " " + roman(n)
	case Chapter:
		return decree.Chapter + " " + roman(n)
	case Section:
		return decree.Section + " " + strconv.Itoa(n)
	case Article:
		return fmt.Sprintf("%s %d.", decree.Article, n)
	case Roman:
		return roman(n) + "."
	case Clause:
		return fmt.Sprintf("%d.", n)
	default:
		return letter(n) + ")"
	}
}

// roman writes 1..3999.
func roman(n int) string {
	var b strings.Builder
	for _, step := range []struct {
		value int
		sign  string
	}{{1000, "M"}, {900, "CM"}, {500, "D"}, {400, "CD"}, {100, "C"}, {90, "XC"}, {50, "L"}, {40, "XL"}, {10, "X"}, {9, "IX"}, {5, "V"}, {4, "IV"}, {1, "I"}} {
		for ; n >= step.value; n -= step.value {
			b.WriteString(step.sign)
		}
	}
	return b.String()
}

// letter counts by the Vietnamese alphabet (a, b, c, d, đ, e, g …), after y with two
// letters: aa, ab.
func letter(n int) string {
	letters := strings.Fields(decree.Alphabet)
	s := ""
	for ; n > 0; n = (n - 1) / len(letters) {
		s = letters[(n-1)%len(letters)] + s
	}
	return s
}
