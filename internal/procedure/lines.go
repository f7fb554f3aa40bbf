package procedure

import (
	"slices"

	"cchc/internal/errs"
	"cchc/internal/process"
)

// The lists of a version that are written line by line.
const (
	ListSteps    = "steps"
	ListPapers   = "papers"
	ListFees     = "fees"
	ListVariants = "cases"
)

// stepsOf is the table of a case that is written: its own, which may be empty, or that
// of the procedure.
func (c *Content) StepsOf(variant string) (*[]process.Step, error) {
	if variant == "" {
		return &c.Steps, nil
	}
	for i := range c.Variants {
		if c.Variants[i].Code == variant {
			return &c.Variants[i].Steps, nil
		}
	}
	return nil, errs.OnField("variant", "procedure.variant_unknown", "variant", variant, "name", c.Name)
}

// put writes line n of a list (from 1), or a new one at its end with n 0.
func put[T any](list *[]T, n int, line T) error {
	switch {
	case n == 0:
		*list = append(*list, line)
	case n > 0 && n <= len(*list):
		(*list)[n-1] = line
	default:
		return errs.New(errs.NotFound, "procedure.line_unknown")
	}
	return nil
}

// arrange moves line n of a list up or down, or removes it.
func arrange[T any](list *[]T, n int, do string) error {
	l := *list
	if n < 1 || n > len(l) {
		return errs.New(errs.NotFound, "procedure.line_unknown")
	}
	i := n - 1
	switch {
	case do == "up" && i > 0:
		l[i-1], l[i] = l[i], l[i-1]
	case do == "down" && i+1 < len(l):
		l[i+1], l[i] = l[i], l[i+1]
	case do == "remove":
		*list = slices.Delete(l, i, i+1)
	case do != "up" && do != "down":
		return errs.New(errs.Invalid, "procedure.line_unknown")
	}
	return nil
}

// Arrange moves or removes a line: do is "up", "down" or "remove". Steps are numbered
// anew and their needs go along. Refusals: procedure.line_unknown,
// procedure.variant_unknown, procedure.variant_in_use.
func (c *Content) Arrange(list, variant string, n int, do string) error {
	switch list {
	case ListPapers:
		return arrange(&c.Components, n, do)
	case ListFees:
		return arrange(&c.Fees, n, do)
	case ListVariants:
		if do == "remove" && n >= 1 && n <= len(c.Variants) && c.uses(c.Variants[n-1].Code) {
			return errs.New(errs.Conflict, "procedure.variant_in_use", "name", c.Variants[n-1].Name)
		}
		return arrange(&c.Variants, n, do)
	case ListSteps:
		steps, err := c.StepsOf(variant)
		if err != nil {
			return err
		}
		if err := arrange(steps, n, do); err != nil {
			return err
		}
		*steps = process.Number(*steps)
		return nil
	}
	return errs.New(errs.NotFound, "procedure.line_unknown")
}

func (c *Content) uses(variant string) bool {
	return slices.ContainsFunc(c.Components, func(p Component) bool { return p.Variant == variant }) ||
		slices.ContainsFunc(c.Fees, func(f Fee) bool { return f.Variant == variant })
}

// PutStep writes a step of a case, a new one with n 0. Refusals: procedure.line_unknown,
// procedure.variant_unknown, procedure.actor_missing, procedure.do_missing.
func (c *Content) PutStep(variant string, n int, s process.Step) error {
	var l errs.List
	if s.Actor == "" {
		l = append(l, errs.OnField("actor", "procedure.actor_missing"))
	}
	if s.Do == "" {
		l = append(l, errs.OnField("do", "procedure.do_missing"))
	}
	if err := l.Err(); err != nil {
		return err
	}
	steps, err := c.StepsOf(variant)
	if err != nil {
		return err
	}
	s.No = n
	if n == 0 {
		s.No = len(*steps) + 1
	}
	if err := put(steps, n, s); err != nil {
		return err
	}
	*steps = process.Number(*steps)
	return nil
}

// PutFee writes a line of fees, a new one with n 0. Two lines that would both count are
// refused at once: procedure.fees_overlap; also procedure.days_backwards,
// procedure.fee_amount, procedure.line_unknown.
func (c *Content) PutFee(n int, f Fee) error {
	if err := put(&c.Fees, n, f); err != nil {
		return err
	}
	for _, fault := range feeFaults(c.Fees) {
		switch fault.Code {
		case "fees_overlap":
			return errs.OnField("from", "procedure.fees_overlap", "n", fault.Args[1], "m", fault.Args[3])
		case "fee_days":
			return errs.OnField("to", "procedure.days_backwards")
		default:
			return errs.OnField("amount", "procedure.fee_amount")
		}
	}
	return nil
}

// PutComponent writes a paper, a new one with n 0. Refusals: procedure.line_name,
// procedure.line_code, procedure.line_unknown.
func (c *Content) PutComponent(n int, p Component) error {
	if p.Name == "" {
		return errs.OnField("name", "procedure.line_name")
	}
	for i, old := range c.Components {
		if i != n-1 && old.Code == p.Code || p.Code == "" {
			return errs.OnField("code", "procedure.line_code")
		}
	}
	if p.Code == "" {
		return errs.OnField("code", "procedure.line_code")
	}
	return put(&c.Components, n, p)
}

// PutVariant writes a case, a new one with n 0; its steps stay. Its code is its name in
// fees and papers and does not change. Refusals: procedure.line_name,
// procedure.line_code, procedure.line_unknown.
func (c *Content) PutVariant(n int, v Variant) error {
	if v.Name == "" {
		return errs.OnField("name", "procedure.line_name")
	}
	if n > 0 && n <= len(c.Variants) {
		v.Code, v.Steps = c.Variants[n-1].Code, c.Variants[n-1].Steps
	}
	for i, old := range c.Variants {
		if i != n-1 && old.Code == v.Code {
			return errs.OnField("code", "procedure.line_code")
		}
	}
	if !keyShape.MatchString(v.Code) && n == 0 {
		return errs.OnField("code", "procedure.line_code")
	}
	return put(&c.Variants, n, v)
}
