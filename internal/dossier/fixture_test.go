package dossier

import (
	"context"
	"testing"
	"time"

	"cchc/internal/audit"
	"cchc/internal/calendar"
	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/errs"
	"cchc/internal/event"
	"cchc/internal/identity"
	"cchc/internal/identity/identitytest"
	"cchc/internal/indicator"
	"cchc/internal/org"
	"cchc/internal/process"
)

// shelf stands for the catalogue.
type shelf map[string]Procedure

func (s shelf) Find(_ *db.Tx, key, variant, day string, online bool) (Procedure, error) {
	p, there := s[key]
	if !there {
		return p, errs.OnField("procedure", "dossier.procedure_unknown", "procedure", key)
	}
	if key == "old" && day > "2026-06-30" {
		return p, errs.OnField("procedure", "procedure.not_in_force", "procedure", key)
	}
	p.Variant, p.Online = variant, online
	return p, nil
}

func step(no int, group process.Group, hours int, back bool) process.Step {
	return process.Step{No: no, Stage: 1, Group: group, Actor: string(group), Do: "làm", Minutes: hours * 60, Known: true, MaySendBack: back}
}

// procedures are the shapes that a table has: one way, side by side, stages, no table.
func procedures() shelf {
	karaoke := Procedure{VersionID: "v1", Key: "karaoke-new", Code: "1.001029", Name: "Cấp Giấy phép đủ điều kiện kinh doanh dịch vụ karaoke", Field: "culture", Amount: 5, Unit: "working_day", Known: true,
		Steps: []process.Step{step(1, process.Counter, 4, false), step(2, process.Handler, 8, true), step(3, process.Handler, 16, true), step(4, process.Leader, 8, true), step(5, process.Counter, 4, false)},
		Components: []Component{{Code: "form", Name: "Đơn đề nghị", Digitise: "law", Required: true}, {Code: "antt", Name: "Giấy chứng nhận an ninh, trật tự", Digitise: "result", Required: true},
			{Code: "id", Name: "Bản sao CCCD"}}, ReturnsDocument: true, Pays: "before", PausesForPayment: true, SupplementNoticeDays: 1}
	side := karaoke
	side.Key, side.Amount = "side", 3
	side.Steps = []process.Step{step(1, process.Counter, 4, false), step(2, process.Handler, 8, false), step(3, process.Handler, 16, false), step(4, process.Leader, 4, false)}
	side.Steps[1].Parallel, side.Steps[2].Parallel = "a", "a"
	land := karaoke
	land.Key, land.Code, land.Name, land.Amount, land.PausesForPayment = "land", "", "Công nhận kết quả trúng đấu giá", 10, false
	land.Steps = []process.Step{step(1, process.Counter, 8, false), step(2, process.Handler, 40, true), step(3, process.Counter, 8, false), step(4, process.Leader, 24, true)}
	land.Steps[2].Stage, land.Steps[3].Stage = 2, 2
	plain := Procedure{VersionID: "v1", Key: "plain", Name: "Xác nhận", Known: false, SameDay: true}
	old := karaoke
	old.Key = "old"
	group := karaoke
	group.Key, group.ReceiptUntil, group.ReceiptNext = "group", "17:00", "08:00"
	return shelf{"karaoke-new": karaoke, "side": side, "land": land, "plain": plain, "old": old, "group": group}
}

// house is a province with a counter, a department, and people of both.
type house struct {
	*Service
	t      testing.TB
	d      *db.DB
	at     time.Time
	id     map[string]string
	people *identitytest.House
	dir    *org.Directory
	book   *calendar.Book
	log    *audit.Log

	counter, handler, leader, head, other, viewer, nobody context.Context
}

func (h *house) clock() time.Time { return h.at }

func (h *house) must(err error) {
	h.t.Helper()
	if err != nil {
		for _, e := range errs.All(err) {
			h.t.Log(e.Code, e.Field, e.Args)
		}
		h.t.Fatal(err)
	}
}

