package plan

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/csv"
	"fmt"
	"strings"
	"time"

	"cchc/internal/audit"
	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/errs"
	"cchc/internal/file"
	"cchc/internal/org"
)

// SampleRows and SampleTargets are the shipped reconstruction of a plan and of the
// targets (dữ liệu mẫu): never to be shown as an official text.
//
//go:embed data/sample-2022.csv
var sampleRows []byte

//go:embed data/sample-targets.csv
var sampleTargets []byte

// Seeding is what the demonstration's data are made with. The agencies of 2022 and
// 2026 are in the database already, or are imported from the shipped files.
type Seeding struct {
	DB    *db.DB
	Log   func(clock.Clock) *audit.Log // the program's log on another clock: the past has its own days
	Files *file.Store                  // nil: no evidence
}

// Seeded names what was made.
type Seeded struct{ Plan2022, Plan2026, Programme string }

// Seed makes the scene of the demonstration: the plan of 2022 as closed history, the
// plan of 2026 as it stands on 14/10/2026, and the programme 2025-2030 with its
// targets. Every row is written by the rules that people's acts pass, on the day on
// which the act belongs; nothing is announced, because the past is no news.
// What an interrupted run left is carried on; run twice it adds nothing.
func Seed(ctx context.Context, in Seeding) (out Seeded, err error) {
	if out.Plan2022, err = Seed2022(ctx, in); err != nil {
		return out, fmt.Errorf("seed plan 2022: %w", err)
	}
	if out.Plan2026, err = Seed2026(ctx, in); err != nil {
		return out, fmt.Errorf("seed plan 2026: %w", err)
	}
	if out.Programme, err = seedProgramme(ctx, in); err != nil {
		return out, fmt.Errorf("seed programme: %w", err)
	}
	return out, nil
}

// Seed makes the scene with the program's own log: its entries carry the moment of
// making, the history of the plans the days of the story.
func (s *Service) Seed(ctx context.Context, files *file.Store) error {
	_, err := Seed(ctx, Seeding{DB: s.db, Log: func(clock.Clock) *audit.Log { return s.log }, Files: files})
	return err
}

// seeder plays stories on a clock of its own.
type seeder struct {
	ctx  context.Context
	in   Seeding
	s    *Service
	now  time.Time
	id   map[string]string // agency code -> id
	name map[string]string // agency id -> name
	docs map[string]string // evidence by task code -> content hash
}

func newSeeder(ctx context.Context, in Seeding, day string) (*seeder, error) {
	g := &seeder{ctx: ctx, in: in, id: map[string]string{}, name: map[string]string{}, docs: map[string]string{}}
	g.set(day, 9)
	tick := func() time.Time { return g.now }
	log := in.Log(tick)
	g.s = New(in.DB, tick, log, nil)
	err := in.DB.Write(ctx, func(tx *db.Tx) error {
		dir := org.NewDirectory(log, tick)
		if _, found, err := org.FindByCode(tx, "BD.UBND", ""); err != nil {
			return err
		} else if !found {
			if _, err := dir.ImportShipped(tx, audit.System("seed")); err != nil {
				return err
			}
		}
		return g.heads(tx, dir, day)
	})
	return g, err
}

// heads names a head for every agency of the day that has none: 6 rõ asks for one.
func (g *seeder) heads(tx *db.Tx, dir *org.Directory, day string) error {
	all, err := org.List(tx, day)
	if err != nil {
		return err
	}
	for i, a := range all {
		g.id[a.Code], g.name[a.ID] = a.ID, a.Name
		if a.Kind == org.Province || a.Kind == org.ServiceCentre {
			continue
		}
		if _, found, err := org.Head(tx, a.ID, day); err != nil || found {
			if err != nil {
				return err
			}
			continue
		}
		from := max(a.ValidFrom, min(day, "2021-01-01"))
		if _, err := dir.SetHead(tx, audit.System("seed"), org.Appointment{AgencyID: a.ID, PersonName: sampleName(i), FromDay: from}); err != nil {
			return err
		}
	}
	return nil
}

