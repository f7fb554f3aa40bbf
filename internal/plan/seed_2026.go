package plan

import (
	"context"
	"strconv"
	"strings"

	"cchc/internal/audit"
	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/text"
)

// words2026 turns the rows of 2022 into those of 2026: years, agencies after the
// merger of 1/7/2025, and communes instead of districts. Longer words come first.
var words2026 = strings.NewReplacer(
	"2022-2025", "2026-2030", "31/01/2023", "31/01/2027", "2023-01-31", "2027-01-31", "2022", "2026", "năm 2021", "năm 2025",
	"Sở Kế hoạch và Đầu tư", "Sở Tài chính", "Sở Thông tin và Truyền thông", "Sở Khoa học và Công nghệ",
	"Sở Tài nguyên và Môi trường", "Sở Nông nghiệp và Môi trường", "Sở Văn hóa và Thể thao", "Sở Văn hóa, Thể thao và Du lịch",
	"Cục Thuế tỉnh", "Thuế tỉnh", "UBND huyện, thị xã, thành phố", "UBND xã, phường", "UBND cấp huyện", "UBND cấp xã",
	"Kho bạc Nhà nước Bình Định", "Kho bạc Nhà nước khu vực", "Báo Bình Định", "Báo Gia Lai", "Đài PT-TH Bình Định", "Đài PT-TH Gia Lai")

func rows2026() ([][]string, error) {
	rows, err := shippedRows(sampleRows)
	if err != nil {
		return nil, err
	}
	for i, row := range rows[1:] {
		for j := range row {
			if j < len(row)-2 { // where a row of 2022 comes from stays as it is
				row[j] = words2026.Replace(row[j])
			}
		}
		switch row[0] { // two days of October, so that the board of 14/10 shows what is due soon
		case "NV08":
			row[7], row[8] = "Trước ngày 17/10/2026", "2026-10-16"
		case "NV23":
			row[7], row[8] = "Chậm nhất ngày 19/10/2026", "2026-10-19"
		}
		rows[i+1] = row
	}
	return rows, nil
}

// single2026 tells when the one agency of a task began and, when it has, handed in.
var single2026 = map[string][2]string{
	"NV02": {"2026-02-09", ""}, "NV05": {"2026-09-21", ""}, "NV07": {"2026-05-18", ""}, "NV08": {"2026-06-08", ""}, "NV10": {"2026-01-19", ""},
	"NV11": {"2026-03-09", "2026-09-28"}, "NV12": {"2026-01-12", "2026-02-10"}, "NV13": {"2026-02-23", "2026-09-21"}, "NV15": {"2026-02-16", "2026-06-29"},
	"NV16": {"2026-03-16", ""}, "NV17": {"2026-03-02", ""}, "NV24": {"2026-04-13", ""}, "NV25": {"2026-03-23", "2026-08-20"}, "NV26": {"2026-04-20", "2026-09-10"},
	"NV27": {"2026-01-26", "2026-06-24"}, "NV31": {"2026-02-09", "2026-06-30"}, "NV34": {"2026-03-30", "2026-09-29"}, "NV35": {"2026-05-11", "2026-10-09"},
}

// percent2026 is how far the open ones say they are.
var percent2026 = map[string]int{"NV05": 20, "NV07": 55, "NV08": 80, "NV10": 71, "NV16": 85, "NV17": 60, "NV24": 70}

// Seed2026 makes the living plan of 2026 of Gia Lai, issued on 18/12/2025, as it
// stands on the morning of 14/10/2026.
func Seed2026(ctx context.Context, in Seeding) (string, error) {
	g, err := newSeeder(ctx, in, "2025-12-18")
	if err != nil {
		return "", err
	}
	rows, err := rows2026()
	if err != nil {
		return "", err
	}
	id, err := g.draft(Import{Code: "KH-2026", Title: "Kế hoạch cải cách hành chính năm 2026 (dữ liệu mẫu)", Number: "214/KH-UBND", Year: 2026,
		Issuer: g.id["GL.UBND"], Secretariat: g.id["GL.D02"], Office: g.id["GL.D01"], Source: "plan-binh-dinh-2022-sample.csv", Sample: true, Rows: rows},
		map[string]string{"deadline_several": "day:2026-11-30"})
	if err != nil {
		return "", err
	}
	if err := g.evidence(2026, "NV12", "NV15", "NV25", "NV27", "NV31", "NV34", "NV35"); err != nil {
		return "", err
	}
	return id, g.each(id, g.story2026)
}

