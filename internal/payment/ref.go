package payment

import "strings"

// A transfer reference is what the payer's bank carries for us: the letters PL, nine
// random characters and one that checks them. Order codes are too long for it, and banks
// drop their dashes.
const (
	refMark   = "PL"
	refLength = 9
	// refAlphabet is Crockford's: no I, L, O, U, so that nothing is misread.
	refAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
)

// NewRef makes a reference of random bytes, of which it uses the first nine.
func NewRef(random []byte) string {
	var b strings.Builder
	b.WriteString(refMark)
	for i := range refLength {
		b.WriteByte(refAlphabet[int(random[i])%len(refAlphabet)])
	}
	return b.String() + string(refCheck(b.String()[len(refMark):]))
}

// refCheck weighs each character by an odd number of its place: one wrong character
// always shows, two neighbours that changed places nearly always.
func refCheck(body string) byte {
	total := 0
	for i := range len(body) {
		total += (2*i + 1) * strings.IndexByte(refAlphabet, body[i])
	}
	return refAlphabet[total%len(refAlphabet)]
}

// FindRef looks for a reference in what a bank says of a transfer: any case, with blanks
// or dashes in between, with other words around it. "" when there is none.
func FindRef(content string) string {
	var plain strings.Builder
	for _, r := range strings.ToUpper(content) {
		if r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' {
			plain.WriteRune(r)
		}
	}
	for s := plain.String(); ; {
		at := strings.Index(s, refMark)
		if at < 0 || len(s) < at+len(refMark)+refLength+1 {
			return ""
		}
		body := s[at+len(refMark) : at+len(refMark)+refLength]
		if known(body) && s[at+len(refMark)+refLength] == refCheck(body) {
			return s[at : at+len(refMark)+refLength+1]
		}
		s = s[at+1:]
	}
}

func known(body string) bool {
	return strings.IndexFunc(body, func(r rune) bool { return !strings.ContainsRune(refAlphabet, r) }) < 0
}
