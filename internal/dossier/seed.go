package dossier

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"cchc/internal/audit"
	"cchc/internal/calendar"
	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/errs"
	"cchc/internal/org"
)

// Seeding is what the demonstration's dossiers need.
type Seeding struct {
	DB         *db.DB
	Procedures Catalogue
	Log        func(clock.Clock) *audit.Log // the log by a clock of its own: the past has its own times
	From       string                       // first day
	Until      time.Time                    // the scene: what would happen later has not happened yet
	Dossiers   int
	Accounts   map[string]audit.Who // who acts at an agency, by "code:part"; others act as their office
}

// seeder tells stories of dossiers by the rules that people's acts pass, with a clock
// that each story sets.
type seeder struct {
	Seeding
	s    *Service
	dice *rand.Rand
	at   time.Time
	id   map[string]string // agencies by code
	cal  calendar.Calendar
	made int
}

// story is one dossier to be told.
type story struct {
	at    time.Time
	r     Receipt
	stuck bool // nobody gets on with it
}

// oneWrite is how many dossiers are told in one transaction.
const oneWrite = 100

// Seed tells three months of believable dossiers: late ones, supplemented, refused,
// withdrawn, and those that are open today. The same seed tells the same stories. Where a
// dossier exists it does nothing.
func Seed(ctx context.Context, in Seeding) (made int, err error) {
	g := &seeder{Seeding: in, dice: rand.New(rand.NewPCG(2026, 10)), id: map[string]string{}}
	tick := func() time.Time { return g.at }
	g.s = &Service{DB: in.DB, Clock: tick, Log: in.Log(tick), Procedures: in.Procedures, quiet: true}
	there := false
	err = in.DB.Read(ctx, func(tx *db.Tx) error {
		if there, err = anyDossier(tx); err != nil || there {
			return err
		}
		if g.cal, err = calendar.Load(tx, ""); err != nil {
			return err
		}
		all, err := org.List(tx, clock.Day(in.Until))
		for _, a := range all {
			g.id[a.Code] = a.ID
		}
		return err
	})
	if err != nil || there {
		return 0, err
	}
	stories := g.stories()
	for part := range slices.Chunk(stories, oneWrite) {
		err := in.DB.Write(ctx, func(tx *db.Tx) error {
			for _, s := range part {
				if err := g.tell(tx, s); err != nil {
					return fmt.Errorf("%s at %s: %w", s.r.Procedure, s.at, err)
				}
			}
			return nil
		})
		if err != nil {
			return g.made, err
		}
	}
	return g.made, nil
}

// stories draws who hands what in where and when, in the order of time.
func (g *seeder) stories() []story {
	first, err := clock.ParseDay(g.From)
	if err != nil {
		return nil
	}
	var list []story
	for i := range g.Dossiers {
		kind := pick(g.dice, kinds766)
		r := Receipt{Procedure: kind.procedure, Channel: Counter, Receiving: pick(g.dice, counters).code, Applicant: g.person(), Content: g.content(kind.content)}
		if kind.competent != "" {
			r.Competent = kind.competent
		} else if r.Receiving == centre {
			r.Receiving = "GL.X001" // the centre of the province receives for departments only
		}
		switch roll := g.dice.IntN(100); {
		case roll < kind.online:
			r.Channel = Online
		case roll < kind.online+5:
			r.Channel = Post
		}
		if kind.business && g.dice.IntN(3) == 0 {
			r.Applicant = g.firm()
			if p := g.person(); r.Channel == Counter {
				r.Submitter = &p
			}
		}
		span := int(g.Until.Sub(first).Minutes())
		at := first.Add(time.Duration(g.dice.IntN(span)) * time.Minute)
		if r.Channel != Online {
			at = g.cal.Norm(at).Add(time.Duration(g.dice.IntN(120)) * time.Minute)
		}
		one := story{at: at.Truncate(time.Minute), r: r}
		switch { // the last day's morning is busy, and some lie somewhere for weeks
		case i < 24:
			one.at = g.Until.Add(-time.Duration(5+g.dice.IntN(55)) * time.Minute)
		case i < 48:
			one.at, one.stuck = g.cal.Norm(g.Until.AddDate(0, 0, -12-g.dice.IntN(10))), true
		}
		if one.at.Before(g.Until) {
			list = append(list, one)
		}
	}
	slices.SortStableFunc(list, func(a, b story) int { return a.at.Compare(b.at) })
	return list
}

