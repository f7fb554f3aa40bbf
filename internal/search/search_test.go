package search

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/unicode/norm"

	"cchc/internal/db"
	"cchc/internal/db/dbtest"
	"cchc/internal/errs"
)

var now = time.Date(2026, 10, 14, 2, 0, 0, 0, time.UTC)

// bodies are what records say, oldest first.
var bodies = []string{
	"Đất đai: cấp Giấy chứng nhận quyền sử dụng đất lần đầu",
	"Dat dai o nong thon",
	"Rà soát, đơn giản hóa thủ tục hành chính lĩnh vực đất đai",
	"Hành chính công: thủ tục một cửa",
	"Kế hoạch 05/KH-UBND ngày 05/01/2026 của UBND tỉnh",
	"Đại diện Sở Nội vụ kiểm tra tại phường Quy Nhơn",
	"Nguyễn Thị Ánh, hồ sơ H21.65-261120-0001",
	"Chính quyền thân thiện; đường dây nóng 0256.3822.999",
	"Người dân đại hội; đất Võ",
}

func put(t *testing.T, d *db.DB, list []string) {
	t.Helper()
	for i, body := range list {
		err := d.Write(context.Background(), func(tx *db.Tx) error {
			return Put(tx, "plan_task", fmt.Sprint(i), "agency", now.Add(time.Duration(i)*time.Hour).UnixMilli(), body)
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

func find(t *testing.T, d *db.DB, q Query) Page {
	t.Helper()
	q.All = true
	var page Page
	err := d.Read(context.Background(), func(tx *db.Tx) (err error) {
		page, err = Find(tx, q)
		return err
	})
	if err != nil {
		t.Fatalf("%q: %v", q.Text, err)
	}
	return page
}

func ids(p Page) string {
	var list []string
	for _, h := range p.Hits {
		list = append(list, h.ID)
	}
	return strings.Join(list, " ")
}

func TestFind_findsVietnameseWithAndWithoutMarksNewestFirst(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		put(t, d, bodies)
		for _, c := range []struct{ words, newest, ranked string }{
			{"dat dai ", "8 2 1 0", "1 2 0 8"},
			{"đất đai", "8 2 1 0", "2 0 1 8"}, // an unfinished "đai" also begins "đại"
			{"ĐẤT ĐAI ", "8 2 1 0", "2 0 1 8"},
			{`"đất đai"`, "2 1 0", "2 0 1"},
			{`"thủ tục hành chính"`, "2", "2"},
			{"thu tuc", "3 2", "3 2"},
			{"hành chính một cửa", "3", "3"},
			{"05/KH-UBND", "4", "4"},
			{"H21.65-261120", "6", "6"},
			{"nguyen thi anh", "6", "6"},
			{"Ánh", "6", "6"},
			{"thanh", "", ""},
			{"3822", "7", "7"},
			{"noi v", "", ""}, // one letter is a word of its own
			{"noi vu kiem tr", "5", "5"},
			{"", "", ""},
			{"!!! -- ", "", ""},
			{`"`, "", ""},
		} {
			for _, words := range []string{c.words, norm.NFD.String(c.words)} {
				if got := ids(find(t, d, Query{Text: words})); got != c.newest {
					t.Errorf("%q: got %q, want %q", words, got, c.newest)
				}
				if got := ids(find(t, d, Query{Text: words, RankByRelevance: true})); got != c.ranked {
					t.Errorf("%q ranked: got %q, want %q", words, got, c.ranked)
				}
			}
		}
		hit := find(t, d, Query{Text: "nhơn"}).Hits[0]
		if got := fmt.Sprint(hit.Snippet); got != "[{… nội vụ kiểm tra tại phường Quy  false} {Nhơn true}]" && !strings.Contains(got, "{Nhơn true}") {
			t.Errorf("snippet %s", got)
		}
	})
}

func TestPut_movesARecordThatChangesAndForgetsOneThatGoes(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		put(t, d, bodies)
		write := func(fn func(tx *db.Tx) error) {
			t.Helper()
			if err := d.Write(ctx, fn); err != nil {
				t.Fatal(err)
			}
		}
		write(func(tx *db.Tx) error {
			if err := Put(tx, "plan_task", "0", "agency", now.UnixMilli(), "Nhà ở xã hội"); err != nil { // other words
				return err
			}
			return Put(tx, "plan_task", "1", "agency", now.Add(99*time.Hour).UnixMilli(), bodies[1]) // another time
		})
		if got := ids(find(t, d, Query{Text: "dat dai "})); got != "1 8 2" {
			t.Errorf("got %q", got)
		}
		if got := ids(find(t, d, Query{Text: "nha o"})); got != "0" {
			t.Errorf("got %q", got)
		}
		write(func(tx *db.Tx) error {
			if err := Delete(tx, "plan_task", "8"); err != nil {
				return err
			}
			if err := Delete(tx, "plan_task", "never"); err != nil {
				return err
			}
			if err := Delete(tx, "plan_task", "2"); err != nil {
				return err
			}
			return Put(tx, "plan_task", "2", "other", now.Add(2*time.Hour).UnixMilli(), bodies[2])
		})
		page := find(t, d, Query{Text: "dat dai "})
		if got := ids(page); got != "1 2" || page.Hits[1].AgencyID != "other" {
			t.Errorf("got %q", got)
		}
		// A refused call leaves nothing in the index.
		refused := errs.New(errs.Invalid, "x.y")
		err := d.Write(ctx, func(tx *db.Tx) error {
			if err := Put(tx, "plan_task", "99", "agency", 1, "đất đai"); err != nil {
				return err
			}
			return refused
		})
		if errs.CodeOf(err) != "x.y" {
			t.Fatal(err)
		}
		if got := ids(find(t, d, Query{Text: "dat dai "})); got != "1 2" {
			t.Errorf("after a refusal: %q", got)
		}
	})
}

