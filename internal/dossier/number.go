package dossier

import (
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"cchc/internal/errs"
)

// A dossier's number is <code of the receiving agency>-YYMMDD-NNNN, counted anew each
// day at each agency; beyond 9,999 it has five digits. Every number of a day is a
// dossier or a recorded void. A code never changes, whatever becomes of the agency.

var codeForm = regexp.MustCompile(`^([A-Z0-9][A-Z0-9.\-]{0,40})-([0-9]{6})-([0-9]{4,6})$`)

// codeOf writes a dossier's code; day is YYYY-MM-DD.
func codeOf(agency, day string, n int) string {
	digits := strconv.Itoa(n)
	if len(digits) < 4 {
		digits = "0000"[len(digits):] + digits
	}
	return agency + "-" + strings.ReplaceAll(day, "-", "")[2:] + "-" + digits
}

// splitCode reads a code: the agency's code, the day and the number.
func splitCode(code string) (agency, day string, n int, ok bool) {
	m := codeForm.FindStringSubmatch(code)
	if m == nil {
		return "", "", 0, false
	}
	n, err := strconv.Atoi(m[3])
	d := m[2]
	return m[1], "20" + d[:2] + "-" + d[2:4] + "-" + d[4:], n, err == nil && n > 0
}

// LookupPath begins the page that a slip's QR code opens.
const LookupPath = "/tra-cuu/"

// ReadCode finds the code of a dossier in what was typed or scanned: the code itself, or
// the address of our own look-up page. host is ours ("" takes any). Refusals:
// dossier.code_missing, dossier.qr_elsewhere (the QR of another province's system),
// dossier.code_form.
func ReadCode(typed, host string) (string, error) {
	s := strings.TrimSpace(typed)
	if s == "" {
		return "", errs.OnField("code", "dossier.code_missing")
	}
	if strings.Contains(s, "://") {
		u, err := url.Parse(s)
		if err != nil || host != "" && !strings.EqualFold(u.Host, host) {
			return "", errs.OnField("code", "dossier.qr_elsewhere")
		}
		path, found := strings.CutPrefix(u.Path, LookupPath)
		if !found {
			return "", errs.OnField("code", "dossier.qr_elsewhere")
		}
		s = path
	}
	s = strings.ToUpper(strings.Join(strings.Fields(s), ""))
	s = strings.NewReplacer("–", "-", "—", "-").Replace(s)
	if _, _, _, ok := splitCode(s); !ok {
		return "", errs.OnField("code", "dossier.code_form")
	}
	return s, nil
}
