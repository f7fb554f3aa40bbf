package org

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"cchc/internal/audit"
	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/db/dbtest"
	"cchc/internal/errs"
)

var someone = audit.Who{Account: "a1", Name: "Nguyễn Văn A"}

const today = "2026-10-14"

func newDirectory(t testing.TB) *Directory {
	t.Helper()
	keys, err := audit.NewKeys()
	if err != nil {
		t.Fatal(err)
	}
	c := clock.At(time.Date(2026, 10, 14, 9, 0, 0, 0, clock.Vietnam))
	return NewDirectory(audit.New(keys, c), c)
}

// write runs fn in one Write and fails the test on an error.
func write(t testing.TB, d *db.DB, fn func(tx *db.Tx) error) {
	t.Helper()
	if err := d.Write(context.Background(), fn); err != nil {
		t.Fatal(err)
	}
}

// refused runs fn in one Write and wants its refusal.
func refused(t testing.TB, d *db.DB, code string, fn func(tx *db.Tx) error) {
	t.Helper()
	if err := d.Write(context.Background(), fn); errs.CodeOf(err) != code {
		t.Errorf("want %s, got %v", code, err)
	}
}

func create(t testing.TB, d *db.DB, dir *Directory, n New) (a Agency) {
	t.Helper()
	write(t, d, func(tx *db.Tx) (err error) { a, err = dir.Create(tx, someone, n); return err })
	return a
}

// eachShipped runs fn on both engines, with both shipped directories in place.
func eachShipped(t *testing.T, fn func(t *testing.T, d *db.DB, dir *Directory)) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		dir := newDirectory(t)
		write(t, d, func(tx *db.Tx) error { _, err := dir.ImportShipped(tx, someone); return err })
		fn(t, d, dir)
	})
}

func TestList_knowsTheProvinceBeforeAndAfterTheMerger(t *testing.T) {
	t.Parallel()
	eachShipped(t, func(t *testing.T, d *db.DB, dir *Directory) {
		write(t, d, func(tx *db.Tx) error {
			for _, x := range []struct {
				day  string
				kind Kind
				want int
			}{
				{"2022-06-30", Department, 20}, {"2022-06-30", CentralAgency, 7}, {"2022-06-30", District, 11}, {"2022-06-30", Commune, 0},
				{"2025-06-30", District, 11}, {"2025-07-01", District, 0},
				{today, Department, 14}, {today, CentralAgency, 7}, {today, District, 0}, {today, Commune, 135}, {today, Province, 1}, {"", Province, 2},
			} {
				got, err := List(tx, x.day, x.kind)
				if err != nil || len(got) != x.want {
					t.Errorf("%s %s: got %d, want %d (%v)", x.day, x.kind, len(got), x.want, err)
				}
			}
			// A second import of the same files adds nothing.
			report, err := dir.ImportShipped(tx, someone)
			for _, r := range report.Rows {
				if r.State != "unchanged" {
					t.Errorf("read twice, %s is %s", r.Code, r.State)
				}
			}
			return err
		})
	})
}

