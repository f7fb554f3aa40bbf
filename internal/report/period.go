package report

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"regexp"
	"strconv"
	"strings"

	"cchc/internal/flow"
)

// Cutoff is when a kind of report closes its figures (kỳ báo cáo, ngày chốt), as the
// province has it on a day: quý I from 15/12 of the year before to 14/3, and so on.
type Cutoff struct {
	Code        string // quarter_1, half_year, quarter_3, year
	FromMD      string // "12-15"
	FromPrior   bool   // of the year before
	ToMD, DueMD string
	Basis, Mark string
}

// Days are the first and the last day that a report of a year covers, and the day by
// which it is to be sent.
func (c Cutoff) Days(year int) (from, to, due string) {
	first := year
	if c.FromPrior {
		first--
	}
	y := strconv.Itoa(year)
	return strconv.Itoa(first) + "-" + c.FromMD, y + "-" + c.ToMD, y + "-" + c.DueMD
}

// State is where a report stands.
type State string

// States of a report.
const (
	Drafting  State = "drafting"
	Submitted State = "submitted"
	Signed    State = "signed"
)

// Moves is how a report moves. A signed one never changes: a correction is a new revision.
var Moves = flow.Table[State]{
	{Name: "submit", From: []State{Drafting}, To: Submitted},
	{Name: "return", From: []State{Submitted}, To: Drafting},
	{Name: "sign", From: []State{Submitted}, To: Signed},
}

// Report is one periodic report (báo cáo định kỳ).
type Report struct {
	ID                               string
	Code                             string // of the Cutoff
	Year                             int
	FromDay, ToDay                   string
	PlanID, PlanTitle                string
	State                            State
	Revision                         int
	Number, SignedDay, Signer        string
	DraftedBy, SubmittedBy, SignedBy string // account ids
	AnnexText, Digest                string // what was frozen: JSON and its SHA-256
	Version, UpdatedMs               int64
	DraftedName, SubmittedName       string
}

// Part is one section of the narrative.
type Part struct {
	No     int
	Code   string // locale key report.part.<code>
	Told   string // what the figures say
	Text   string // what stands in the report
	Edited bool   // a person wrote it; the figures no longer rewrite it
}

// partCodes is the outline of a report, in order.
var partCodes = []string{"direction", "results", "assessment", "next", "proposals"}

// Cell is one value of a frozen table, with the page that it opened.
type Cell struct {
	Text   string `json:"text"`
	Number string `json:"number,omitempty"` // the same for a spreadsheet: "13.16"
	URL    string `json:"url,omitempty"`
}

// Table is one table of the annex. Key names it and its columns in the locale.
type Table struct {
	Key     string   `json:"key"`
	Columns []string `json:"columns"`
	Rows    [][]Cell `json:"rows"`
}

// FrozenFigure is one figure of the annex.
type FrozenFigure struct {
	Code        string `json:"code"`
	Unit        string `json:"unit"`
	Numerator   int64  `json:"numerator"`
	Denominator int64  `json:"denominator"`
	Value       string `json:"value"` // "" when no case arose
}

// Annex is what is counted: live while a report is drafted, frozen once it is signed.
type Annex struct {
	Figures []FrozenFigure `json:"figures"`
	Tables  []Table        `json:"tables"`
	// Words are values by name, written for the reader, that the sentences use.
	Words map[string]string `json:"words"`
}

// figure finds a figure of the annex.
func (a Annex) figure(code string) (FrozenFigure, bool) {
	for _, f := range a.Figures {
		if f.Code == code {
			return f, true
		}
	}
	return FrozenFigure{}, false
}

// text is the annex as it is kept, with its SHA-256 in hex.
func (a Annex) text() (body, digest string, err error) {
	raw, err := json.Marshal(a)
	if err != nil {
		return "", "", err
	}
	return string(raw), digestOf(string(raw)), nil
}

func digestOf(body string) string {
	sum := sha256.Sum256([]byte(body))
	return hex.EncodeToString(sum[:])
}

var percents = regexp.MustCompile(`(\d+(?:[.,]\d+)?)\s*%`)

// Strangers are the percentages of a text that no figure of the annex has: most often a
// number typed by hand that has changed since.
func (a Annex) Strangers(text string) []string {
	known := map[string]bool{}
	for _, f := range a.Figures {
		known[plain(f.Value)] = true
	}
	for _, w := range a.Words {
		known[plain(strings.TrimSuffix(w, "%"))] = true
	}
	var out []string
	for _, m := range percents.FindAllStringSubmatch(text, -1) {
		if !known[plain(m[1])] {
			out = append(out, m[0])
		}
	}
	return out
}

// plain writes a decimal without a comma and without zeros that say nothing.
func plain(number string) string {
	n := strings.ReplaceAll(number, ",", ".")
	if strings.Contains(n, ".") {
		n = strings.TrimRight(strings.TrimRight(n, "0"), ".")
	}
	return n
}