// centre is the centre of the province.
const centre = "GL.PVHCC"

// tell receives a dossier and lets it live until the scene.
func (g *seeder) tell(tx *db.Tx, s story) error {
	g.at = s.at
	t, err := g.Procedures.Find(tx, s.r.Procedure, "", clock.Day(s.at), s.r.Channel == Online)
	if kind := errs.KindOf(err); kind == errs.Conflict || kind == errs.NotFound {
		return nil // a draft of the catalogue: nobody hands it in
	}
	if err != nil {
		return err
	}
	for i, c := range t.Components {
		if c.Required || g.dice.IntN(2) == 0 {
			s.r.Papers = append(s.r.Papers, PaperInput{Component: c.Code, Originals: i % 2, Copies: 1 - i%2})
		}
	}
	d, err := g.s.Take(tx, g.who(s.r.Receiving, "counter"), g.at, s.r)
	if err != nil {
		return err
	}
	g.made++
	l := life{g: g, tx: tx, d: d, r: s.r, pace: g.pace()}
	if s.stuck {
		l.pace = 3 + 3*g.dice.Float64()
	}
	if l.r.Competent == "" {
		l.r.Competent = l.r.Receiving
	}
	return l.live()
}

// pace is how fast an office works on a dossier, as a part of the time that it has: most
// within it, some not.
func (g *seeder) pace() float64 {
	if g.dice.IntN(100) < 6 {
		return 1.05 + g.dice.Float64()*0.8
	}
	return 0.35 + g.dice.Float64()*0.6
}

// who acts at an agency: the demonstration's own people where they sit.
func (g *seeder) who(code, part string) audit.Who {
	if w, there := g.Accounts[code+":"+part]; there {
		return w
	}
	names := map[string]string{"counter": "Cán bộ một cửa", "handler": "Chuyên viên thụ lý", "leader": "Lãnh đạo ký duyệt", "head": "Giám đốc Trung tâm Phục vụ hành chính công"}
	return audit.Who{Account: "demo:" + part + ":" + code, Name: names[part], Agency: g.id[code]}
}

type weighted struct {
	code string
	n    int
}

// counters are where people hand in, by how many do.
var counters = []weighted{{"GL.X001", 34}, {centre, 18}, {"GL.X002", 9}, {"GL.X003", 8}, {"GL.X006", 8}, {"GL.X007", 6}, {"GL.X013", 6}, {"GL.X033", 6}, {"GL.X060", 3}, {"GL.X090", 2}}

func (w weighted) weight() int { return w.n }

type kind766 struct {
	procedure, competent string
	n, online            int
	business             bool
	content              []string
}

func (k kind766) weight() int { return k.n }

