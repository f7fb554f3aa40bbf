package plan

import (
	"context"

	"cchc/internal/audit"
	"cchc/internal/db"
)

// single2022 tells when the one agency of a task began and handed in: begun, handed
// in. The worked example of 14/9/2022 follows from these days and from nothing else.
var single2022 = map[string][2]string{
	"NV02": {"2022-02-10", "2022-11-28"}, "NV05": {"2022-10-03", "2022-12-26"}, "NV06": {"2022-11-01", "2022-12-28"}, "NV07": {"2022-05-16", "2022-12-20"},
	"NV08": {"2022-06-06", "2022-12-15"}, "NV10": {"2022-01-17", "2022-12-29"}, "NV11": {"2022-03-07", "2022-12-12"}, "NV12": {"2022-01-10", "2022-02-10"},
	"NV13": {"2022-02-21", "2022-12-19"}, "NV15": {"2022-02-14", "2022-06-28"}, "NV16": {"2022-03-14", "2022-09-28"}, "NV17": {"2022-02-28", "2022-06-30"},
	"NV24": {"2022-04-11", "2022-09-29"}, "NV25": {"2022-03-21", "2022-12-23"}, "NV26": {"2022-10-10", "2023-01-06"}, "NV27": {"2022-01-24", "2022-06-24"},
	"NV31": {"2022-02-07", "2022-06-30"}, "NV34": {"2022-03-28", "2022-09-30"}, "NV35": {"2022-05-09", "2022-12-27"},
}

// Seed2022 makes the plan of 2022 of Bình Định, issued on 20/12/2021 and closed on
// 10/2/2023.
func Seed2022(ctx context.Context, in Seeding) (string, error) {
	g, err := newSeeder(ctx, in, "2021-12-20")
	if err != nil {
		return "", err
	}
	rows, err := shippedRows(sampleRows)
	if err != nil {
		return "", err
	}
	id, err := g.draft(Import{Code: "KH-2022", Title: "Kế hoạch cải cách hành chính năm 2022 (dữ liệu mẫu)", Number: "122/KH-UBND", Year: 2022,
		Issuer: g.id["BD.UBND"], Secretariat: g.id["BD.D02"], Office: g.id["BD.D01"], Source: "plan-binh-dinh-2022-sample.csv", Sample: true, Rows: rows},
		map[string]string{"deadline_several": "day:2022-11-30"})
	if err != nil {
		return "", err
	}
	if err := g.evidence(2022, "NV02", "NV12", "NV15", "NV16", "NV17", "NV27", "NV31", "NV34"); err != nil {
		return "", err
	}
	if err := g.each(id, g.story2022); err != nil {
		return "", err
	}
	return id, g.close(id, "2023-02-10")
}

// each plays a story on every task of a plan, a Write a task.
func (g *seeder) each(planID string, story func(Task, Assignment, int, []PeriodItem) []step) error {
	var tasks []Task
	if err := g.in.DB.Read(g.ctx, func(tx *db.Tx) (err error) { tasks, err = listTasks(tx, planID); return err }); err != nil {
		return err
	}
	for _, t := range tasks {
		if err := g.play(planID, t.ID, story); err != nil {
			return err
		}
	}
	return nil
}

func (g *seeder) close(planID, day string) error {
	g.set(day, 10)
	return g.in.DB.Write(g.ctx, func(tx *db.Tx) error {
		p, err := findPlan(tx, planID)
		if err != nil {
			return err
		}
		before := p.State
		if before == Closed {
			return nil
		}
		if p.State, err = Moves.Next(p.State, "close", "plan.plan_wrong_state"); err != nil {
			return err
		}
		if err := savePlan(tx, p, g.now.UnixMilli()); err != nil {
			return err
		}
		if err := g.s.freeze(tx, p, g.by(p.Issuer).Account, g.now); err != nil {
			return err
		}
		return g.s.log.Record(tx, g.by(p.Issuer), audit.Entry{Kind: "plan.move", Subject: "plan_plan:" + p.ID, Agency: p.Secretariat,
			Before: map[string]any{"state": before}, After: map[string]any{"state": p.State}})
	})
}