func TestFind_showsOnlyWhatTheReaderReaches(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		reach := dbReach(t, d)
		err := d.Write(ctx, func(tx *db.Tx) error {
			for i, agency := range []string{"a", "b", "a"} {
				if err := Put(tx, "plan_task", fmt.Sprint(i), agency, int64(i), "đất đai"); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		ask := func(q Query) (string, error) {
			var page Page
			err := d.Read(ctx, func(tx *db.Tx) (err error) {
				page, err = Find(tx, q)
				return err
			})
			return ids(page), err
		}
		for _, c := range []struct {
			q    Query
			want string
		}{
			{Query{Text: "đất", Account: reach, Right: "plan.view", Now: now}, "2 0"},
			{Query{Text: "đất", Account: reach, Right: "plan.view", Now: now, RankByRelevance: true}, "2 0"},
			{Query{Text: "đất", Account: reach, Right: "plan.view", Now: now.Add(-48 * time.Hour)}, ""},
			{Query{Text: "đất", Account: reach, Right: "plan.edit", Now: now}, ""},
			{Query{Text: "đất", Account: "nobody", Right: "plan.view", Now: now}, ""},
			{Query{Text: "đất", All: true, Kinds: []string{"plan_task"}}, "2 1 0"},
			{Query{Text: "đất", All: true, Kinds: []string{"dossier"}}, ""},
		} {
			if got, err := ask(c.q); got != c.want || err != nil {
				t.Errorf("%+v: got %q, %v", c.q, got, err)
			}
		}
		if _, err := ask(Query{Text: "đất", Right: "plan.view"}); errs.CodeOf(err) != "search.no_scope" {
			t.Errorf("no account: %v", err)
		}
	})
}

func TestFind_pagesWithoutGapOrRepeat(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		err := d.Write(context.Background(), func(tx *db.Tx) error {
			for i := range 45 { // some of the same moment, as imports are
				if err := Put(tx, "plan_task", fmt.Sprint(i), "a", int64(i/10), []string{"đất đai", "dat dai"}[i%2]); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, ranked := range []bool{false, true} {
			var got []string
			after := ""
			for {
				page := find(t, d, Query{Text: "đất đai", Limit: 10, After: after, RankByRelevance: ranked})
				for _, h := range page.Hits {
					got = append(got, h.ID)
				}
				if after = page.Next; after == "" {
					break
				}
			}
			slices.Sort(got)
			if len(got) != 45 || len(slices.Compact(got)) != 45 {
				t.Errorf("ranked %v: %d hits", ranked, len(got))
			}
		}
		for _, after := range []string{"zz", "1.zz", "x.1"} {
			err := d.Read(context.Background(), func(tx *db.Tx) error {
				_, err := Find(tx, Query{Text: "a", All: true, After: after, RankByRelevance: strings.Contains(after, ".")})
				return err
			})
			if errs.CodeOf(err) != "search.cursor" {
				t.Errorf("%q: %v", after, err)
			}
		}
	})
}

func TestRebuildAndMerge_changeNothingThatIsFound(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		put(t, d, bodies)
		for _, work := range []func() error{
			func() error { _, err := Merge(ctx, d, 50); return err },
			func() error { return Rebuild(ctx, d, nil) },
			func() error {
				done, err := Merge(ctx, d, 50)
				if err == nil && !done {
					t.Error("merging did not end")
				}
				return err
			},
		} {
			if err := work(); err != nil {
				t.Fatal(err)
			}
			if got := ids(find(t, d, Query{Text: "dat dai "})); got != "8 2 1 0" {
				t.Errorf("got %q", got)
			}
		}
	})
}

