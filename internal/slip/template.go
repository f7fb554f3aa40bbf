package slip

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"cchc/internal/errs"
)

//go:embed data/templates.json
var shippedJSON []byte

// Template is a form: what stands in it, in which order. {name} is a field of the
// dossier; a line whose fields are all empty is left out.
type Template struct {
	Kind      Kind     `json:"kind"`
	Form      string   `json:"form"`   // "Mẫu số 01", "" for what the law gives no number
	Title     string   `json:"title"`  // in capitals
	Symbol    string   `json:"symbol"` // after the number of the slip
	Basis     string   `json:"basis"`  // the document that prescribes it
	Mark      string   `json:"mark"`   // V2, M, D: how well it is known
	QR        bool     `json:"qr"`     // a code that leads to the look-up of the dossier
	Number    bool     `json:"number"` // it is numbered
	Landscape bool     `json:"landscape,omitempty"`
	Copies    []string `json:"copies,omitempty"` // words of each copy (liên)
	Lines     []string `json:"lines"`
	Table     string   `json:"table,omitempty"` // which list stands in it
	After     []string `json:"after,omitempty"`
	Sign      []Signer `json:"sign"`
}

// Signer is one place for a signature.
type Signer struct {
	Title string `json:"title"`
	Name  string `json:"name"`
}

// Shipped are the forms that come with the program.
func Shipped() []Template {
	var all []Template
	if err := json.Unmarshal(shippedJSON, &all); err != nil { // embedded: the tests read it
		panic(fmt.Sprintf("slip: shipped templates: %v", err))
	}
	return all
}

// required are the fields without which a form does not do its duty; a province may word
// them as it likes, but not leave them out.
var required = map[Kind][]string{
	Receipt:         {"code", "submitter", "owner", "procedure", "received", "due", "return_place", "receiver"},
	ReceiptMany:     {"submitter", "receiver"},
	Supplement:      {"code", "owner", "procedure", "reason", "receiver"},
	Refusal:         {"owner", "procedure", "reason", "receiver"},
	Apology:         {"owner", "code", "old_due", "new_due", "reason", "unit_at_fault", "signer"},
	Control:         {"code", "owner", "received", "due"},
	Register:        {"agency"},
	HandOver:        {"giver", "taker", "handed_at"},
	HandOverResults: {"giver", "taker", "handed_at"},
	ResultReceipt:   {"code", "owner", "taker", "giver", "result_number"},
	Trail:           {"code"},
	FeeReceipt:      {"payer", "code", "amount", "amount_words", "receipt_number"},
}

// tables are the lists that a form must keep.
var tables = map[Kind]string{Receipt: "papers", ReceiptMany: "dossiers", Supplement: "missing", Control: "steps", Register: "register", HandOver: "dossiers",
	HandOverResults: "results", Trail: "trail", FeeReceipt: "fees"}

var fieldName = regexp.MustCompile(`\{([a-z_]*)\}`)

// fieldsOf lists the fields that a template uses.
func (t Template) fieldsOf() []string {
	all := strings.Join(append(append(append([]string{t.Title}, t.Lines...), t.After...), t.signed()...), "\n")
	var names []string
	for _, m := range fieldName.FindAllStringSubmatch(all, -1) {
		if !slices.Contains(names, m[1]) {
			names = append(names, m[1])
		}
	}
	return names
}

func (t Template) signed() (words []string) {
	for _, s := range t.Sign {
		words = append(words, s.Title, s.Name)
	}
	return words
}

// Check refuses a template that would print a slip without what it is for: a required
// field or list left out, a field that nothing fills, no title. Every fault is named:
// slip.title_missing, slip.field_missing {field}, slip.field_unknown {field},
// slip.table_missing.
func (t Template) Check() error {
	var l errs.List
	if strings.TrimSpace(t.Title) == "" {
		l = append(l, errs.OnField("title", "slip.title_missing"))
	}
	used := t.fieldsOf()
	for _, f := range required[t.Kind] {
		if !slices.Contains(used, f) {
			l = append(l, errs.OnField("lines", "slip.field_missing", "field", f))
		}
	}
	known := Data{}.values("")
	for _, f := range used {
		if _, there := known[f]; !there {
			l = append(l, errs.OnField("lines", "slip.field_unknown", "field", f))
		}
	}
	if t.Table != tables[t.Kind] {
		l = append(l, errs.OnField("lines", "slip.table_missing"))
	}
	return l.Err()
}
