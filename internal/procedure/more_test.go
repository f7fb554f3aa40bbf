package procedure

import (
	"context"
	"os"
	"slices"
	"testing"

	"cchc/internal/db"
	"cchc/internal/errs"
	"cchc/internal/indicator"
)

func (h *house) keys(ctx context.Context, q Query) (list []string) {
	h.t.Helper()
	rows, err := h.List(ctx, q, nil, 100)
	h.must(err)
	for _, r := range rows {
		list = append(list, r.Key)
	}
	return list
}

func TestList_draftsAreSeenByWhoSeesTheProvinceAlone(t *testing.T) {
	each(t, func(h *house) {
		h.publish("trich-luc", "2026-07-01", sound())
		c := sound()
		c.Name = "Thủ tục đang soạn"
		v, err := h.Create(h.writer, "dang-soan", Single, c)
		h.must(err)
		c.Name = "Áp dụng sang năm"
		h.publish("sang-nam", "2027-01-01", c)
		for name, one := range map[string]struct {
			ctx  context.Context
			want []string
		}{
			"a visitor":   {context.Background(), []string{"trich-luc"}},
			"no right":    {h.none, []string{"trich-luc"}},
			"a clerk":     {h.clerk, []string{"sang-nam", "trich-luc"}},
			"a publisher": {h.publisher, []string{"dang-soan", "sang-nam", "trich-luc"}},
		} {
			got := h.keys(one.ctx, Query{})
			slices.Sort(got)
			if !slices.Equal(got, one.want) {
				h.t.Errorf("%s sees %v, want %v", name, got, one.want)
			}
		}
		for _, ctx := range []context.Context{context.Background(), h.clerk, h.none} {
			_, err := h.OpenVersion(ctx, v.ID)
			h.refused(err, "procedure.version_unknown")
			_, err = h.Open(ctx, "dang-soan")
			h.refused(err, "procedure.unknown")
		}
		_, err = h.Open(context.Background(), "sang-nam")
		h.refused(err, "procedure.unknown")
		_, err = h.OpenVersion(h.publisher, v.ID)
		h.must(err)
	})
}

func TestList_wordsAreFoundWithoutMarksAndPagesGoOnByKey(t *testing.T) {
	each(t, func(h *house) {
		h.must(Seed(context.Background(), h.Service))
		if got := h.keys(context.Background(), Query{Words: "dieu kien karaoke"}); !slices.Contains(got, "karaoke-new") || slices.Contains(got, "hkd-new") {
			h.t.Error(got)
		}
		if got := h.keys(context.Background(), Query{Words: "1.001612"}); !slices.Equal(got, []string{"hkd-new"}) {
			h.t.Error(got)
		}
		if got := h.keys(context.Background(), Query{Level: LevelCommune}); !slices.Contains(got, "hkd-new") || !slices.Contains(got, "antt") || slices.Contains(got, "karaoke-new") {
			h.t.Error(got)
		}
		if got := h.keys(context.Background(), Query{Words: "%"}); len(got) != 11 {
			h.t.Error("a percent sign is no word", got)
		}
		all := h.keys(context.Background(), Query{})
		var paged []string
		var after []string
		for range 10 {
			rows, err := h.List(context.Background(), Query{}, after, 3)
			h.must(err)
			for _, r := range rows {
				paged = append(paged, r.Key)
				after = r.Cursor()
			}
		}
		if !slices.Equal(all, paged) {
			h.t.Errorf("pages give %v, all %v", paged, all)
		}
	})
}

func TestImport_makesDraftsAndSaysWhatBecameOfEach(t *testing.T) {
	each(t, func(h *house) {
		raw, err := os.ReadFile("data/procedures.json")
		h.must(err)
		r, err := ReadFile(raw)
		h.must(err)
		_, err = h.Import(h.clerk, r)
		if errs.KindOf(err) != errs.Forbidden {
			h.t.Errorf("a clerk imported: %v", err)
		}
		n, err := h.Import(h.writer, r)
		h.must(err)
		if n.Added != 10 || len(h.keys(context.Background(), Query{})) != 0 {
			h.t.Errorf("%+v; nothing is published by an import", n)
		}
		if n, err = h.Import(h.writer, r); err != nil || n.Same != 10 {
			h.t.Errorf("%+v %v", n, err)
		}
		r.Entries[0].Content.Note = "khác"
		if n, err = h.Import(h.writer, r); err != nil || n.Skipped != 1 || n.Same != 9 {
			h.t.Errorf("an open draft is not written over: %+v %v", n, err)
		}
		entries, _, err := h.Export(h.writer)
		if err != nil || len(entries) != 10 {
			h.t.Errorf("%d %v", len(entries), err)
		}
		if _, _, err := h.Export(h.none); errs.KindOf(err) != errs.Forbidden {
			h.t.Errorf("exported without a right: %v", err)
		}
	})
}

