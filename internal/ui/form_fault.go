package ui

import "cchc/internal/errs"

// Fault shows refusals on the form whatever their kind: for pages, such as signing in,
// that decide by themselves which refusals stay with the form.
func (f *Form) Fault(err error) { f.faults = append([]*errs.Error(nil), errs.All(err)...) }