func (h *house) refused(err error, code string) {
	h.t.Helper()
	if got := errs.CodeOf(err); got != code {
		h.t.Errorf("got %v, want %s", err, code)
	}
}

// on sets the clock to a moment in Vietnam.
func (h *house) on(at string) *house {
	h.t.Helper()
	t, err := time.ParseInLocation("2006-01-02 15:04", at, clock.Vietnam)
	h.must(err)
	h.at = t.UTC()
	return h
}

func local(ms int64) string {
	if ms == 0 {
		return "-"
	}
	return clock.FromMs(ms).In(clock.Vietnam).Format("2006-01-02 15:04")
}

func newHouse(t testing.TB, d *db.DB) *house {
	t.Helper()
	h := &house{t: t, d: d, id: map[string]string{}}
	h.on("2026-10-14 09:00")
	keys, err := audit.NewKeys()
	h.must(err)
	h.log = audit.New(keys, h.clock)
	h.people = identitytest.New(t, d, h.clock, Rights...)
	h.dir = org.NewDirectory(h.log, h.clock)
	h.book = calendar.NewBook(h.log, h.clock)
	h.must(d.Write(context.Background(), func(tx *db.Tx) error { return h.book.ApplyShipped(tx, audit.System("test"), "mẫu") }))
	for _, a := range []struct {
		code, name, parent string
		kind               org.Kind
	}{{"U", "UBND tỉnh Mẫu", "", org.Province}, {"GL.X001", "UBND phường Quy Nhơn", "U", org.Commune}, {"GL.D08", "Sở Văn hóa, Thể thao và Du lịch", "U", org.Department},
		{"GL.D05", "Sở Tài chính", "U", org.Department}, {"GL.X002", "UBND xã Tuy Phước", "U", org.Commune}, {"GL.CA", "Công an tỉnh", "U", org.CentralAgency}} {
		h.must(d.Write(context.Background(), func(tx *db.Tx) error {
			got, err := h.dir.Create(tx, audit.System("test"), org.New{Code: a.code, Name: a.name, Kind: a.kind, ParentID: h.id[a.parent], ValidFrom: org.First, ValidTo: org.Last})
			h.id[a.code] = got.ID
			return err
		}))
	}
	as := func(login, over string, rights ...string) context.Context {
		return identity.With(context.Background(), h.people.Person(login, h.id[over], h.id[over], rights...))
	}
	h.counter = as("motcua", "GL.X001", RoleRights["receptionist"]...)
	h.handler = as("thuly", "GL.D08", RoleRights["handler"]...)
	h.leader = as("lanhdao", "GL.D08", RoleRights["unit_leader"]...)
	h.head = as("giamdoc", "U", RoleRights["centre_head"]...)
	h.other = as("taichinh", "GL.D05", Rights...)
	h.viewer = as("xem", "U", RightView)
	h.nobody = identity.With(context.Background(), h.people.Person("khong", h.id["GL.D05"], ""))
	h.Service = &Service{DB: d, Clock: h.clock, Log: h.log, Procedures: procedures()}
	return h
}

// receipt is a complete one for the department, received at the ward.
func receipt(procedure string) Receipt {
	r := Receipt{Procedure: procedure, Receiving: "GL.X001", Competent: "GL.D08", Channel: Counter, Content: "Cơ sở karaoke 12 Nguyễn Huệ",
		Applicant: Party{Kind: "citizen", Name: "Nguyễn Văn An", IDKind: "citizen_id", IDNumber: "052088001234", Phone: "0905 123 456"}}
	if procedure != "plain" {
		r.Papers = []PaperInput{{Component: "form", Originals: 1}, {Component: "antt", Copies: 1}}
	}
	return r
}

func (h *house) receive(procedure string) Dossier {
	h.t.Helper()
	d, err := h.Receive(h.counter, receipt(procedure))
	h.must(err)
	return d
}

// move makes a move that must succeed.
func (h *house) move(who context.Context, d Dossier, in Act) Dossier {
	h.t.Helper()
	in.Version = d.Version
	out, err := h.Move(who, d.Code, in)
	if err != nil {
		h.t.Logf("%s from %s", in.Move, d.State)
	}
	h.must(err)
	return out
}

