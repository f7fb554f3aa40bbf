package procedure

import (
	"cchc/internal/errs"
	"cchc/internal/process"
)

// Terms is what a dossier needs to know of a procedure when it is received: the version
// in force on the day and what it asks of this case. The dossier keeps a copy; what
// changes later never touches it.
type Terms struct {
	VersionID   string
	VersionNo   int64
	ProcedureID string
	Key, Code   string // Code is "" when the national code is unknown
	Name, Field string
	Level       Level
	Variant     string // "" is the procedure itself
	VariantName string

	Limit            Limit          // Known false: the receipt gives no promise and says so
	Steps            []process.Step // times of the counter or online ones, as asked; may be empty
	Components       []Component
	ServiceLevel     string
	ReturnsDocument  bool
	Pays             string // none, before, after; "" is not stated
	PausesForPayment bool
	ReceiptNeeded    bool
	SameDay          bool
	SupplementNotice Limit
	ReceivingRules   string
	Results          []string
}

// terms reads what a version asks of a case. Refusals: procedure.variant_unknown,
// procedure.not_receivable.
func terms(p Procedure, v Version, variant string, online bool) (t Terms, err error) {
	if p.Kind != Single {
		return t, errs.New(errs.Conflict, "procedure.not_receivable", "name", v.Content.Name)
	}
	c := v.Content
	chosen, found := c.VariantOf(variant)
	if !found {
		return t, errs.OnField("variant", "procedure.variant_unknown", "variant", variant, "name", c.Name)
	}
	t = Terms{
		VersionID: v.ID, VersionNo: v.No, ProcedureID: p.ID, Key: p.Key, Code: c.Code, Name: c.Name, Field: c.Field, Level: c.Level,
		Variant: variant, VariantName: chosen.Name, Limit: chosen.Limit, Components: c.ComponentsOf(variant), ServiceLevel: c.ServiceLevel,
		ReturnsDocument: c.ReturnsDocument, Pays: c.Pays, PausesForPayment: c.PausesForPayment, ReceiptNeeded: c.ReceiptNeeded, SameDay: c.SameDay,
		SupplementNotice: c.SupplementNotice, ReceivingRules: c.ReceivingRules, Results: c.Results,
	}
	if online && variant == "" && c.OnlineLimit.Known {
		t.Limit = c.OnlineLimit
	}
	t.Steps = make([]process.Step, len(chosen.Steps))
	for i, s := range chosen.Steps {
		s.Minutes = s.Takes(online)
		t.Steps[i] = s
	}
	return t, nil
}
