package plan

import (
	"context"
	"net/http"
	"strconv"

	"cchc/internal/errs"
	"cchc/internal/ui"
)

// mountActs opens the acts on an assignment: each has a form, a right, and a method of
// the service that decides the rest.
func (h *pages) mountActs(rt *ui.Router) {
	rt.Handle("GET /plan/assignments/{id}", RightView, h.assignment)
	rt.Handle("GET /plan/assignments/{id}/proof/{entry}", RightView, h.proof)
	rt.Handle("GET /plan/assignments/{id}/proof/{entry}/file", RightView, h.proofFile)
	rt.Handle("GET /plan/evidence/{id}", RightView, h.evidence)
	one := func(path, right, act string, do func(ctx context.Context, v actView, f *ui.Form, r Report) error) {
		a := acting{act: act, find: h.onAssignment(act), do: do}
		rt.Handle("GET /plan/assignments/{id}/"+path, right, h.show(a))
		rt.Handle("POST /plan/assignments/{id}/"+path, right, h.take(a), ui.MaxBytes(maxUpload))
	}
	s := h.plan
	one("acknowledge", RightReport, "acknowledge", func(ctx context.Context, v actView, f *ui.Form, _ Report) error {
		return only(s.Acknowledge(ctx, v.Page.Assignment.ID, v.Version, f.Text("officer")))
	})
	one("progress", RightReport, "progress", func(ctx context.Context, v actView, _ *ui.Form, r Report) error {
		return only(s.ReportProgress(ctx, v.Page.Assignment.ID, v.Version, r))
	})
	one("submit", RightReport, "submit", func(ctx context.Context, v actView, _ *ui.Form, r Report) error {
		return only(s.Submit(ctx, v.Page.Assignment.ID, v.Version, r))
	})
	one("input", RightReport, "input", func(ctx context.Context, v actView, _ *ui.Form, r Report) error {
		return only(s.AddInput(ctx, v.Page.Assignment.ID, v.Version, r.Text, r.Evidence))
	})
	one("approve", RightApprove, "approve", func(ctx context.Context, v actView, f *ui.Form, _ Report) error {
		return only(s.Approve(ctx, v.Page.Assignment.ID, v.Version, f.Long("note")))
	})
	one("return", RightApprove, "return", func(ctx context.Context, v actView, f *ui.Form, _ Report) error {
		return only(s.Return(ctx, v.Page.Assignment.ID, v.Version, f.Long("reason")))
	})
	one("pause", RightAssign, "pause", func(ctx context.Context, v actView, f *ui.Form, _ Report) error {
		return only(s.Pause(ctx, v.Page.Assignment.ID, v.Version, f.Long("reason")))
	})
	one("resume", RightAssign, "resume", func(ctx context.Context, v actView, _ *ui.Form, _ Report) error {
		return only(s.Resume(ctx, v.Page.Assignment.ID, v.Version))
	})
	one("urge", RightUrge, "remind", func(ctx context.Context, v actView, f *ui.Form, r Report) error {
		level, err := strconv.Atoi(f.Text("level"))
		if err != nil {
			return errs.OnField("level", "plan.remind_level")
		}
		return only(s.Remind(ctx, v.Page.Assignment.ID, level, r.Text))
	})
	one("extend", RightExtend, "ask_extension", func(ctx context.Context, v actView, f *ui.Form, _ Report) error {
		day := f.Day("new_day")
		if err := f.Err(); err != nil {
			return err
		}
		_, err := s.RequestExtension(ctx, v.Page.Assignment.ID, v.Version, day, f.Long("reason"))
		return err
	})
	h.mountPeriods(rt)
}

// mountPeriods opens the acts whose record is not the assignment itself.
func (h *pages) mountPeriods(rt *ui.Router) {
	s := h.plan
	period := acting{act: "period", find: func(ctx context.Context, id string) (actView, error) {
		p, item, err := s.PeriodPage(ctx, id)
		return actView{Act: "period", Page: p, Period: item, Version: item.Version}, err
	}, do: func(ctx context.Context, v actView, _ *ui.Form, r Report) error {
		_, err := s.SubmitPeriodItem(ctx, v.Period.ID, v.Version, r.Text, r.Evidence)
		return err
	}}
	rt.Handle("GET /plan/periods/{id}", RightReport, h.show(period))
	rt.Handle("POST /plan/periods/{id}", RightReport, h.take(period), ui.MaxBytes(maxUpload))
	rt.Handle("POST /plan/periods/{id}/approve", RightApprove, h.approvePeriod)
	decide := acting{act: "decide", find: func(ctx context.Context, id string) (actView, error) {
		p, e, err := s.ExtensionPage(ctx, id)
		return actView{Act: "decide", Page: p, Wish: e, Version: e.Version}, err
	}, do: func(ctx context.Context, v actView, f *ui.Form, r Report) error {
		grant := f.Text("grant")
		if grant != "yes" && grant != "no" {
			return errs.OnField("grant", "planweb.choose_decision")
		}
		_, err := s.DecideExtension(ctx, v.Wish.ID, v.Version, grant == "yes", f.Long("reason"), r.Document)
		return err
	}}
	rt.Handle("GET /plan/extensions/{id}", RightDecideExtension, h.show(decide))
	rt.Handle("POST /plan/extensions/{id}", RightDecideExtension, h.take(decide))
}

func (h *pages) approvePeriod(w http.ResponseWriter, r *http.Request) error {
	f, err := ui.ReadForm(r)
	if err != nil {
		return err
	}
	version := f.Version()
	if err := f.Err(); err != nil {
		return err
	}
	item, err := h.plan.ApprovePeriodItem(r.Context(), r.PathValue("id"), version)
	if err != nil {
		return err
	}
	ui.Flash(w, r, "planweb.did.period_approve", "period", item.Key)
	return ui.Back(w, r, "/plan/assignments/"+item.Assignment)
}

// only drops the assignment that an act returns: the next page reads it anew.
func only(_ Assignment, err error) error { return err }