func TestWrite_takesAwayTheEvidenceOfWhatIsWrittenAnew(t *testing.T) {
	each(t, func(h *house) {
		c := sound()
		c.Evidence = map[string]Evidence{"limit": {Mark: Verified}, "code": {Mark: Verified}, "steps.1": {Mark: DesignDefault}}
		v, err := h.Create(h.writer, "trich-luc", Single, c)
		h.must(err)
		v, err = h.Write(h.writer, v.ID, v.Version, func(c *Content) error { c.Limit = days(9); return nil })
		h.must(err)
		if _, there := v.Content.Evidence["limit"]; there || len(v.Content.Evidence) != 2 {
			h.t.Errorf("%v", v.Content.Evidence)
		}
		v, err = h.Write(h.writer, v.ID, v.Version, func(c *Content) error { return c.Arrange(ListSteps, "", 1, "down") })
		h.must(err)
		if len(v.Content.Evidence) != 1 || v.Content.Steps[0].Actor != "Công chức tư pháp" || v.Content.Steps[0].No != 1 {
			h.t.Errorf("%+v", v.Content)
		}
		_, err = h.Write(h.clerk, v.ID, v.Version, func(*Content) error { return nil })
		if errs.KindOf(err) != errs.Forbidden {
			h.t.Errorf("a clerk wrote: %v", err)
		}
	})
}

func TestIndicators_countByTheCalendarAndOpenTheirRecords(t *testing.T) {
	each(t, func(h *house) {
		h.must(Seed(context.Background(), h.Service))
		year := indicator.Period{FromDay: "2025-01-01", ToDay: "2025-12-31", OnDay: "2026-10-14"}
		for code, want := range map[string][2]int64{
			// decisions of 20/6/2025 for law of 1/7/2025 come 7 working days ahead; those of 25 and 26/6 and of 8/12 do not
			"procedure.announced_in_time": {7, 11},
			// 20/6 + 5 working days is 27/6: 30/6 is late; 26/6 + 5 is 3/7: 4/7 is late
			"procedure.published_in_time": {9, 11},
			// land: no limit stated; feedback: no order of steps
			"procedure.parts_full":     {8, 11},
			"procedure.online_service": {8, 11},
		} {
			i := slices.IndexFunc(h.Indicators(), func(x indicator.Indicator) bool { return x.Code == code })
			one := h.Indicators()[i]
			h.must(h.d.Read(context.Background(), func(tx *db.Tx) error {
				r, err := one.Read(tx, indicator.Scope{Now: h.at}, year)
				if err != nil || r.Numerator != want[0] || r.Denominator != want[1] {
					h.t.Errorf("%s: %d/%d, want %v (%v)", code, r.Numerator, r.Denominator, want, err)
				}
				var seen int64
				after := ""
				for {
					page, err := one.Open(tx, indicator.Scope{Now: h.at}, year, after, 4)
					if err != nil {
						return err
					}
					seen += int64(len(page.Rows))
					if after = page.Next; after == "" {
						break
					}
				}
				if seen != r.Numerator {
					h.t.Errorf("%s opens %d records and counts %d", code, seen, r.Numerator)
				}
				return nil
			}))
		}
		h.must(h.d.Read(context.Background(), func(tx *db.Tx) error {
			r, err := h.Indicators()[0].Read(tx, indicator.Scope{Now: h.at}, indicator.Period{FromDay: "2024-01-01", ToDay: "2024-12-31"})
			if r.Value != "" {
				h.t.Errorf("no case is %q", r.Value)
			}
			return err
		}))
	})
}
