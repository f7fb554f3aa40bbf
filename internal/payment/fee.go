package payment

import (
	"slices"

	"cchc/internal/errs"
)

// mostItems and mostDong bound what is typed, so that no product overflows.
const (
	mostItems = 1_000_000
	mostDong  = 1_000_000_000_000
)

// Rule is one line of a procedure's fee table that counts for a dossier's case and day.
// Lines of one code are the cases of one fee ("thành phố, 1-3 phòng"; "khu vực khác,
// 1-3 phòng"), told apart in the words of the table: a person says which one it is.
type Rule struct {
	Key     string // of the line within its table
	Code    string // one fee has one code, which may be ""
	Name    string // area and criterion in the words of the table
	Kind    LineKind
	Variant string // "" for every case
	Known   bool   // false: the table has only words, and nothing is computed from them
	Amount  int64  // đồng
	Unit    string // Amount is for each of these, "" in all
	Cap     int64  // most that is taken, 0 for none
}

// Choice is what a person says of a dossier where the table tells cases apart.
type Choice struct {
	Keys  []string // one line of each fee that has several
	Items int64    // number of units, 0 when nobody asked
}

// Part is one fee with the lines among which a person chooses.
type Part struct {
	Code  string
	Rules []Rule
}

// Parts cuts a table into its fees, in its order. Of a fee with lines for the dossier's
// own case, those for every case do not count.
func Parts(rules []Rule) (list []Part) {
	for _, r := range rules {
		i := slices.IndexFunc(list, func(p Part) bool { return p.Code == r.Code })
		if i < 0 {
			list, i = append(list, Part{Code: r.Code}), len(list)
		}
		list[i].Rules = append(list[i].Rules, r)
	}
	for i, p := range list {
		if slices.ContainsFunc(p.Rules, func(r Rule) bool { return r.Variant != "" }) {
			list[i].Rules = slices.DeleteFunc(slices.Clone(p.Rules), func(r Rule) bool { return r.Variant == "" })
		}
	}
	return list
}

// Compute says what a dossier owes: one line a fee. What the table does not say is a
// refusal, never zero. Refusals: payment.line_missing, payment.line_twice,
// payment.fee_in_words, payment.items_missing, payment.items_bad, payment.amount_bad.
func Compute(rules []Rule, c Choice) (lines []Line, err error) {
	if c.Items < 0 || c.Items > mostItems {
		return nil, errs.OnField("items", "payment.items_bad", "most", int64(mostItems))
	}
	for _, p := range Parts(rules) {
		r, err := p.pick(c.Keys)
		if err != nil {
			return nil, err
		}
		if !r.Known {
			return nil, errs.New(errs.Conflict, "payment.fee_in_words", "words", r.Name)
		}
		if r.Unit != "" && c.Items == 0 {
			return nil, errs.OnField("items", "payment.items_missing", "unit", r.Unit)
		}
		l := r.line(c.Items)
		if l.Amount < 0 || l.Amount > mostDong {
			return nil, errs.New(errs.Conflict, "payment.amount_bad")
		}
		lines = append(lines, l)
	}
	return lines, nil
}

// pick finds the line of a fee: the only one, or the one that was chosen.
func (p Part) pick(keys []string) (found Rule, err error) {
	if len(p.Rules) == 1 {
		return p.Rules[0], nil
	}
	n := 0
	for _, r := range p.Rules {
		if slices.Contains(keys, r.Key) {
			found = r
			n++
		}
	}
	switch n {
	case 0:
		return found, errs.OnField("line"+p.Code, "payment.line_missing")
	case 1:
		return found, nil
	}
	return found, errs.OnField("line"+p.Code, "payment.line_twice")
}

// line applies a rule.
func (r Rule) line(items int64) Line {
	l := Line{Code: r.Code, Name: r.Name, Kind: r.Kind, Unit: r.Amount, Items: 1, Amount: r.Amount}
	if r.Unit != "" {
		l.Items, l.Amount = items, r.Amount*items
	}
	if r.Cap > 0 && l.Amount > r.Cap {
		l.Amount = r.Cap
	}
	l.Net = l.Amount
	return l
}

// AsksItems names the unit whose number must be given, "" when none is.
func AsksItems(rules []Rule) string {
	for _, p := range Parts(rules) {
		for _, r := range p.Rules {
			if r.Unit != "" {
				return r.Unit
			}
		}
	}
	return ""
}

// exempt takes a share off every line; what is left of half a đồng is the payer's.
func exempt(lines []Line, e Exemption) []Line {
	for i := range lines {
		lines[i].Exempt = e.Code
		lines[i].Net = lines[i].Amount - (lines[i].Amount*e.Percent+99)/100
	}
	return lines
}
