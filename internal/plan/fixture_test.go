package plan

import (
	"context"
	"testing"
	"time"

	"cchc/internal/audit"
	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/identity"
	"cchc/internal/notice"
	"cchc/internal/org"
)

// house is a small province: UBND tỉnh (U), Sở Nội vụ (S), Văn phòng (V), Sở Tư pháp
// (T), Sở Y tế (Y), two districts (L1, L2) and Công an tỉnh (C), with a plan that has
// one single task, one task for every agency and one recurring task.
type house struct {
	t    *testing.T
	db   *db.DB
	s    *Service
	now  time.Time
	log  *audit.Log
	told []notice.Notice
	id   map[string]string // agency code -> id
	secretary, office, chairman,
	justice, health, district, stranger identity.Actor
	plan Plan
}

func (h *house) clock() time.Time { return h.now }

// Send keeps what people would be told.
func (h *house) Send(_ *db.Tx, n notice.Notice) error { h.told = append(h.told, n); return nil }

func (h *house) set(day string) {
	at, err := clock.ParseDay(day)
	if err != nil {
		h.t.Fatal(err)
	}
	h.now = at.Add(9 * time.Hour).UTC()
}

func newHouse(t *testing.T, d *db.DB) *house {
	t.Helper()
	h := &house{t: t, db: d, id: map[string]string{}}
	h.set("2021-12-20")
	keys, err := audit.NewKeys()
	if err != nil {
		t.Fatal(err)
	}
	h.log = audit.New(keys, h.clock)
	h.s = New(d, h.clock, h.log, h)
	dir := org.NewDirectory(h.log, h.clock)
	sys := audit.System("test")
	h.write(func(tx *db.Tx) error {
		for _, a := range []struct {
			code, name, parent string
			kind               org.Kind
		}{
			{"U", "UBND tỉnh Bình Định", "", org.Province}, {"S", "Sở Nội vụ", "U", org.Department}, {"V", "Văn phòng UBND tỉnh", "U", org.Department},
			{"T", "Sở Tư pháp", "U", org.Department}, {"Y", "Sở Y tế", "U", org.Department},
			{"L1", "UBND huyện An Lão", "U", org.District}, {"L2", "UBND huyện Hoài Ân", "U", org.District}, {"C", "Công an tỉnh", "U", org.CentralAgency},
		} {
			got, err := dir.Create(tx, sys, org.New{Code: a.code, Name: a.name, Kind: a.kind, ParentID: h.id[a.parent]})
			if err != nil {
				return err
			}
			h.id[a.code] = got.ID
			if _, err := dir.SetHead(tx, sys, org.Appointment{AgencyID: got.ID, PersonName: "Người đứng đầu " + a.code, FromDay: "2020-01-01"}); err != nil {
				return err
			}
		}
		for role, rights := range RoleRights {
			if err := exec(tx, `INSERT INTO identity_role (code, sort_no, built_in) VALUES ($1, 0, TRUE) ON CONFLICT (code) DO NOTHING`, role); err != nil {
				return err
			}
			for _, r := range rights {
				if err := exec(tx, `INSERT INTO identity_right (code, created_ms) VALUES ($1, 0) ON CONFLICT (code) DO NOTHING`, r); err != nil {
					return err
				}
				if err := exec(tx, `INSERT INTO identity_role_right (role_code, right_code) VALUES ($1, $2) ON CONFLICT (role_code, right_code) DO NOTHING`, role, r); err != nil {
					return err
				}
			}
		}
		return nil
	})
	h.secretary = h.person("thu.ky", "S", "", "secretariat")
	h.office = h.person("van.phong", "V", "", "office")
	h.chairman = h.person("chu.tich", "U", "", "chairman")
	h.justice = h.person("tu.phap", "T", "T", "agency_head")
	h.health = h.person("y.te", "Y", "Y", "agency_head")
	h.district = h.person("an.lao", "L1", "L1", "agency_head")
	h.stranger = h.person("la", "C", "C", "agency_head")
	return h
}

func exec(tx *db.Tx, q string, args ...any) error { _, err := tx.Exec(q, args...); return err }