func TestResolve_readsNamesAsOfficialsWriteThem(t *testing.T) {
	t.Parallel()
	eachShipped(t, func(t *testing.T, d *db.DB, _ *Directory) {
		write(t, d, func(tx *db.Tx) error {
			for _, x := range [][3]string{
				{"Sở Nội vụ", "2022-06-30", "BD.D02"}, {"SỞ NỘI VỤ", today, "GL.D02"}, {"so noi vu", today, "GL.D02"}, {"Sở Nội vụ", "", "BD.D02 GL.D02"},
				{"Sở KH&CN", today, "GL.D09"}, {"Sở KHCN", today, "GL.D09"}, {"Sở Khoa học & Công nghệ", today, "GL.D09"}, {"Sở KH và CN", today, "GL.D09"},
				{"Sở KH&ĐT", "2022-06-30", "BD.D04"}, {"Sở LĐ-TB&XH", "2022-06-30", "BD.D12"}, {"Sở NN&PTNT", "2022-06-30", "BD.D07"}, {"Sở NN-MT", today, "GL.D06"},
				{"Sở VH,TT&DL", today, "GL.D08"}, {"Sở VHTTDL", today, "GL.D08"}, {"Sở TT&TT", "2022-06-30", "BD.D11"}, {"Sở TP", today, "GL.D03"}, {"Sở GDĐT", today, "GL.D10"},
				{"Văn phòng UBND tỉnh", today, "GL.D01"}, {"Văn phòng Ủy ban nhân dân tỉnh", today, "GL.D01"}, {"VP UBND tỉnh Gia Lai", today, "GL.D01"}, {"Văn phòng Uỷ ban nhân dân", today, "GL.D01"},
				{"UBND tỉnh", today, "GL.UBND"}, {"Ủy ban nhân dân tỉnh Gia Lai", today, "GL.UBND"}, {"UBND tỉnh Bình Định", today, ""}, {"UBND tỉnh Bình Định", "2022-06-30", "BD.UBND"}, {"tỉnh Gia Lai", today, "GL.UBND"},
				{"Sở Nội vụ tỉnh Bình Định", "2022-06-30", "BD.D02"}, {"Sở Nội vụ tỉnh Bình Định", "", "BD.D02"}, {"Sở Nội vụ Gia Lai", "", "GL.D02"}, {"Kho bạc Nhà nước Bình Định", "2022-06-30", "BD.C03"},
				{"Công an", today, "GL.C01"}, {"Công an tỉnh Gia Lai", today, "GL.C01"}, {"Cục thuế", "2022-06-30", "BD.C02"}, {"BHXH tỉnh", today, "GL.C04"}, {"Thanh tra tỉnh", today, "GL.D12"},
				{"UBND TP Quy Nhơn", "2022-06-30", "BD.L01"}, {"UBND TP. Quy Nhơn", "2022-06-30", "BD.L01"}, {"thành phố Quy Nhơn", "2022-06-30", "BD.L01"}, {"Quy Nhơn", "2022-06-30", "BD.L01"},
				{"Ủy ban nhân dân thị xã An Nhơn", "2022-06-30", "BD.L02"}, {"UBND TX An Nhơn", "2022-06-30", "BD.L02"}, {"huyện Tuy Phước", "2022-06-30", "BD.L04"}, {"UBND huyện Tuy Phước", today, ""},
				{"UBND phường Quy Nhơn", today, "GL.X001"}, {"UBND P. Quy Nhơn", today, "GL.X001"}, {"phường Bình Định", today, "GL.X006"}, {"UBND phường Bình Định", today, "GL.X006"},
				{"TTPVHCC tỉnh", today, "GL.PVHCC"}, {"Trung tâm Phục vụ hành chính công", today, "GL.PVHCC"}, {"BQL KKT", today, "GL.D14"}, {"Ban Quản lý Khu kinh tế tỉnh", today, "GL.D14"},
				{"gl.d09", today, "GL.D09"}, {"GL.X135", today, "GL.X135"}, {"Sở Ngoại vụ", today, ""}, {"", today, ""}, {"&", today, ""},
			} {
				all, err := Resolve(tx, x[0], x[1])
				var codes []string
				for _, a := range all {
					codes = append(codes, a.Code)
				}
				if got := strings.Join(codes, " "); err != nil || got != x[2] {
					t.Errorf("%q on %q: got %q, want %q (%v)", x[0], x[1], got, x[2], err)
				}
			}
			return nil
		})
	})
}

func TestResolveGroup_readsTheWordsOfPlans(t *testing.T) {
	t.Parallel()
	for _, x := range [][3]string{
		{"Các sở, ban, ngành", "2022-01-05", "department"},
		{"các sở, ngành", "2022-01-05", "department"},
		{"UBND huyện, thị xã, thành phố", "2022-01-05", "district"},
		{"Ủy ban nhân dân các huyện, thị xã và thành phố", "2022-01-05", "district"},
		{"UBND cấp huyện", "2022-01-05", "district"},
		{"UBND cấp huyện", "2026-01-05", ""},
		{"cơ quan Trung ương đóng trên địa bàn", "2022-01-05", "central_agency"},
		{"các cơ quan TW trên địa bàn tỉnh", "2022-01-05", "central_agency"},
		{"UBND các xã, phường", "2026-01-05", "commune"},
		{"các xã, phường", "2026-01-05", "commune"},
		{"UBND cấp xã", "2026-01-05", "commune"},
		{"Các sở, ban, ngành; UBND huyện, thị xã, thành phố", "2022-01-05", "department district"},
		{"Các sở, ban, ngành và UBND các xã, phường", "2026-01-05", "department commune"},
		{"các cơ quan, đơn vị", "2022-01-05", ""},
		{"Sở Nội vụ", "2022-01-05", ""},
		{"các sở, ban, ngành, hội", "2022-01-05", ""},
		{"", "2022-01-05", ""},
	} {
		kinds, ok := ResolveGroup(x[0], x[1])
		got := strings.Trim(fmt.Sprint(kinds), "[]")
		if got != x[2] || ok != (x[2] != "") {
			t.Errorf("%q on %s: got %q %v, want %q", x[0], x[1], got, ok, x[2])
		}
	}
}

