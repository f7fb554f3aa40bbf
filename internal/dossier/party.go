package dossier

import (
	"net/mail"
	"regexp"
	"slices"
	"strings"

	"cchc/internal/errs"
	"cchc/internal/text"
)

// Party is who a dossier belongs to (chủ hồ sơ), or who brings it (người nộp): personal
// data, which never leaves the room's tables but for those who handle the dossier.
type Party struct {
	Kind     string // citizen, business, state, organisation
	Name     string
	IDKind   string // citizen_id, old_id, tax_code, passport; "" unknown
	IDNumber string
	Phone    string
	Email    string
	Address  string
}

// ApplicantKinds and IDKinds are the words of both (LoaiDoiTuong, LoaiDinhDanh).
var (
	ApplicantKinds = []string{"citizen", "business", "state", "organisation"}
	IDKinds        = []string{"citizen_id", "old_id", "tax_code", "passport"}
)

var (
	idForms = map[string]*regexp.Regexp{
		"citizen_id": regexp.MustCompile(`^[0-9]{12}$`),
		"old_id":     regexp.MustCompile(`^[0-9]{9}$`),
		"tax_code":   regexp.MustCompile(`^[0-9]{10}(-?[0-9]{3})?$`),
		"passport":   regexp.MustCompile(`^[A-Z0-9]{6,15}$`),
	}
	phoneForm = regexp.MustCompile(`^\+?[0-9]{8,15}$`)
	// madeUp are numbers typed to get past a form ("000000001" in real data): they would
	// hide whose dossier it is and count as verified identities at the portal.
	madeUp = regexp.MustCompile(`^(0{6}[0-9]*|(0+|1+|9+)|123456789(012)?)$`)
)

const (
	longestName    = 300
	longestAddress = 500
	longestContent = 1000 // TrichYeuHoSo of the portal
)

// cleaned is the party in the one form in which it is stored.
func (p Party) cleaned() Party {
	p.Name, p.Address, p.Email = text.Clean(p.Name), text.Clean(p.Address), strings.TrimSpace(p.Email)
	p.IDNumber = strings.ToUpper(strings.Map(func(r rune) rune {
		if r == ' ' || r == '.' {
			return -1
		}
		return r
	}, p.IDNumber))
	p.Phone = strings.Map(func(r rune) rune {
		if strings.ContainsRune(" .-()", r) {
			return -1
		}
		return r
	}, p.Phone)
	if p.Kind == "" {
		p.Kind = "citizen"
	}
	return p
}

// faults lists what is wrong with a party; under names the fields ("applicant.").
func (p Party) faults(under string) (l errs.List) {
	add := func(field, code string, args ...any) { l = append(l, errs.OnField(under+field, code, args...)) }
	switch {
	case p.Name == "":
		add("name", "dossier.name_missing")
	case len([]rune(p.Name)) > longestName:
		add("name", "dossier.text_long", "most", longestName)
	}
	if !slices.Contains(ApplicantKinds, p.Kind) {
		add("kind", "dossier.applicant_kind_unknown")
	}
	form, known := idForms[p.IDKind]
	switch {
	case p.IDKind == "" && p.IDNumber == "": // some procedures ask for none
	case !known:
		add("id_kind", "dossier.id_kind_unknown")
	case !form.MatchString(p.IDNumber):
		add("id_number", "dossier.id_number_form")
	case p.IDKind != "passport" && madeUp.MatchString(p.IDNumber):
		add("id_number", "dossier.id_number_made_up")
	}
	if p.Phone != "" && !phoneForm.MatchString(p.Phone) {
		add("phone", "dossier.phone_form")
	}
	if _, err := mail.ParseAddress(p.Email); p.Email != "" && (err != nil || strings.ContainsAny(p.Email, " <>")) {
		add("email", "dossier.email_form")
	}
	if len([]rune(p.Address)) > longestAddress {
		add("address", "dossier.text_long", "most", longestAddress)
	}
	return l
}

// MaskName hides a name on public pages: "Nguyễn Văn An" becomes "N*** V** A*".
func MaskName(name string) string {
	words := strings.Fields(name)
	for i, w := range words {
		r := []rune(w)
		words[i] = string(r[0]) + strings.Repeat("*", min(len(r)-1, 3))
	}
	return strings.Join(words, " ")
}

// MaskNumber leaves the last three characters of a number.
func MaskNumber(number string) string {
	r := []rune(number)
	if len(r) <= 3 {
		return strings.Repeat("*", len(r))
	}
	return strings.Repeat("*", len(r)-3) + string(r[len(r)-3:])
}