func (h *house) write(fn func(tx *db.Tx) error) {
	h.t.Helper()
	if err := h.db.Write(context.Background(), fn); err != nil {
		h.t.Fatal(err)
	}
}

// person makes an account of an agency with a role over an agency ("" = province).
func (h *house) person(login, agency, over, role string) identity.Actor {
	h.t.Helper()
	a := identity.Actor{AccountID: db.NewID(), Login: login, Name: "Người " + login, AgencyID: h.id[agency]}
	h.write(func(tx *db.Tx) error {
		if err := exec(tx, `INSERT INTO identity_account (id, login, name, name_sort, search_fold, agency_id, state, created_ms) VALUES ($1, $2, $3, '', '', $4, 'active', 0)`,
			a.AccountID, login, a.Name, a.AgencyID); err != nil {
			return err
		}
		return exec(tx, `INSERT INTO identity_grant (id, account_id, role_code, agency_id, from_ms, to_ms, granted_by, created_ms) VALUES ($1, $2, $3, $4, 0, 9999999999999, 'test', 0)`,
			db.NewID(), a.AccountID, role, orNull(h.id[over]))
	})
	return a
}

func as(a identity.Actor) context.Context { return identity.With(context.Background(), a) }

var planRows = [][]string{
	{"task_id", "area_no", "area", "task", "product", "lead_agency", "coordinating_agencies", "deadline_text"},
	{"NV01", "1", "Chỉ đạo", "Ban hành kế hoạch của từng cơ quan", "Kế hoạch", "Các sở, ban, ngành; UBND huyện, thị xã, thành phố", "Sở Nội vụ", "Tháng 01/2022"},
	{"NV02", "2", "Thể chế", "Công bố văn bản hết hiệu lực", "Quyết định", "Sở Tư pháp", "Sở Y tế; Công an tỉnh", "Quý II/2022"},
	{"NV03", "1", "Chỉ đạo", "Chấm điểm chỉ số", "Quyết định", "Sở Nội vụ", "Sở Tư pháp", "Quý IV/2022"},
	{"NV04", "1", "Chỉ đạo", "Báo cáo định kỳ", "Báo cáo", "Sở Y tế", "", "Theo kỳ báo cáo"},
}

// issued imports and issues the small plan.
func (h *house) issued() *house {
	h.t.Helper()
	p, read, err := h.s.ImportPlan(as(h.secretary), Import{Code: "KH-2022", Title: "Kế hoạch CCHC năm 2022", Year: 2022, Issuer: h.id["U"],
		Secretariat: h.id["S"], Office: h.id["V"], Source: "test.csv", Rows: planRows})
	if err != nil {
		h.t.Fatal(err)
	}
	if len(read.Doubts) > 0 {
		h.t.Fatalf("doubts: %+v", read.Doubts)
	}
	if h.plan, err = h.s.Issue(as(h.chairman), p.ID, p.Version, "122/KH-UBND", "Chủ tịch"); err != nil {
		h.t.Fatal(err)
	}
	return h
}

// lead finds the lead assignment of an agency in a task.
func (h *house) lead(code, agency string) Assignment { h.t.Helper(); return h.find(code, agency, Lead) }

func (h *house) find(code, agency string, role AssignmentRole) Assignment {
	h.t.Helper()
	var a Assignment
	h.write(func(tx *db.Tx) error {
		id, found, err := db.One(tx, db.Value[string], `
			SELECT a.id FROM plan_assignment a JOIN plan_task t ON t.id = a.task_id
			WHERE t.plan_id = $1 AND t.code = $2 AND a.agency_id = $3 AND a.role = $4 ORDER BY a.assigned_day DESC LIMIT 1`, h.plan.ID, code, h.id[agency], string(role))
		if err != nil {
			return err
		}
		if !found {
			h.t.Fatalf("no %s assignment of %s in %s", role, agency, code)
		}
		a, err = findAssignment(tx, id)
		return err
	})
	return a
}

func mustDay(t *testing.T, day string) time.Time {
	t.Helper()
	at, err := clock.ParseDay(day)
	if err != nil {
		t.Fatal(err)
	}
	return at
}
