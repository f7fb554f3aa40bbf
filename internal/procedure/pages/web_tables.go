package pages

import (
	"context"
	"strconv"

	"cchc/internal/i18n"
	"cchc/internal/procedure"
	"cchc/internal/process"
	"cchc/internal/ui"
)

// withActs adds to each line of a table what may be done with it.
func withActs(ctx context.Context, v versionView, list, variant string, t ui.Table) ui.Table {
	if !v.Can["write"] {
		return t
	}
	t.Columns = append(t.Columns, ui.Column{Head: i18n.T(ctx, "procedure.col.act")})
	of := 0
	for _, r := range t.Rows {
		if r.Group == "" {
			of++
		}
	}
	n := 0
	for i := range t.Rows {
		if t.Rows[i].Group == "" {
			n++
			t.Rows[i].Cells = append(t.Rows[i].Cells, ui.In(lineActs(v, list, variant, n, of)))
		}
	}
	return t
}

func variantTable(ctx context.Context, c procedure.Content) ui.Table {
	t := ui.Table{Caption: i18n.T(ctx, "procedure.cases"), HeadCol: 0, Columns: []ui.Column{{Head: i18n.T(ctx, "procedure.col.case")}, {Head: i18n.T(ctx, "procedure.col.limit")}, {Head: i18n.T(ctx, "procedure.col.own_steps")}}}
	for _, v := range c.Variants {
		own := i18n.T(ctx, "procedure.shares_steps")
		if len(v.Steps) > 0 {
			own = i18n.T(ctx, "procedure.steps_n", "n", strconv.Itoa(len(v.Steps)))
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: v.Name, Sub: v.Code}, ui.Txt(procedure.LimitWords(ctx, v.Limit)), {Text: own, Mute: true}}})
	}
	return t
}

func stepsID(variant string) string {
	if variant == "" {
		return procedure.ListSteps
	}
	return procedure.ListSteps + "-" + variant
}

func stepsTitle(ctx context.Context, c procedure.Content, variant string) string {
	if v, ok := c.VariantOf(variant); ok && variant != "" {
		return i18n.T(ctx, "procedure.steps_of", "case", v.Name)
	}
	return i18n.T(ctx, "procedure.steps")
}

// wayWords says how long the longest way takes, beside the limit.
func wayWords(ctx context.Context, c procedure.Content, variant string, steps []process.Step) string {
	if len(steps) == 0 {
		return ""
	}
	chosen, _ := c.VariantOf(variant)
	way := process.Path(steps, false)
	return i18n.T(ctx, "procedure.way", "sum", procedure.Span(ctx, way.Minutes), "limit", procedure.LimitWords(ctx, chosen.Limit))
}

func withCase(path, variant string) string {
	if variant == "" {
		return path
	}
	return path + "?case=" + variant
}