// refuse makes a move that must be refused with a code and leave the dossier as it was.
func (h *house) refuse(who context.Context, d Dossier, in Act, code string) {
	h.t.Helper()
	if in.Version == 0 {
		in.Version = d.Version
	}
	_, err := h.Move(who, d.Code, in)
	h.refused(err, code)
	if now := h.load(d.ID); now.Version != d.Version || now.State != d.State || now.DueMs != d.DueMs {
		h.t.Errorf("a refused %s left %+v", in.Move, now)
	}
}

func (h *house) load(id string) (d Dossier) {
	h.t.Helper()
	h.must(h.d.Read(context.Background(), func(tx *db.Tx) (err error) { d, err = findDossier(tx, id); return err }))
	return d
}

// signed brings a dossier of the first table to its signature.
func (h *house) signed(d Dossier) Dossier {
	h.t.Helper()
	d = h.move(h.counter, d, Act{Move: "hand_over"})
	d = h.move(h.handler, d, Act{Move: "advance"})
	d = h.move(h.handler, d, Act{Move: "advance"})
	return h.move(h.leader, d, Act{Move: "approve", Result: ResultInput{Number: "12/GP"}})
}

// figure reads an indicator over the year for the whole province.
func (h *house) figure(code string, dims map[string]string) indicator.Reading {
	h.t.Helper()
	var out indicator.Reading
	for _, i := range Indicators() {
		if i.Code != code {
			continue
		}
		h.must(h.d.Read(context.Background(), func(tx *db.Tx) (err error) {
			out, err = i.Read(tx, indicator.Scope{Now: h.at, Dims: dims}, indicator.Period{FromDay: "2026-01-01", ToDay: "2026-12-31", OnDay: clock.Day(h.at)})
			return err
		}))
		return out
	}
	h.t.Fatal("no indicator", code)
	return out
}

// facts counts the announcements of a move.
func (h *house) facts(move string) (n int) {
	h.t.Helper()
	h.must(h.d.Read(context.Background(), func(tx *db.Tx) error {
		n, _ = 0, event.DossierMoved{}
		count, _, err := db.One(tx, db.Value[int], `SELECT COUNT(*) FROM event_outbox WHERE kind = 'dossier.moved' AND body LIKE $1`, `%"move":"`+move+`"%`)
		n = count
		return err
	}))
	return n
}

// at1 reads a figure of the year for one agency.
func (h *house) at1(code, agency string) string {
	h.t.Helper()
	for _, i := range Indicators() {
		if i.Code != code {
			continue
		}
		var out indicator.Reading
		h.must(h.d.Read(context.Background(), func(tx *db.Tx) (err error) {
			out, err = i.Read(tx, indicator.Scope{Now: h.at, AgencyID: h.id[agency]}, indicator.Period{FromDay: "2026-01-01", ToDay: "2026-12-31", OnDay: clock.Day(h.at)})
			return err
		}))
		return out.Value
	}
	h.t.Fatal("no indicator", code)
	return ""
}

// preview asks which promises a day off would move.
func (h *house) preview(day string) []calendar.Move {
	h.t.Helper()
	var m calendar.Moves
	h.must(h.d.Read(context.Background(), func(tx *db.Tx) (err error) {
		m, err = h.book.Preview(tx, []calendar.Change{{SetDay: &calendar.Day{Day: day, Kind: calendar.DayOff, Name: "Nghỉ bão"}}}, "", 100)
		return err
	}))
	return m.Moves
}

func (h *house) dayOff(day string) {
	h.t.Helper()
	h.must(h.d.Write(context.Background(), func(tx *db.Tx) error {
		return h.book.Apply(tx, audit.System("test"), []calendar.Change{{SetDay: &calendar.Day{Day: day, Kind: calendar.DayOff, Name: "Nghỉ bão"}}}, "công điện")
	}))
}