// kinds766 are the procedures that are handed in: a commune decides on household
// businesses itself, departments on the others.
var kinds766 = []kind766{
	{"hkd-new", "", 38, 70, false, []string{"Đăng ký hộ kinh doanh quán cà phê", "Đăng ký hộ kinh doanh tạp hóa", "Đăng ký hộ kinh doanh sửa xe máy", "Đăng ký hộ kinh doanh may mặc"}},
	{"hkd-change", "", 18, 65, false, []string{"Thay đổi địa chỉ hộ kinh doanh", "Bổ sung ngành nghề kinh doanh", "Thay đổi chủ hộ kinh doanh"}},
	{"karaoke-new", "GL.D08", 14, 55, true, []string{"Cấp giấy phép cơ sở karaoke 4 phòng", "Cấp giấy phép cơ sở karaoke 6 phòng", "Cấp giấy phép cơ sở karaoke 2 phòng"}},
	{"karaoke-adjust", "GL.D08", 9, 50, true, []string{"Điều chỉnh giấy phép karaoke do thêm 2 phòng", "Điều chỉnh giấy phép karaoke do đổi chủ sở hữu"}},
	{"vutruong-new", "GL.D08", 2, 40, true, []string{"Cấp giấy phép vũ trường"}},
	{"antt", "GL.C01", 6, 45, true, []string{"Cấp giấy chứng nhận an ninh, trật tự cơ sở karaoke", "Cấp giấy chứng nhận an ninh, trật tự cơ sở lưu trú"}},
	{"land-auction", "GL.D06", 8, 0, false, []string{"Công nhận trúng đấu giá lô đất A12", "Công nhận trúng đấu giá lô đất B07", "Công nhận trúng đấu giá lô đất C21"}},
	{"land-resettle", "GL.D06", 8, 0, false, []string{"Giao đất tái định cư dự án đường ven biển", "Giao đất tái định cư khu dân cư phía Bắc"}},
	{"land-list-housing-pilot", "GL.D06", 3, 0, true, []string{"Công bố khu đất thí điểm nhà ở thương mại"}},
}

// pick draws one by its weight.
func pick[T interface{ weight() int }](dice *rand.Rand, list []T) T {
	sum := 0
	for _, w := range list {
		sum += w.weight()
	}
	roll := dice.IntN(sum)
	for _, w := range list {
		if roll -= w.weight(); roll < 0 {
			return w
		}
	}
	return list[0]
}

var (
	surnames = []string{"Nguyễn", "Trần", "Lê", "Phạm", "Huỳnh", "Phan", "Võ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô", "Rơ Châm", "Ksor"}
	middles  = []string{"Văn", "Thị", "Minh", "Thanh", "Ngọc", "Quốc", "Thu", "Hữu", "Kim"}
	givens   = []string{"An", "Bình", "Chi", "Dũng", "Hà", "Hạnh", "Hùng", "Hương", "Khánh", "Lan", "Long", "Mai", "Nam", "Phúc", "Quân", "Sơn", "Tâm", "Thảo", "Trang", "Tuấn"}
	firms    = []string{"Hương Sen", "Sao Đêm", "Biển Xanh", "Phố Núi", "Ánh Dương", "Thiên Thanh", "Hoàng Hôn", "Gió Lộc"}
	places   = []string{"phường Quy Nhơn", "phường Quy Nhơn Bắc", "phường Bình Định", "phường An Nhơn", "xã Tuy Phước", "phường Pleiku", "xã Chư Păh"}
)

// person makes up an applicant: common names that mean nobody, and a number of province
// 999, which there is not.
func (g *seeder) person() Party {
	name := surnames[g.dice.IntN(len(surnames))] + " " + middles[g.dice.IntN(len(middles))] + " " + givens[g.dice.IntN(len(givens))]
	return Party{Kind: "citizen", Name: name, IDKind: "citizen_id", IDNumber: fmt.Sprintf("999%09d", 100_000_000+g.dice.IntN(800_000_000)), Phone: fmt.Sprintf("0900000%03d", g.dice.IntN(1000)),
		Address: fmt.Sprintf("Tổ %d, %s", 1+g.dice.IntN(20), places[g.dice.IntN(len(places))])}
}

func (g *seeder) firm() Party {
	return Party{Kind: "business", Name: "Công ty TNHH " + firms[g.dice.IntN(len(firms))] + " (mẫu)", IDKind: "tax_code", IDNumber: fmt.Sprintf("99%08d", 10_000_000+g.dice.IntN(80_000_000)),
		Address: places[g.dice.IntN(len(places))]}
}

func (g *seeder) content(list []string) string {
	return list[g.dice.IntN(len(list))] + " tại " + places[g.dice.IntN(len(places))] + " (dữ liệu mẫu)"
}