// sampleName makes a name that belongs to nobody.
func sampleName(i int) string {
	family := []string{"Nguyễn", "Trần", "Lê", "Phạm", "Võ", "Đặng", "Bùi", "Hồ", "Phan", "Đỗ"}
	middle := []string{"Văn", "Thị", "Minh", "Thanh", "Quốc", "Ngọc", "Hữu"}
	return family[i%len(family)] + " " + middle[i/3%len(middle)] + fmt.Sprintf(" Mẫu %02d", i+1)
}

func (g *seeder) set(day string, hour int) {
	at, err := clock.ParseDay(day)
	if err != nil {
		panic(err) // a day in a story of ours
	}
	g.now = at.Add(time.Duration(hour)*time.Hour + 30*time.Minute).UTC()
}

// by is somebody of an agency.
func (g *seeder) by(agency string) audit.Who {
	return audit.Who{Account: "seed:" + agency, Name: "Đầu mối CCHC, " + g.name[agency], Agency: agency}
}

// draft imports rows, settles every doubt and issues the plan on the clock's day.
func (g *seeder) draft(in Import, choices map[string]string) (planID string, err error) {
	err = g.in.DB.Write(g.ctx, func(tx *db.Tx) error {
		var err error
		if planID, err = planByCode(tx, in.Code); err != nil || planID != "" {
			return err // made by a run before this one
		}
		p, _, err := importPlan(tx, in, dayOfYear(in.Year, g.now), "seed", g.now)
		if err != nil {
			return err
		}
		doubts, err := listDoubts(tx, p.ID, false)
		if err != nil {
			return err
		}
		for _, d := range doubts {
			choice := choices[d.Code]
			if choice == "" {
				choice = d.Proposal
			}
			if err := settleOne(tx, d, choice, dayOfYear(in.Year, g.now), "seed", g.now); err != nil {
				return fmt.Errorf("row %d %s %s: %w", d.Row, d.Code, choice, err)
			}
		}
		p.State, p.IssuedDay, p.Signer = Issued, clock.Day(g.now), "Chủ tịch UBND tỉnh"
		who := g.by(p.Issuer)
		given, err := issue(tx, p, who, g.now)
		if err != nil {
			return err
		}
		planID = p.ID
		if err := savePlan(tx, p, g.now.UnixMilli()); err != nil {
			return err
		}
		return g.s.log.Record(tx, who, audit.Entry{Kind: "plan.issue", Subject: "plan_plan:" + p.ID, Agency: p.Secretariat,
			After: map[string]any{"number": p.Number, "day": p.IssuedDay, "assignments": given}})
	})
	return planID, err
}

// step is one act of a story.
type step struct {
	day, move string
	percent   int
	text      string
	document  string
	due       string // of an extension
	level     int    // of a reminder
}

// play runs the stories of the lead assignments of one task in one Write. place is
// the assignment's place among them.
func (g *seeder) play(planID, taskID string, story func(t Task, a Assignment, place int, items []PeriodItem) []step) error {
	return g.in.DB.Write(g.ctx, func(tx *db.Tx) error {
		p, err := findPlan(tx, planID)
		if err != nil {
			return err
		}
		t, err := findTask(tx, taskID)
		if err != nil {
			return err
		}
		all, err := assignmentsOf(tx, taskID)
		if err != nil {
			return err
		}
		place := 0
		for _, a := range all {
			if a.Role != Lead || a.Version > 1 { // a Version above 1: played by a run before this one
				continue
			}
			items, err := periodsOf(tx, a.ID)
			if err != nil {
				return err
			}
			x := &act{s: g.s, tx: tx, plan: p, task: t, a: a, before: a, bulk: &bulk{history: []Event{{Move: "assign", Day: a.AssignedDay, Due: a.OriginalDue}}}}
			for _, st := range story(t, a, place, items) {
				if err := g.do(x, st, items); err != nil {
					return fmt.Errorf("%s %s %s on %s: %w", t.Code, g.name[a.Agency], st.move, st.day, err)
				}
			}
			if err := x.flush(); err != nil {
				return err
			}
			place++
		}
		return nil
	})
}

