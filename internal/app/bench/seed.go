package bench

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"cchc/internal/audit"
	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/identity"
	"cchc/internal/org"
	"cchc/internal/plan"
)

// planTasks is how many tasks a plan has: each goes to every agency, so that one plan
// makes some 15,000 assignments, which is what a large province hands out in a year.
const planTasks = 100

// signerTitle stands under the plans that are made.
const signerTitle = "Chủ tịch UBND tỉnh"

// filled names what was made.
type filled struct {
	plan        string      // the first of the plans
	assignments []plan.Line // that nobody has acted on yet
	made        int         // assignments at first
}

// fillAll makes the demonstration province, then plans by the room's own import and
// issue, then entries of the audit log by the log itself: every row is one that the
// program could have written.
func (r *run) fillAll(ctx context.Context, p *Program) error {
	if err := p.Seed(ctx); err != nil {
		return err
	}
	f, err := fill(ctx, p, r.Rows/10, planTasks)
	if err != nil {
		return err
	}
	f.made = len(f.assignments)
	r.fill = f
	r.say("%d assignments; now the log", len(f.assignments))
	if err := fillLog(ctx, p, f.assignments, r.Rows); err != nil {
		return err
	}
	began := time.Now()
	if err := p.Place(ctx); err != nil {
		return err
	}
	r.add("log entries placed in the tree", float64(r.Rows)/time.Since(began).Seconds(), "entries/s", "the integrator, while nobody writes")
	return nil
}

// fill issues plans until there are at least n assignments.
func fill(ctx context.Context, p *Program, n, tasks int) (f filled, err error) {
	office, err := p.Actor(ctx, officer)
	if err != nil {
		return f, err
	}
	chair, err := p.Actor(ctx, chairman)
	if err != nil {
		return f, err
	}
	today := clock.Day(p.Clock())
	for i := 1; err == nil && len(f.assignments) < n; i++ {
		in, err := benchPlan(ctx, p, "BENCH-"+strconv.Itoa(i), tasks)
		if err != nil {
			return f, err
		}
		var made plan.Plan
		var read plan.Reading
		if made, read, err = p.Plan.ImportPlan(identity.With(ctx, office), in); err != nil {
			return f, err
		}
		if len(read.Doubts) > 0 {
			return f, fmt.Errorf("the plan has doubts: %+v", read.Doubts[0])
		}
		if _, err = p.Plan.Issue(identity.With(ctx, chair), made.ID, made.Version, in.Code+"/KH-UBND", signerTitle); err != nil {
			return f, err
		}
		if f.plan == "" {
			f.plan = made.ID
		}
		before := len(f.assignments)
		var after []string
		for {
			page, err := p.Plan.Records(identity.With(ctx, office), made.ID, plan.FigureTotal, today, plan.Filter{}, after, 1000)
			if err != nil {
				return f, err
			}
			if f.assignments = append(f.assignments, page...); len(page) < 1000 {
				break
			}
			last := page[len(page)-1]
			after = []string{last.Due, last.Assignment}
		}
		if len(f.assignments) == before {
			return f, fmt.Errorf("plan %s handed nothing out", in.Code)
		}
	}
	return f, err
}

// benchPlan is a plan of this year whose every task goes to all departments and communes.
func benchPlan(ctx context.Context, p *Program, code string, tasks int) (in plan.Import, err error) {
	agency := map[string]string{}
	err = p.DB.Read(ctx, func(tx *db.Tx) error {
		for _, code := range []string{"GL.UBND", "GL.D02", "GL.D01"} {
			o, found, err := org.FindByCode(tx, code, clock.Day(p.Clock()))
			if err == nil && !found {
				err = fmt.Errorf("no agency %s", code)
			}
			if err != nil {
				return err
			}
			agency[code] = o.ID
		}
		return nil
	})
	return plan.Import{
		Code: code, Title: "Kế hoạch đo hiệu năng " + code, Year: 2026, Sample: true, Source: "bench",
		Issuer: agency["GL.UBND"], Secretariat: agency["GL.D02"], Office: agency["GL.D01"], Rows: planRows(tasks),
	}, err
}

func planRows(tasks int) [][]string {
	rows := [][]string{{"task_id", "area_no", "area", "task", "product", "lead_agency", "coordinating_agencies", "deadline_text"}}
	areas := []string{"Chỉ đạo, điều hành", "Thể chế", "Thủ tục hành chính", "Tổ chức bộ máy", "Công vụ", "Tài chính công", "Chính quyền số"}
	due := []string{"Tháng 11/2026", "Tháng 12/2026", "Quý IV/2026"}
	for i := range tasks {
		area := i % len(areas)
		rows = append(rows, []string{fmt.Sprintf("NV%03d", i+1), strconv.Itoa(area + 1), areas[area],
			fmt.Sprintf("Rà soát, cập nhật và báo cáo kết quả thực hiện nội dung số %d của kế hoạch cải cách hành chính tại cơ quan, địa phương", i+1),
			"Báo cáo", "Các sở, ban, ngành; UBND xã, phường", "", due[i%len(due)]})
	}
	return rows
}

// fillLog adds entries, one for each assignment in turn, in short Writes.
func fillLog(ctx context.Context, p *Program, all []plan.Line, n int) error {
	who := audit.System("bench")
	const step = 1000
	for done := 0; done < n; done += step {
		err := p.DB.Write(ctx, func(tx *db.Tx) error {
			for i := done; i < min(done+step, n); i++ {
				a := all[i%len(all)]
				err := p.Log.Record(tx, who, audit.Entry{Kind: "plan.assignment_progress", Subject: "plan_assignment:" + a.Assignment, Agency: a.Agency,
					Before: map[string]any{"standing": "assigned", "progress": i % 100, "version": i}, After: map[string]any{"standing": "in_progress", "progress": i%100 + 1, "version": i + 1}})
				if err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}
