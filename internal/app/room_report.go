package app

import (
	"context"
	"strconv"
	"strings"

	"cchc/internal/db"
	"cchc/internal/i18n"
	"cchc/internal/org"
	"cchc/internal/plan"
	"cchc/internal/report"
	"cchc/internal/text"
)

// levelColumns, countColumns and taskColumns name the columns of a report's annex; their
// words are in the locale under report.annex.
var (
	levelColumns = []string{"name_level", "total", "done", "completion", "on_time_rate", "late_rate", "overdue_rate", "on_time_original_rate"}
	countColumns = []string{"total", "done", "on_time", "late", "overdue", "in_progress", "not_started", "no_deadline"}
	taskColumns  = []string{"name_code", "name_task", "name_lead", "name_class", "name_agencies", "progress"}
)

// planCounts turns the plan's figures of a day into the tables of a report, and into the
// words of its sentences.
func (a *App) planCounts(tx *db.Tx, planID, day string) ([]report.Table, map[string]string, error) {
	x, err := a.rooms.plan.Annex(tx, planID, day)
	if err != nil {
		return nil, nil, err
	}
	ctx := i18n.WithLang(context.Background(), i18n.Vi)
	var assignments plan.Counts
	for _, l := range x.Agencies {
		assignments = assignments.Plus(l.Counts)
	}
	levels := report.Table{Key: "levels", Columns: levelColumns}
	for _, level := range []struct {
		name string
		c    plan.Counts
	}{{"tasks", x.Tasks}, {"assignments", assignments}} {
		r := level.c.Rates()
		levels.Rows = append(levels.Rows, []report.Cell{{Text: i18n.T(ctx, "report.level."+level.name)}, whole(ctx, level.c.Total), whole(ctx, level.c.Done),
			rate(ctx, r.Completion), rate(ctx, r.OnTime), rate(ctx, r.Late), rate(ctx, r.Overdue), rate(ctx, r.OnTimeOriginal)})
	}
	areas := report.Table{Key: "areas", Columns: append([]string{"name_area"}, countColumns...)}
	for _, l := range x.Areas {
		areas.Rows = append(areas.Rows, append([]report.Cell{{Text: l.Key + ". " + l.Name, URL: "/plan/" + planID + "?on=" + day + "&area=" + l.Key}}, counts(ctx, l.Counts)...))
	}
	agencies := report.Table{Key: "agencies", Columns: append([]string{"name_agency"}, countColumns...)}
	for _, l := range x.Agencies {
		agencies.Rows = append(agencies.Rows, append([]report.Cell{{Text: l.Name, URL: "/figures/plan.completion?agency=" + l.Key + "&on=" + day + "&plan=" + planID}}, counts(ctx, l.Counts)...))
	}
	tasks := report.Table{Key: "tasks", Columns: taskColumns}
	late := 0
	for _, r := range x.Rows {
		if r.Facts.Class == plan.Overdue {
			late++
		}
		tasks.Rows = append(tasks.Rows, []report.Cell{{Text: r.Task.Code, URL: "/plan/tasks/" + r.Task.ID + "?on=" + day}, {Text: r.Task.Content}, {Text: r.LeadName},
			{Text: i18n.T(ctx, "report.class."+string(r.Facts.Class))}, {Text: strconv.FormatInt(r.Facts.DoneCount, 10) + "/" + strconv.FormatInt(r.Facts.Agencies, 10)},
			{Text: strconv.Itoa(r.Progress) + "%", Number: strconv.Itoa(r.Progress)}})
	}
	rates := x.Tasks.Rates()
	return []report.Table{levels, areas, agencies, tasks}, map[string]string{
		"tasks": i18n.Number(ctx, x.Tasks.Total), "tasks_done": i18n.Number(ctx, x.Tasks.Done), "tasks_overdue": i18n.Number(ctx, int64(late)),
		"tasks_completion": rate(ctx, rates.Completion).Text, "tasks_on_time": rate(ctx, rates.OnTime).Text,
		"agencies": i18n.Number(ctx, int64(len(x.Agencies))), "tasks_soon": i18n.Number(ctx, x.Tasks.Total-x.Tasks.Done),
	}, nil
}

func counts(ctx context.Context, c plan.Counts) []report.Cell {
	var out []report.Cell
	for _, n := range []int64{c.Total, c.Done, c.OnTime, c.Late, c.Overdue, c.InProgress, c.NotStarted, c.NoDeadline} {
		out = append(out, whole(ctx, n))
	}
	return out
}

func whole(ctx context.Context, n int64) report.Cell {
	return report.Cell{Text: i18n.Number(ctx, n), Number: strconv.FormatInt(n, 10)}
}

// rate writes a percentage, or that no case arose, which is not zero.
func rate(ctx context.Context, percent string) report.Cell {
	if percent == "" {
		return report.Cell{Text: i18n.T(ctx, "indicator.no_case")}
	}
	return report.Cell{Text: i18n.Decimal(ctx, percent) + "%", Number: percent}
}

// reportIssuer is the province as it was called on the last day of a report's period.
func (a *App) reportIssuer(ctx context.Context, day string) (out report.Issuer, err error) {
	err = a.db.Read(ctx, func(tx *db.Tx) error {
		provinces, err := org.List(tx, day, org.Province)
		if err == nil && len(provinces) > 0 {
			p := provinces[0]
			name := strings.TrimPrefix(p.Name, "UBND ")
			out = report.Issuer{Name: i18n.T(i18n.WithLang(ctx, i18n.Vi), "report.issuer", "name", name), Short: "UBND", Place: text.Place(name)}
		}
		return err
	})
	return out, err
}
