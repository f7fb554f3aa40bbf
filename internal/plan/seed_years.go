package plan

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strconv"

	"cchc/internal/audit"
	"cchc/internal/clock"
)

// Years asks for plans of several years with the history of each assignment, for
// measuring: about PerYear lead assignments a year, the years before the last closed,
// the last one told up to the day Until. The same Seed makes the same history.
type Years struct {
	From, To, PerYear int
	Until             string
	Seed              uint64
}

// YearPlan is one plan that SeedYears made.
type YearPlan struct {
	ID          string
	Year        int
	Assignments int
}

// SeedYears writes what ten years of work leave behind, by the rules that people's acts
// pass: nine in ten results come in time, one in twelve is given back once, one in
// fifteen asks for more time. The agencies are those of the day of issue.
func SeedYears(ctx context.Context, in Seeding, y Years) (made []YearPlan, err error) {
	for year := y.From; year <= y.To; year++ {
		issued := fmt.Sprintf("%d-12-20", year-1)
		g, err := newSeeder(ctx, in, issued)
		if err != nil {
			return nil, err
		}
		province, leads := "BD", 38
		if issued > "2025-07-01" {
			province, leads = "GL", 149
		}
		tasks := max(1, y.PerYear/leads)
		id, err := g.draft(Import{Code: "YEARS-" + strconv.Itoa(year), Title: "Kế hoạch cải cách hành chính năm " + strconv.Itoa(year), Number: "1/KH-UBND", Year: year,
			Issuer: g.id[province+".UBND"], Secretariat: g.id[province+".D02"], Office: g.id[province+".D01"], Source: "bench", Sample: true,
			Rows: yearRows(year, tasks, province)}, nil)
		if err != nil {
			return nil, fmt.Errorf("year %d: %w", year, err)
		}
		dice := rand.New(rand.NewPCG(y.Seed, uint64(year)))
		one := YearPlan{ID: id, Year: year}
		err = g.each(id, func(_ Task, a Assignment, _ int, _ []PeriodItem) []step {
			one.Assignments++
			return until(yearStory(dice, a), y.Until)
		})
		if err != nil {
			return nil, fmt.Errorf("year %d: %w", year, err)
		}
		if year < y.To {
			if err := g.close(id, fmt.Sprintf("%d-02-10", year+1)); err != nil {
				return nil, err
			}
		}
		made = append(made, one)
	}
	return made, nil
}

func yearRows(year, tasks int, province string) [][]string {
	addressees := "Các sở, ban, ngành; cơ quan Trung ương; UBND huyện, thị xã, thành phố"
	if province == "GL" {
		addressees = "Các sở, ban, ngành; UBND xã, phường"
	}
	areas := []string{"Chỉ đạo, điều hành", "Thể chế", "Thủ tục hành chính", "Tổ chức bộ máy", "Công vụ", "Tài chính công", "Chính quyền số"}
	rows := [][]string{{"task_id", "area_no", "area", "task", "product", "lead_agency", "coordinating_agencies", "deadline_text"}}
	for i := range tasks {
		area := i % len(areas)
		rows = append(rows, []string{fmt.Sprintf("NV%03d", i+1), strconv.Itoa(area + 1), areas[area],
			fmt.Sprintf("Nội dung số %d của kế hoạch cải cách hành chính năm %d tại cơ quan, địa phương", i+1, year), "Báo cáo", addressees, "",
			fmt.Sprintf("Tháng %d/%d", 3+i%10, year)})
	}
	return rows
}

// yearStory tells one assignment's year: taken, begun, reported, handed in, accepted.
func yearStory(dice *rand.Rand, a Assignment) []step {
	taken := plus(a.AssignedDay, 1+dice.IntN(6))
	begun := plus(taken, 5+dice.IntN(30))
	done := plus(a.OriginalDue, -dice.IntN(20))
	if dice.IntN(10) == 0 { // late
		done = plus(a.OriginalDue, 1+dice.IntN(40))
	}
	done = max(done, plus(begun, 3))
	steps := []step{{day: taken, move: "acknowledge"}, {day: begun, move: "progress", percent: 30, text: "Đã phân công, xây dựng dự thảo"}}
	if asked := plus(a.OriginalDue, -12); dice.IntN(15) == 0 && asked > begun && plus(asked, 3) < done {
		steps = append(steps, step{day: asked, move: "ask_extension", due: plus(a.OriginalDue, 30), text: "Chờ ý kiến của cơ quan phối hợp", document: plus(asked, 3)})
	}
	if dice.IntN(12) == 0 {
		steps = append(steps, step{day: done, move: "submit", text: "Đã có dự thảo", document: "Văn bản kèm theo"}, step{day: plus(done, 2), move: "return", text: "Thiếu số liệu"})
		done = plus(done, 5)
	}
	return append(steps, step{day: done, move: "submit", text: "Hoàn thành", document: "Văn bản kèm theo"}, step{day: plus(done, 1+dice.IntN(5)), move: "approve"})
}

// until leaves out what had not happened by a day, and a question whose answer had not.
func until(steps []step, day string) []step {
	for i, st := range steps {
		if st.day > day || st.move == "ask_extension" && st.document > day {
			return steps[:i]
		}
	}
	return steps
}

// SeedYears makes the years with the program's own log; see the function of that name.
func (s *Service) SeedYears(ctx context.Context, y Years) ([]YearPlan, error) {
	if y.Until == "" {
		y.Until = clock.Day(s.clock())
	}
	return SeedYears(ctx, Seeding{DB: s.db, Log: func(clock.Clock) *audit.Log { return s.log }}, y)
}
