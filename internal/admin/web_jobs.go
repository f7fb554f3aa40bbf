package admin

import (
	"context"
	"net/http"
	"strconv"

	"cchc/internal/clock"
	"cchc/internal/errs"
	"cchc/internal/i18n"
	"cchc/internal/job"
	"cchc/internal/ui"
)

const jobsURL = "/admin/jobs"

func (h *web) jobs(w http.ResponseWriter, r *http.Request) error {
	v, err := h.admin.Work(r.Context())
	if err != nil {
		return err
	}
	return h.page(w, r, jobsURL, word(r, "admin.menu.jobs"), 0, jobsPage(v))
}

func (h *web) replay(w http.ResponseWriter, r *http.Request) error {
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil {
		return errs.New(errs.NotFound, "job.unknown")
	}
	if err := h.admin.Replay(r.Context(), id); err != nil {
		return err
	}
	ui.Flash(w, r, "admin.jobs.replayed")
	return ui.Back(w, r, jobsURL)
}

// jobName is a kind of background work in words.
func jobName(ctx context.Context, kind string) string { return orCode(ctx, "admin.job."+kind, kind) }

func deadTable(ctx context.Context, all []job.Dead) ui.Table {
	t := ui.Table{Caption: i18n.T(ctx, "admin.jobs.dead"), Columns: []ui.Column{
		{Head: i18n.T(ctx, "admin.col.job")}, {Head: i18n.T(ctx, "admin.col.when")}, {Head: i18n.T(ctx, "admin.col.reason")},
		{Head: i18n.T(ctx, "admin.col.tries"), Numeric: true}, {Head: i18n.T(ctx, "admin.col.act"), Hidden: true},
	}}
	for _, d := range all {
		name := jobName(ctx, d.Kind)
		again := ui.PostButton(jobsURL+"/"+strconv.FormatInt(d.ID, 10)+"/replay", ui.Btn{Text: i18n.T(ctx, "admin.jobs.again"), Icon: "refresh", Small: true,
			Label: i18n.T(ctx, "admin.jobs.again_what", "what", name+" "+strconv.FormatInt(d.ID, 10))})
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{
			{Text: name, Sub: d.Kind + " " + strconv.FormatInt(d.ID, 10)}, ui.Txt(i18n.Time(ctx, d.At)), {Text: d.Error, Sub: d.Args, Mute: true},
			ui.Txt(strconv.Itoa(d.Attempt)), ui.In(again),
		}})
	}
	return t
}

var jobTones = map[string]string{"waiting": ui.Wait, "running": ui.Info, "retrying": ui.Soon, "done": ui.OK, "failed": ui.Late}

func trackedTable(ctx context.Context, all []job.Progress) ui.Table {
	t := ui.Table{Caption: i18n.T(ctx, "admin.jobs.tracked"), Columns: []ui.Column{
		{Head: i18n.T(ctx, "admin.col.job")}, {Head: i18n.T(ctx, "admin.col.state")}, {Head: i18n.T(ctx, "admin.col.progress")}, {Head: i18n.T(ctx, "admin.col.changed")},
	}}
	for _, p := range all {
		state := ui.Cell{Body: ui.State(jobTones[p.State], i18n.T(ctx, "state.job."+p.State))}
		if p.Error != "" {
			state.Sub = orCode(ctx, "error."+p.Error, p.Error)
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: jobName(ctx, p.Kind), Sub: p.Key}, state, ui.In(progress(p)), ui.Txt(i18n.Time(ctx, clock.FromMs(p.UpdatedMs)))}})
	}
	return t
}

func scheduleTable(ctx context.Context, v Work) ui.Table {
	t := ui.Table{Caption: i18n.T(ctx, "admin.jobs.schedules"), Columns: []ui.Column{{Head: i18n.T(ctx, "admin.col.job")}, {Head: i18n.T(ctx, "admin.col.next")}}}
	for _, s := range v.Schedules {
		next := ui.Cell{Text: i18n.Time(ctx, s.Next)}
		if s.Next.Before(v.Now) { // nobody works the queue, or it is just being taken
			next.Body = ui.State(ui.Soon, i18n.T(ctx, "admin.jobs.due", "time", i18n.Time(ctx, s.Next)))
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: jobName(ctx, s.Name), Sub: s.Name}, next}})
	}
	return t
}
