package payment

import (
	_ "embed"
	"encoding/json"
	"strings"
	"unicode"
	"unicode/utf8"
)

//go:embed words.json
var wordsJSON []byte

// numerals are the Vietnamese words of numbers.
type numerals struct {
	Digits  []string `json:"digits"`  // không .. chín
	Ten     string   `json:"ten"`     // mười
	Tens    string   `json:"tens"`    // mươi
	One     string   `json:"one"`     // mốt, after tens
	Four    string   `json:"four"`    // tư, after tens
	Five    string   `json:"five"`    // lăm, after ten and tens
	Hundred string   `json:"hundred"` // trăm
	Zero    string   `json:"zero"`    // linh, between hundreds and a lone digit
	Groups  []string `json:"groups"`  // "", nghìn, triệu
	Billion string   `json:"billion"` // tỷ
	Minus   string   `json:"minus"`
	Unit    string   `json:"unit"` // đồng
}

var vietnamese = func() (n numerals) {
	if err := json.Unmarshal(wordsJSON, &n); err != nil || len(n.Digits) != 10 || len(n.Groups) != 3 {
		panic("payment: words.json is damaged")
	}
	return n
}()

// Words writes an amount as receipts do: 1205000 is "Một triệu hai trăm linh năm nghìn
// đồng". Groups within a number are said with their zeros, so that nothing can be
// written into the gap.
func Words(amount int64) string {
	n := vietnamese
	var said string
	if amount < 0 {
		said = n.Minus + " " + n.number(uint64(-(amount+1))+1, false)
	} else {
		said = n.number(uint64(amount), false)
	}
	first, size := utf8.DecodeRuneInString(said)
	return string(unicode.ToUpper(first)) + said[size:] + " " + n.Unit
}

// number says n; inner is true for what follows a larger part, which says its zeros.
func (w numerals) number(n uint64, inner bool) string {
	const billion = 1_000_000_000
	if n == 0 && !inner {
		return w.Digits[0]
	}
	var parts []string
	if n >= billion {
		parts = append(parts, w.number(n/billion, inner), w.Billion)
		n %= billion
		inner = true
	}
	for g := 2; g >= 0; g-- {
		unit := uint64(1)
		for range g {
			unit *= 1000
		}
		group := n / unit % 1000
		if group > 0 {
			parts = append(parts, w.group(int(group), inner))
			if w.Groups[g] != "" {
				parts = append(parts, w.Groups[g])
			}
			inner = true
		}
	}
	return strings.Join(parts, " ")
}

// group says 1..999.
func (w numerals) group(n int, inner bool) string {
	h, t, u := n/100, n/10%10, n%10
	var parts []string
	if h > 0 || inner {
		parts = append(parts, w.Digits[h], w.Hundred)
	}
	switch {
	case t == 0 && u > 0 && len(parts) > 0:
		parts = append(parts, w.Zero)
	case t == 1:
		parts = append(parts, w.Ten)
	case t > 1:
		parts = append(parts, w.Digits[t], w.Tens)
	}
	switch {
	case u == 0:
	case u == 1 && t > 1:
		parts = append(parts, w.One)
	case u == 4 && t > 1:
		parts = append(parts, w.Four)
	case u == 5 && t > 0:
		parts = append(parts, w.Five)
	default:
		parts = append(parts, w.Digits[u])
	}
	return strings.Join(parts, " ")
}