// FuzzFind throws anything at both engines: neither may fail, and they must agree.
func FuzzFind(f *testing.F) {
	for _, s := range []string{`đất "đai`, `" OR 1=1 --`, `NEAR(a b)`, `a* AND NOT b`, `'a' <-> !b:*`, `words:x ^a`, "\x00\xff", `{a b}:c`, strings.Repeat("a ", 100), "ﬁ İ ß ộ", "½ ² Ⅷ 一"} {
		f.Add(s)
	}
	dbs := []*db.DB{dbtest.NewSQLite(f)}
	if os.Getenv("TEST_DATABASE_URL") != "" {
		dbs = append(dbs, dbtest.NewPostgres(f))
	}
	for _, d := range dbs {
		for i, body := range append(bodies, "a b c x 1 OR 1 NEAR NOT AND", "ﬁ İ ß ½ ² Ⅷ 一 二") {
			err := d.Write(context.Background(), func(tx *db.Tx) error { return Put(tx, "k", fmt.Sprint(i), "a", int64(i), body) })
			if err != nil {
				f.Fatal(err)
			}
		}
	}
	f.Fuzz(func(t *testing.T, s string) {
		var first string
		for i, d := range dbs {
			got := ""
			for _, ranked := range []bool{false, true} {
				err := d.Read(context.Background(), func(tx *db.Tx) error {
					page, err := Find(tx, Query{Text: s, All: true, RankByRelevance: ranked})
					got += ids(page) + "|"
					return err
				})
				if err != nil {
					t.Fatalf("%q: %v", s, err)
				}
			}
			if i == 0 {
				first = got
			} else if got != first {
				t.Errorf("%q: %q and %q", s, first, got)
			}
		}
	})
}

// dbReach lets an account view plans of agency "a" for a day either side of now.
func dbReach(t *testing.T, d *db.DB) (account string) {
	t.Helper()
	err := d.Write(context.Background(), func(tx *db.Tx) error {
		for _, step := range []string{
			`INSERT INTO org_agency (id, code, name, short_name, name_fold, name_sort, kind, from_day, to_day, sample, version) VALUES ('a', 'A', 'A', 'A', 'a', 'a', 'department', '0001-01-01', '9999-12-31', FALSE, 1)`,
			`INSERT INTO org_agency (id, code, name, short_name, name_fold, name_sort, kind, from_day, to_day, sample, version) VALUES ('b', 'B', 'B', 'B', 'b', 'b', 'department', '0001-01-01', '9999-12-31', FALSE, 1)`,
			`INSERT INTO org_tree (ancestor_id, descendant_id) VALUES ('a', 'a') ON CONFLICT DO NOTHING`,
			`INSERT INTO identity_account (id, login, name, name_sort, search_fold, state, created_ms) VALUES ('an', 'an', 'An', 'an', 'an', 'active', 0)`,
			`INSERT INTO identity_role (code, sort_no, built_in) VALUES ('viewer', 1, FALSE)`,
			`INSERT INTO identity_right (code, created_ms) VALUES ('plan.view', 0) ON CONFLICT DO NOTHING`,
			`INSERT INTO identity_role_right (role_code, right_code) VALUES ('viewer', 'plan.view')`,
		} {
			if _, err := tx.Exec(step); err != nil {
				return fmt.Errorf("%s: %w", step, err)
			}
		}
		_, err := tx.Exec(`INSERT INTO identity_grant (id, account_id, role_code, agency_id, from_ms, to_ms, granted_by, created_ms) VALUES ('g', 'an', 'viewer', 'a', $1, $2, 'x', 0)`,
			now.Add(-24*time.Hour).UnixMilli(), now.Add(24*time.Hour).UnixMilli())
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return "an"
}