func (g *seeder) story2026(t Task, a Assignment, place int, items []PeriodItem) []step {
	taken := step{day: plus("2025-12-22", place%7), move: "acknowledge"}
	if t.Kind.recurring() {
		return append([]step{taken}, periods2026(t, place, items)...)
	}
	if t.FanOut == Single {
		return g.single2026(t, taken)
	}
	switch t.Code {
	case "NV01":
		if a.Agency == g.id["GL.X135"] { // one commune asked for more time and let it pass
			return []step{taken, {day: "2026-01-27", move: "ask_extension", due: "2026-08-24", text: "Chưa bố trí được người phụ trách", document: "2026-01-29"},
				{day: "2026-02-02", move: "progress", percent: 20, text: "Đang bố trí người phụ trách"},
				{day: "2026-08-26", move: "remind", level: 2, text: "Đề nghị ban hành kế hoạch CCHC"}, {day: "2026-09-03", move: "remind", level: 4, text: "Công văn đôn đốc"}}
		}
		return append([]step{taken}, finished(t, plus("2026-01-05", place%5), plus("2026-01-11", place*3%20))...)
	case "NV03":
		return append([]step{taken}, finished(t, plus("2026-07-06", place%30), plus("2026-09-02", place*5%28))...)
	case "NV20":
		return append([]step{taken}, finished(t, plus("2026-04-06", place%40), plus("2026-08-24", place*7%37))...)
	case "NV28":
		return append([]step{taken}, finished(t, plus("2026-03-09", place%50), plus("2026-08-03", place*3%60))...)
	case "NV23": // due on 19/10: fifteen agencies still work on it, some wait for acceptance
		switch {
		case place%10 == 7:
			return []step{taken, {day: plus("2026-08-10", place%30), move: "progress", percent: 60, text: "Đang rà soát thủ tục nội bộ"}}
		case place%10 == 3:
			return []step{taken, {day: plus("2026-08-10", place%30), move: "progress", percent: 60, text: "Đang rà soát"},
				{day: plus("2026-10-08", place%6), move: "submit", text: "Đã công bố thủ tục nội bộ", document: "Quyết định công bố"}}
		}
		return append([]step{taken}, finished(t, plus("2026-06-08", place%60), plus("2026-09-01", place%38))...)
	case "NV22", "NV33":
		if place%4 == 1 {
			return append([]step{taken}, finished(t, plus("2026-04-06", place%60), plus("2026-08-10", place%55))...)
		}
		return []step{taken, {day: plus("2026-05-04", place%90), move: "progress", percent: 30 + place*7%60, text: "Đang thực hiện theo kế hoạch"}}
	}
	return []step{taken} // NV38 has not begun
}

func (g *seeder) single2026(t Task, taken step) []step {
	days, begun := single2026[t.Code]
	if !begun {
		return []step{taken}
	}
	if days[1] != "" {
		steps := append([]step{taken}, oneAgency(t, days[0], days[1])...)
		if t.Code == "NV35" { // waits for acceptance
			steps = steps[:len(steps)-1]
		}
		return steps
	}
	steps := []step{taken, {day: days[0], move: "progress", percent: percent2026[t.Code] / 2, text: "Đã giao phòng chuyên môn tham mưu"}}
	switch t.Code {
	case "NV02":
		return append(steps, step{day: "2026-03-26", move: "milestone", level: 0, text: "Đã ban hành kế hoạch kiểm tra"})
	case "NV16":
		steps = append(steps, step{day: "2026-06-15", move: "ask_extension", due: "2026-09-30", text: "Chờ ý kiến Công an tỉnh", document: "2026-06-19"},
			step{day: "2026-08-17", move: "progress", percent: percent2026[t.Code], text: "Đã có dự thảo Quy định"},
			step{day: "2026-09-28", move: "ask_extension", due: "2026-11-30", text: "Công an tỉnh đề nghị bổ sung điều kiện về an ninh trật tự"})
	case "NV17":
		steps = append(steps, step{day: "2026-06-15", move: "ask_extension", due: "2026-09-08", text: "Chờ hướng dẫn thi hành Luật Đất đai", document: "2026-06-20"},
			step{day: "2026-08-12", move: "progress", percent: percent2026[t.Code], text: "Đã có dự thảo giải pháp và bảng tiếp thu ý kiến"},
			step{day: "2026-09-11", move: "remind", level: 3, text: "Đề nghị hoàn thành, báo cáo UBND tỉnh"})
	case "NV24":
		steps = append(steps, step{day: "2026-09-23", move: "ask_extension", due: "2026-10-05", text: "Chờ Đề án vị trí việc làm của hai sở", document: "2026-09-25"},
			step{day: "2026-09-28", move: "progress", percent: percent2026[t.Code], text: "Đã thẩm định phương án của 12 sở"})
	default:
		steps = append(steps, step{day: "2026-09-30", move: "progress", percent: percent2026[t.Code], text: "Đang thực hiện theo tiến độ"})
	}
	return steps
}

