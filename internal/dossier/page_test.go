package dossier

import (
	"context"
	"testing"

	"cchc/internal/db"
	"cchc/internal/db/dbtest"
	"cchc/internal/errs"
	"cchc/internal/file"
	"cchc/internal/identity"
)

func TestDraw_laysUsedPausedAndLeftOverTheDaysOfTheOffice(t *testing.T) {
	t.Parallel()
	d := dbtest.NewSQLite(t)
	h := newHouse(t, d).on("2026-10-14 09:00") // a Wednesday; due on Wednesday 21/10 at 9:00
	x := h.receive("karaoke-new")
	x = h.move(h.counter, x, Act{Move: "hand_over"})
	h.on("2026-10-15 09:00")
	x = h.move(h.handler, x, Act{Move: "ask_supplement", Reason: "Thiếu giấy"})
	h.on("2026-10-16 09:00")
	x = h.move(h.counter, x, Act{Move: "supply", Papers: []PaperInput{{Component: "id", Copies: 1}}})
	h.on("2026-10-19 09:00")
	v, err := h.Get(h.handler, x.Code)
	h.must(err)
	out, err := h.Draw(h.handler, v)
	h.must(err)
	if len(out.Days) != 9 || out.Days[0].Day != "2026-10-14" || out.Days[8].Day != "2026-10-22" { // one day later than first promised
		t.Fatalf("days %+v", out.Days)
	}
	for i, off := range []bool{false, false, false, true, true, false, false, false, false} {
		if out.Days[i].Off != off {
			t.Errorf("%s is off: %v", out.Days[i].Day, out.Days[i].Off)
		}
	}
	kinds := ""
	for i, p := range out.Parts {
		kinds += p.Kind + " "
		if p.To < p.From || i > 0 && p.From < out.Parts[i-1].To {
			t.Errorf("parts overlap or run back: %+v", out.Parts)
		}
	}
	if kinds != "used wait used left " || out.Now != 5.25 || out.Due != 8.25 || out.Original != 7.25 { // 9:00 is two of eight hours
		t.Errorf("%s now %v due %v original %v", kinds, out.Now, out.Due, out.Original)
	}
	plain := h.receive("plain")
	v, err = h.Get(h.handler, plain.Code)
	h.must(err)
	if out, err = h.Draw(h.handler, v); err != nil || len(out.Days) != 0 {
		t.Errorf("a dossier without a promise is drawn: %+v, %v", out, err)
	}
}

func TestFileOf_opensWhatProvesTheDossierToWhoSeesItAndNothingElse(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		keep := func(ctx context.Context, sha byte) string {
			sum := ""
			for range 64 {
				sum += string('a' + rune(sha))
			}
			h.must(d.Write(ctx, func(tx *db.Tx) error {
				_, err := tx.Exec(`INSERT INTO file_blob (sha256, size, media_type, saved_ms) VALUES ($1, 10, 'application/pdf', 0) ON CONFLICT (sha256) DO NOTHING`, sum)
				return err
			}))
			id, err := h.KeepFile(ctx, file.Document{SHA256: sum, Name: "don.pdf", Title: "Đơn", Kind: "dossier"})
			h.must(err)
			return id
		}
		mine, loose := keep(h.counter, 0), keep(h.counter, 1)
		r := receipt("karaoke-new")
		r.Papers[0].File = mine
		x, err := h.Receive(h.counter, r)
		h.must(err)
		if got, err := h.FileOf(h.handler, x.Code, mine); err != nil || got.Name != "don.pdf" {
			t.Errorf("the handler gets %+v, %v", got, err)
		}
		_, err = h.FileOf(h.handler, x.Code, loose)
		h.refused(err, "file.missing")
		_, err = h.FileOf(h.other, x.Code, mine)
		h.refused(err, "dossier.unknown")
		_, err = h.KeepFile(h.nobody, file.Document{})
		h.refused(err, "dossier.may_not_keep_files")
	})
}

func TestWays_areThoseOfDecidedDossiersWithinReach(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		var codes []string
		for range 3 {
			h.at = h.at.Add(60e9)
			codes = append(codes, h.signed(h.receive("karaoke-new")).Code)
		}
		h.receive("karaoke-new") // still open: no way yet
		reader := identity.From(h.viewer)
		q := WayQuery{Account: reader.Reach(RightView), Right: RightView, NowMs: h.at.UnixMilli(), Key: "karaoke-new", FromDay: "2026-10-14", ToDay: "2026-10-14", Limit: 2}
		h.must(d.Read(h.viewer, func(tx *db.Tx) error {
			done, err := h.Finished(tx, q)
			h.must(err)
			if len(done) != 1 || done[0].N != 3 || done[0].Late != 0 || done[0].Code != "1.001029" {
				t.Errorf("finished %+v", done)
			}
			versions, err := h.FinishedVersions(tx, q)
			h.must(err)
			if len(versions) != 1 || versions[0].VersionID != "v1" || versions[0].N != 3 {
				t.Errorf("versions %+v", versions)
			}
			var got []string
			for {
				page, next, err := h.Ways(tx, q)
				h.must(err)
				for _, w := range page {
					got = append(got, w.Code)
					if len(w.Runs) < 4 || w.Late {
						t.Errorf("way %+v", w)
					}
				}
				if q.After = next; next == "" {
					break
				}
			}
			if len(got) != 3 || got[0] != codes[2] || got[2] != codes[0] {
				t.Errorf("ways %v of %v", got, codes)
			}
			q.After, q.Account = "", identity.From(h.other).Reach(RightView)
			none, _, err := h.Ways(tx, q)
			if len(none) != 0 {
				t.Errorf("another department sees %d ways", len(none))
			}
			return err
		}))
		q.FromDay = "yesterday"
		h.must(d.Read(h.viewer, func(tx *db.Tx) error {
			if _, err := h.Finished(tx, q); err == nil || errs.KindOf(err) == errs.NotFound {
				t.Errorf("a day that is none: %v", err)
			}
			return nil
		}))
	})
}