// do makes one step with the person to whom it belongs.
func (g *seeder) do(x *act, st step, items []PeriodItem) error {
	g.set(st.day, 8+len(x.bulk.history)%9)
	x.now, x.day, x.who = g.now, st.day, g.by(x.a.Agency)
	x.a.Officer = ""
	switch st.move {
	case "acknowledge":
		return x.acknowledge("")
	case "progress":
		return x.progress(Report{Percent: st.percent, Text: st.text})
	case "milestone": // the one numbered level
		return x.progress(Report{Text: st.text, Reached: []string{x.task.Milestones[st.level].ID}})
	case "submit":
		if sha := g.docs[x.task.Code]; sha != "" {
			if err := g.attach(x, sha, st); err != nil {
				return err
			}
		}
		return x.submit(Report{Text: st.text, Document: st.document})
	case "item":
		_, err := x.submitPeriod(items[st.level], st.text, nil)
		items[st.level].State, items[st.level].SubmittedDay = PeriodSubmitted, st.day
		items[st.level].Version++
		return err
	case "ask_extension":
		e, err := x.askExtension(st.due, st.text)
		if st.document == "" || err != nil { // stays undecided
			return err
		}
		g.set(st.document, 15) // the day of the decision
		x.now, x.day, x.who = g.now, st.document, g.by(x.plan.Issuer)
		return x.decide(&e, true, "Đồng ý gia hạn", "2841/UBND-NC")
	}
	x.who = g.by(x.a.Approver)
	switch st.move {
	case "approve":
		return x.approve(st.text)
	case "return":
		return x.giveBack(st.text)
	case "accept_item":
		_, err := x.approvePeriod(items[st.level])
		items[st.level].State = PeriodApproved
		items[st.level].Version++
		return err
	case "remind":
		if _, err := addReminder(x.tx, x.a, st.level, x.day, x.now.UnixMilli(), x.who.Account, st.text); err != nil {
			return err
		}
		return x.finish(Entry{Move: "remind", Text: st.text}, audit.Entry{Kind: "plan.remind", Reason: st.text}, nil)
	}
	return errs.New(errs.Invalid, "plan.assignment_wrong_state", "state", string(x.a.Standing), "move", st.move)
}

// attach ties the kept evidence to an assignment.
func (g *seeder) attach(x *act, sha string, st step) error {
	return file.Attach(x.tx, file.Document{ID: db.NewID(), SHA256: sha, Name: x.task.Code + ".txt", Title: x.task.Product, Number: st.document, IssuedDay: st.day,
		Issuer: g.name[x.a.Agency], Kind: "product", AgencyID: x.a.Agency, CreatedBy: x.who.Account, CreatedMs: x.now.UnixMilli()}, "plan_assignment:"+x.a.ID)
}

// evidence keeps a small text for each of some tasks.
func (g *seeder) evidence(year int, codes ...string) error {
	if g.in.Files == nil {
		return nil
	}
	for _, code := range codes {
		words := fmt.Sprintf("DỮ LIỆU MẪU\n\nSản phẩm của nhiệm vụ %s, kế hoạch cải cách hành chính năm %d.\nVăn bản này chỉ để trình diễn, không phải văn bản chính thức.\n", code, year)
		blob, err := g.in.Files.Save(g.ctx, strings.NewReader(words), fmt.Sprintf("%s-%d.txt", code, year), 1<<20)
		if err != nil {
			return err
		}
		g.docs[code] = blob.SHA256
	}
	return nil
}

// shippedRows reads a shipped CSV.
func shippedRows(raw []byte) ([][]string, error) {
	return csv.NewReader(bytes.NewReader(raw)).ReadAll()
}

// plus moves a day by n days: stories are written relative to deadlines.
func plus(day string, n int) string { return addDays(day, n) }