func TestRename_keepsTheOldNameInHistory(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		dir := newDirectory(t)
		a := create(t, d, dir, New{Code: "S01", Name: "Sở Văn hóa", Kind: Department, ValidFrom: "2020-01-01", Aliases: []string{"Ngành văn hóa"}})
		write(t, d, func(tx *db.Tx) (err error) {
			if a, err = dir.Rename(tx, someone, a.ID, a.Version, "Sở Văn hóa và Thể thao", "", "2026-03-01", "QĐ 1"); err != nil {
				return err
			}
			if a, err = dir.Rename(tx, someone, a.ID, a.Version, "Sở Văn hóa, Thể thao và Du lịch", "", "2026-06-01", "QĐ 2"); err != nil {
				return err
			}
			a, err = dir.Recode(tx, someone, a.ID, a.Version, "S99", "2026-07-01", "QĐ 3")
			return err
		})
		write(t, d, func(tx *db.Tx) error {
			for day, want := range map[string]string{"2020-01-01": "Sở Văn hóa", "2026-02-28": "Sở Văn hóa", "2026-03-01": "Sở Văn hóa và Thể thao", "2026-05-31": "Sở Văn hóa và Thể thao", "2026-06-01": "Sở Văn hóa, Thể thao và Du lịch"} {
				if got, err := NameOn(tx, a.ID, day); err != nil || got != want {
					t.Errorf("on %s: %q, want %q (%v)", day, got, want, err)
				}
			}
			for _, name := range []string{"Sở Văn hóa", "sở văn hóa - thể thao", "Sở VHTTDL", "ngành văn hoá", "S01", "S99"} {
				if got, err := Resolve(tx, name, today); err != nil || len(got) != 1 || got[0].ID != a.ID {
					t.Errorf("%q is not found (%v)", name, err)
				}
			}
			if _, found, _ := FindByCode(tx, "S01", today); found {
				t.Error("the old code is not today's")
			}
			if _, found, _ := FindByCode(tx, "s01", ""); !found {
				t.Error("the old code finds the agency for ever")
			}
			return nil
		})
		refused(t, d, "org.changed_meanwhile", func(tx *db.Tx) error {
			_, err := dir.Rename(tx, someone, a.ID, 1, "X", "", "2026-08-01", "")
			return err
		})
		refused(t, d, "org.day_in_future", func(tx *db.Tx) error {
			_, err := dir.Rename(tx, someone, a.ID, a.Version, "X", "", "2026-12-01", "")
			return err
		})
		refused(t, d, "org.code_taken", func(tx *db.Tx) error {
			_, err := dir.Create(tx, someone, New{Code: "s01", Name: "Khác", Kind: Other})
			return err
		})
	})
}

func TestSetHead_knowsWhoHeldThePostWhen(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		dir := newDirectory(t)
		a := create(t, d, dir, New{Code: "S01", Name: "Sở Nội vụ", Kind: Department})
		set := func(name, from, to string, acting bool) {
			t.Helper()
			write(t, d, func(tx *db.Tx) error {
				_, err := dir.SetHead(tx, someone, Appointment{AgencyID: a.ID, PersonName: name, FromDay: from, ToDay: to, Acting: acting})
				return err
			})
		}
		set("Bà Hai", "2024-01-01", "", false)
		set("Ông Một", "2020-01-01", "", false) // entered later, held the post before
		set("Ông Ba", "2026-02-01", "2026-03-31", true)
		write(t, d, func(tx *db.Tx) error {
			for day, want := range map[string]string{"2019-12-31": "", "2020-01-01": "Ông Một", "2023-12-31": "Ông Một", "2024-01-01": "Bà Hai", "2026-01-31": "Bà Hai", "2026-02-01": "Ông Ba", "2026-04-01": ""} {
				h, found, err := Head(tx, a.ID, day)
				if err != nil || h.PersonName != want || found != (want != "") || found && h.PostTitle != "Giám đốc" {
					t.Errorf("on %s: %+v, want %q (%v)", day, h, want, err)
				}
			}
			return nil
		})
		refused(t, d, "org.person_missing", func(tx *db.Tx) error {
			_, err := dir.SetHead(tx, someone, Appointment{AgencyID: a.ID, FromDay: today})
			return err
		})
	})
	for name, want := range map[string]string{"Văn phòng UBND tỉnh": "Chánh Văn phòng", "UBND phường Quy Nhơn": "Chủ tịch UBND", "Thanh tra tỉnh": "Chánh Thanh tra", "Ban Dân tộc": "Trưởng ban", "Hội Nông dân": "Thủ trưởng"} {
		if got := HeadTitle(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}