// periods2026 hands in the periods due by 14/10/2026; of the last one some are late
// or still missing.
func periods2026(t Task, place int, items []PeriodItem) []step {
	var steps []step
	last := ""
	for i, item := range items {
		came := plus(item.DueDay, -((place*5 + i*3) % 8))
		if t.FanOut == PerAgency && (place+3*i)%19 == 0 {
			came = plus(item.DueDay, 5)
		}
		if t.FanOut == PerAgency && i == 2 && place%31 == 8 || came > "2026-10-12" {
			break
		}
		if came <= last {
			came = plus(last, 1)
		}
		if last = plus(came, 3); last > "2026-10-13" {
			break
		}
		steps = append(steps, step{day: came, move: "item", level: i, text: "Báo cáo kỳ " + item.Key}, step{day: last, move: "accept_item", level: i})
	}
	return steps
}

// measuredLive are the targets that an indicator measures, measuredByHand some that
// the demonstration has a value for.
var (
	measuredLive   = map[string]string{"CT24": "plan.on_time", "CT27": "plan.completion"}
	measuredByHand = map[string]Measure{
		"CT05": {Day: "2026-09-30", Value: "86.4", Document: "Báo cáo 118/BC-VP ngày 02/10/2026 (dữ liệu mẫu)"},
		"CT12": {Day: "2026-09-30", Value: "100", Document: "Báo cáo 118/BC-VP ngày 02/10/2026 (dữ liệu mẫu)"},
		"CT17": {Day: "2026-09-30", Value: "92", Document: "Báo cáo 77/BC-SKHCN ngày 30/9/2026 (dữ liệu mẫu)", Note: "Còn ba chế độ báo cáo của ngành chưa có trên hệ thống"},
		"M12":  {Day: "2026-06-30", Value: "91.25", Document: "Kết quả khảo sát 6 tháng (dữ liệu mẫu)"},
	}
)

// seedProgramme makes the programme 2025-2030 with the shipped targets.
func seedProgramme(ctx context.Context, in Seeding) (string, error) {
	g, err := newSeeder(ctx, in, "2025-12-05")
	if err != nil {
		return "", err
	}
	rows, err := shippedRows(sampleTargets)
	if err != nil {
		return "", err
	}
	p := Plan{ID: db.NewID(), Code: "CT-2025-2030", Kind: Programme, Year: 2025, YearTo: 2030, Title: "Chương trình cải cách hành chính giai đoạn 2025-2030 (dữ liệu mẫu)",
		Number: "198/CTr-UBND", IssuedDay: clock.Day(g.now), Issuer: g.id["GL.UBND"], Secretariat: g.id["GL.D02"], Office: g.id["GL.D01"],
		Source: "plan-targets.csv", Sample: true, State: Issued, CreatedMs: g.now.UnixMilli()}
	err = in.DB.Write(ctx, func(tx *db.Tx) error {
		if there, err := planByCode(tx, p.Code); err != nil || there != "" {
			p.ID = there
			return err
		}
		if err := addPlan(tx, p, "seed"); err != nil {
			return err
		}
		for _, row := range rows[1:] {
			area, err := strconv.Atoi(row[1])
			if err != nil {
				return err
			}
			year, err := strconv.Atoi(row[6])
			if err != nil {
				return err
			}
			t := Target{ID: db.NewID(), Area: area, Code: row[0], Name: text.Clean(row[2]), Operator: row[3], Value: row[4], Unit: row[5], Year: year,
				Computation: row[7], Verification: row[8], Source: row[9], Indicator: measuredLive[row[0]]}
			if err := addTarget(tx, p.ID, t); err != nil {
				return err
			}
			if m, known := measuredByHand[t.Code]; known {
				m.ID, m.Target, m.Source, m.AtMs = db.NewID(), t.ID, Manual, g.now.UnixMilli()
				if err := addMeasure(tx, m); err != nil {
					return err
				}
			}
		}
		return g.s.log.Record(tx, g.by(p.Issuer), audit.Entry{Kind: "plan.import", Subject: "plan_plan:" + p.ID, Agency: p.Secretariat,
			After: map[string]any{"code": p.Code, "source": p.Source, "targets": len(rows) - 1}})
	})
	return p.ID, err
}
