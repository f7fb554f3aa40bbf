package bench

import (
	"fmt"
	"io"
	"text/tabwriter"
)

// Print writes the table for people.
func Print(w io.Writer, rows []Row) error {
	t := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
	fmt.Fprintln(t, "what\tvalue\tunit\taim\t\tnote")
	for _, r := range rows {
		met := ""
		if r.Met != nil {
			met = "met"
			if !*r.Met {
				met = "MISSED"
			}
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t%s\n", r.Name, figure(r.Value), r.Unit, r.Aim, met, r.Note)
	}
	return t.Flush()
}

// figure shows three digits that mean something.
func figure(v float64) string {
	switch {
	case v >= 100:
		return fmt.Sprintf("%.0f", v)
	case v >= 10:
		return fmt.Sprintf("%.1f", v)
	}
	return fmt.Sprintf("%.2f", v)
}
