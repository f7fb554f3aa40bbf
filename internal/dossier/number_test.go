package dossier

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"cchc/internal/db"
	"cchc/internal/db/dbtest"
	"cchc/internal/errs"
)

func TestNumbers_200ReceiversAtOnceLeaveNoGapAndNoDouble(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		var wg sync.WaitGroup
		var mu sync.Mutex
		codes, failed := map[string]int{}, 0
		for i := range 200 {
			wg.Add(1)
			go func() {
				defer wg.Done()
				r := receipt("karaoke-new")
				if i%10 == 9 {
					r.Applicant.IDNumber = "12" // refused: its number must not be lost
				}
				x, err := h.Receive(h.counter, r)
				mu.Lock()
				defer mu.Unlock()
				if err != nil {
					failed++
					if errs.CodeOf(err) != "dossier.id_number_form" {
						t.Error(err)
					}
					return
				}
				codes[x.Code]++
			}()
		}
		wg.Wait()
		if failed != 20 || len(codes) != 180 {
			t.Errorf("%d refused, %d codes", failed, len(codes))
		}
		for n := 1; n <= 180; n++ {
			if code := fmt.Sprintf("GL.X001-261014-%04d", n); codes[code] != 1 {
				t.Errorf("%s was given %d times", code, codes[code])
			}
		}
		h.recounted()
	})
}

func TestNumbers_startAnewEachDayAndGrowBeyond9999(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		h.must(d.Write(context.Background(), func(tx *db.Tx) error {
			_, err := takeNumbers(tx, h.id["GL.X001"], "2026-10-14", 9998)
			return err
		}))
		if a, b := h.receive("karaoke-new"), h.receive("karaoke-new"); a.Code != "GL.X001-261014-9999" || b.Code != "GL.X001-261014-10000" {
			t.Error(a.Code, b.Code)
		}
		if c := h.on("2026-10-15 08:00").receive("karaoke-new"); c.Code != "GL.X001-261015-0001" {
			t.Error(c.Code)
		}
		h.on("2026-10-15 23:59") // numbers and days go by Vietnam's time, not UTC's
		if c := h.receive("karaoke-new"); c.Code != "GL.X001-261015-0002" {
			t.Error(c.Code)
		}
		if c := h.on("2026-10-16 00:01").receive("karaoke-new"); c.Code != "GL.X001-261016-0001" {
			t.Error(c.Code)
		}
	})
}

func TestReservedNumbers_areUsedOrVoided(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		if _, err := h.Reserve(h.handler, "GL.X001", 5); errs.CodeOf(err) != "identity.right_missing" {
			t.Errorf("reserved without the right: %v", err)
		}
		if _, err := h.Reserve(h.counter, "GL.X001", 0); errs.CodeOf(err) != "dossier.block_size" {
			t.Error(err)
		}
		b, err := h.Reserve(h.counter, "GL.X001", 5)
		h.must(err)
		if next := h.receive("karaoke-new"); next.Code != "GL.X001-261014-0006" {
			t.Errorf("the next number is %s", next.Code)
		}
		use := func(code string) error {
			r := receipt("karaoke-new")
			r.Code, r.At = code, h.at
			_, err := h.Receive(h.counter, r)
			return err
		}
		h.must(use("GL.X001-261014-0003"))
		h.refused(use("GL.X001-261014-0003"), "dossier.number_taken")
		h.refused(use("GL.X001-261014-0006"), "dossier.number_not_reserved")
		h.refused(use("GL.X001-261013-0001"), "dossier.number_not_reserved")
		h.must(h.VoidNumber(h.counter, "GL.X001", "GL.X001-261014-0001", "In hỏng"))
		h.refused(use("GL.X001-261014-0001"), "dossier.number_taken")
		_, err = h.CloseBlock(h.other, b.ID, b.Version)
		h.refused(err, "dossier.block_unknown")
		n, err := h.CloseBlock(h.counter, b.ID, b.Version)
		h.must(err)
		if n != 3 {
			t.Errorf("%d voided, want 2, 4 and 5", n)
		}
		_, err = h.CloseBlock(h.counter, b.ID, b.Version)
		h.refused(err, "dossier.block_closed")
		h.refused(use("GL.X001-261014-0002"), "dossier.number_not_reserved")
		blocks, voids, err := h.Numbers(h.counter, "GL.X001", "2026-10-14")
		h.must(err)
		if len(blocks) != 1 || blocks[0].ClosedMs == 0 || len(voids) != 4 || voids[0].Reason != "In hỏng" {
			t.Errorf("%+v %+v", blocks, voids)
		}
	})
}

func TestReadCode_takesCodesAndOurQRAlone(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{
		" gl.x001-261014-0001 ": "GL.X001-261014-0001", "H21.65-220914-0011": "H21.65-220914-0011", "GL.X001–261014–0001": "GL.X001-261014-0001",
		"https://dvc.gialai.vn/tra-cuu/GL.X001-261014-0001": "GL.X001-261014-0001", "000.00.65.H21-220914-0011": "000.00.65.H21-220914-0011",
	} {
		if got, err := ReadCode(typed, "dvc.gialai.vn"); err != nil || got != want {
			t.Errorf("%q: %q %v", typed, got, err)
		}
	}
	for typed, want := range map[string]string{
		"": "dossier.code_missing", "abc": "dossier.code_form", "GL.X001-261014-": "dossier.code_form", "https://dichvucong.quangngai.gov.vn/tra-cuu/X-261014-0001": "dossier.qr_elsewhere",
		"https://dvc.gialai.vn/khac": "dossier.qr_elsewhere", "GL.X001-261014-0000": "dossier.code_form", "https://dvc.gialai.vn/tra-cuu/xyz": "dossier.code_form",
	} {
		if _, err := ReadCode(typed, "dvc.gialai.vn"); errs.CodeOf(err) != want {
			t.Errorf("%q: %v, want %s", typed, err, want)
		}
	}
}

func TestMask_leavesWhatTheOwnerRecognises(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{"Nguyễn Văn A": "N*** V** A", "Đặng Thị Ánh Tuyết": "Đ*** T** Á** T***", "": ""} {
		if got := MaskName(name); got != want {
			t.Errorf("%q: %q", name, got)
		}
	}
	for number, want := range map[string]string{"052088001234": "*********234", "12": "**", "": ""} {
		if got := MaskNumber(number); got != want {
			t.Errorf("%q: %q", number, got)
		}
	}
}