func (g *seeder) story2022(t Task, a Assignment, place int, items []PeriodItem) []step {
	taken := step{day: plus("2021-12-22", place%6), move: "acknowledge"}
	if t.Kind.recurring() {
		return append([]step{taken}, g.periods2022(t, place, items)...)
	}
	if days, ok := single2022[t.Code]; ok {
		return append([]step{taken}, oneAgency(t, days[0], days[1])...)
	}
	begun, done := "2022-02-14", ""
	switch t.Code {
	case "NV01":
		begun, done = plus("2022-01-04", place%5), plus("2022-01-11", place*2%19)
		if a.Agency == g.id["BD.L08"] { // one district is missing for nine months
			return []step{taken, {day: "2022-02-08", move: "remind", level: 2, text: "Đề nghị ban hành kế hoạch CCHC của huyện"},
				{day: "2022-02-10", move: "remind", level: 3, text: "Danh sách cơ quan chưa ban hành kế hoạch"},
				{day: "2022-02-16", move: "remind", level: 4, text: "Công văn đôn đốc"},
				{day: "2022-10-03", move: "progress", percent: 50, text: "Đã có dự thảo kế hoạch"},
				{day: "2022-10-20", move: "submit", text: "Đã ban hành kế hoạch", document: "96/KH-UBND"}, {day: "2022-10-24", move: "approve"}}
		}
	case "NV03":
		begun, done = plus("2022-07-04", place%20), plus("2022-09-06", place*5%24)
	case "NV20":
		begun, done = plus("2022-04-04", place%25), plus("2022-08-29", place*7%32)
		if place == 12 {
			done = "2022-10-07"
		}
	default:
		begun, done = plus("2022-03-07", place*3%60), plus("2022-10-17", place*11%70)
		if t.Code == "NV33" && place%15 == 4 {
			done = "2023-01-10"
		}
	}
	return append([]step{taken}, finished(t, begun, done)...)
}

// finished is the plain course: begun, handed in, accepted a few days later.
func finished(t Task, begun, done string) []step {
	return []step{{day: begun, move: "progress", percent: 30, text: "Đã phân công, xây dựng dự thảo"},
		{day: done, move: "submit", text: "Hoàn thành: " + t.Product, document: "Văn bản kèm theo"}, {day: plus(done, 4), move: "approve"}}
}

// oneAgency is finished with the particulars of some tasks.
func oneAgency(t Task, begun, done string) []step {
	first := step{day: begun, move: "progress", percent: 20, text: "Đã giao phòng chuyên môn tham mưu"}
	last := []step{{day: done, move: "submit", text: "Hoàn thành: " + t.Product, document: "Văn bản kèm theo"}, {day: plus(done, 5), move: "approve", text: "Đạt yêu cầu"}}
	switch t.Code {
	case "NV02":
		return append([]step{first, {day: "2022-03-25", move: "milestone", level: 0, text: "Đã ban hành kế hoạch kiểm tra"}}, last...)
	case "NV16":
		return append([]step{first, {day: "2022-05-20", move: "progress", percent: 60, text: "Đã có dự thảo Quy định, đang lấy ý kiến"},
			{day: "2022-06-15", move: "ask_extension", due: "2022-09-30", text: "Chờ ý kiến thống nhất của Công an tỉnh về điều kiện an ninh trật tự", document: "2022-06-20"}}, last...)
	case "NV34":
		return append([]step{first, {day: "2022-07-11", move: "progress", percent: 55, text: "Đã khảo sát dữ liệu của ba sở"}}, last...)
	}
	return append([]step{first}, last...)
}

// periods2022 hands in every period. Of NV18's 93 items due by 14/9, 84 came in time,
// 4 late and 5 not yet.
func (g *seeder) periods2022(t Task, place int, items []PeriodItem) []step {
	var steps []step
	last := ""
	for i, item := range items {
		came := plus(item.DueDay, -((place*7 + i*3) % 9))
		switch {
		case t.Code == "NV18" && (i == 0 && (place == 5 || place == 19) || i == 1 && (place == 8 || place == 24)):
			came = plus(item.DueDay, 3)
		case t.Code == "NV18" && i == 2 && place%6 == 3 && place < 28:
			came = plus(item.DueDay, 6)
		case t.Code != "NV18" && t.FanOut == PerAgency && (place+2*i)%17 == 0:
			came = plus(item.DueDay, 4)
		}
		if came <= last { // never before the period before it
			came = plus(last, 1)
		}
		last = plus(came, 3)
		steps = append(steps, step{day: came, move: "item", level: i, text: "Báo cáo kỳ " + item.Key}, step{day: last, move: "accept_item", level: i})
	}
	done := plus(last, 2)
	return append(steps, step{day: done, move: "submit", text: "Hoàn thành các kỳ trong năm", document: "Báo cáo năm"}, step{day: plus(done, 4), move: "approve"})
}
