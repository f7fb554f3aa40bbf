package procedure

import (
	"bytes"
	"encoding/json"
	"os"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"cchc/internal/calendar"
	"cchc/internal/document"
	"cchc/internal/errs"
	"cchc/internal/process"
)

func readShipped(t testing.TB, name string) Reading {
	t.Helper()
	raw, err := os.ReadFile("data/" + name)
	if err != nil {
		t.Fatal(err)
	}
	out, err := Read(raw)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// has says whether a doubt about a field was raised, with a code when one is given.
func (r Reading) has(procedure, field, code string) bool {
	for _, d := range r.Doubts {
		if d.Procedure == procedure && d.Field == field && (code == "" || d.Code == code) {
			return true
		}
	}
	return false
}

func (r Reading) entry(t testing.TB, key string) Content {
	t.Helper()
	for _, e := range r.Entries {
		if e.Key == key {
			return e.Content
		}
	}
	t.Fatalf("%s was not read", key)
	return Content{}
}

func TestRead_theTenShippedProceduresWithTheirDoubts(t *testing.T) {
	t.Parallel()
	out := readShipped(t, "procedures.json")
	if out.Procedures != 10 || out.Groups != 1 {
		t.Errorf("%d procedures, %d groups", out.Procedures, out.Groups)
	}
	for _, d := range [][3]string{
		{"land-auction", "total", "check_limit_unknown"}, {"land-auction", "code", "code_missing"}, {"land-auction", "fee", "fee_in_words"}, {"land-auction", "steps.1.minutes", "check_time_unknown"},
		{"land-resettle", "total", "evidence_not_verified"}, {"vutruong-new", "code", "evidence_memory"}, {"pakn", "kind", "belongs_to_feedback"}, {"pakn", "steps", "limits_not_steps"},
		{"lt-karaoke-national", "members", "group_members"}, {"hkd-change", "code", "code_missing"}, {"karaoke-new", "steps", "steps_default"}, {"land-auction", "quality_metrics", "no_place"},
	} {
		if !out.has(d[0], d[1], d[2]) {
			t.Errorf("no doubt %v", d)
		}
	}
	for _, key := range []string{"karaoke-new", "karaoke-adjust", "vutruong-new", "antt", "hkd-new", "hkd-change"} {
		if out.has(key, "steps", "check_sum_differs") {
			t.Errorf("the steps of %s add up, yet a doubt says they do not", key)
		}
	}
	k := out.entry(t, "karaoke-new")
	if k.Limit != days(5) || k.SupplementNotice != days(1) || len(k.Fees) != 6 || k.Fees[2].Criterion != "từ 6 phòng" || k.Fees[2].Amount != 12_000_000 || k.Evidence["supplement_notice"].Mark != Verified {
		t.Errorf("%+v", k)
	}
	a := out.entry(t, "karaoke-adjust")
	if f := a.Fees[1]; f.Amount != 2_000_000 || f.PerUnit != "phòng" || f.Cap != 12_000_000 {
		t.Errorf("%+v", f)
	}
	if l := out.entry(t, "land-auction").Limit; l != (Limit{}) {
		t.Errorf("a limit was invented: %+v", l)
	}
	if f := out.entry(t, "pakn"); len(f.Steps) != 0 || f.Pays != PaysNone {
		t.Errorf("%+v", f)
	}
}

func TestRead_landProcessesInStagesWhoseStepsDoNotAddUpRaiseADoubt(t *testing.T) {
	t.Parallel()
	out := readShipped(t, "land-procedures.json")
	if out.Procedures != 2 || out.Groups != 0 {
		t.Errorf("%d procedures, %d groups", out.Procedures, out.Groups)
	}
	if !out.has("land-adjust-decision", "steps", "check_sum_differs") || out.has("land-list-housing-pilot", "steps", "check_sum_differs") {
		t.Error("the sums were not compared rightly")
	}
	for _, key := range []string{"land-adjust-decision", "land-list-housing-pilot"} {
		for _, d := range [][2]string{{"total", "unit_read_as_working_days"}, {"code", "code_missing"}, {"fee", "fee_missing"}, {"legal_basis", "bases_missing"}, {"variants.hard_area.steps", "check_variant_steps"}} {
			if !out.has(key, d[0], d[1]) {
				t.Errorf("%s: no doubt %v", key, d)
			}
		}
	}
	c := out.entry(t, "land-list-housing-pilot")
	if c.Limit != days(23) || len(c.Variants) != 1 || c.Variants[0].Limit != days(33) || c.Steps[4].Stage != 2 || c.Steps[4].Minutes != 240 {
		t.Errorf("%+v", c)
	}
	way := process.Path(c.Steps, false)
	if len(way.Stages) != 2 || way.Stages[0].Minutes != 15*dayMinutes || way.Stages[1].Minutes != 8*dayMinutes {
		t.Errorf("%+v", way)
	}
}

func TestRead_oddFilesGiveDoubtsNeverInventedValues(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ entry, field, code string }{
		"no steps":            {`"name":"A"`, "", "check_no_steps"},
		"a limit in months":   {`"name":"A","total":{"value":1,"unit":"tháng"}`, "total", "unit_unknown"},
		"a limit in words":    {`"name":"A","total":{"value":"vài","unit":"ngày"}`, "total", "number_unreadable"},
		"a limit below zero":  {`"name":"A","total":{"value":-3,"unit":"ngày làm việc"}`, "total", "number_unreadable"},
		"a limit as a list":   {`"name":"A","total":[5]`, "total", "entry_shape"},
		"hours without end":   {`"name":"A","steps":[{"actor":"B","do":"C","work_hours":1e300}]`, "steps.1.work_hours", "number_unreadable"},
		"a step that is text": {`"name":"A","steps":["tiếp nhận"]`, "steps.1", "entry_shape"},
		"nobody does it":      {`"name":"A","steps":[{"do":"C","work_hours":1}]`, "steps.1.actor", "check_actor_missing"},
		"a fee without a sum": {`"name":"A","fee":[{"area":"x"}]`, "fee.1", "fee_no_amount"},
		"a fee as a number":   {`"name":"A","fee":5`, "fee", "entry_shape"},
		"fees that overlap":   {`"name":"A","fee":[{"vnd":1},{"vnd":2}]`, "fees", "check_fees_overlap"},
		"a code of words":     {`"name":"A","code":"chưa có"`, "code", "code_shape"},
		"a name that is none": {`"name":7`, "name", "not_text"},
		"a strange kind":      {`"name":"A","kind":"magic"`, "kind", "kind_unknown"},
		"a field of its own":  {`"name":"A","colour":"red"`, "colour", "no_place"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			out, err := Read([]byte(`{"procedures":[{"id":"x1",` + c.entry + `}]}`))
			if err != nil || !out.has("x1", c.field, c.code) {
				t.Fatalf("%v %+v", err, out.Doubts)
			}
			if out.Procedures != 1 || out.Entries[0].Content.Limit != (Limit{}) {
				t.Errorf("%+v", out.Entries)
			}
		})
	}
	out, err := Read([]byte(`{"procedures":[{"id":"x1","name":"A"},{"id":"x1","name":"B"},{"name":"C"},{"id":"Đ"},7]}`))
	if err != nil || out.Procedures != 1 || !out.has("x1", "id", "id_twice") || !out.has("#3", "id", "id_missing") || !out.has("#5", "", "entry_shape") {
		t.Errorf("%v %+v", err, out)
	}
	for raw, code := range map[string]string{"": "procedure.file_unreadable", "[]": "procedure.file_unreadable", "{}": "procedure.file_shape", `{"procedures":{}}`: "procedure.file_shape",
		strings.Repeat(" ", MostFileBytes+1): "procedure.file_too_large", `{"procedures":[` + strings.Repeat("1,", mostEntries) + `1]}`: "procedure.file_entries"} {
		if _, err := Read([]byte(raw)); errs.CodeOf(err) != code {
			t.Errorf("%.20q: %v, want %s", raw, err, code)
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, name := range []string{"procedures.json", "land-procedures.json"} {
		raw, err := os.ReadFile("data/" + name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw)
	}
	f.Add([]byte(`{"procedures":[{"id":"a1","total":{"value":0.5,"unit":"ngày"},"steps":[{"stage":9}],"fee":[{"vnd_per_room":1,"cap":0}]}]}`))
	f.Add([]byte(`{"format":"cchc.procedures.1","procedures":[{"key":"a1","kind":"single","content":{"name":"x"}}],"groups":[{"key":"g1"}]}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		out, err := Read(raw)
		if err != nil {
			if errs.CodeOf(err) == "" {
				t.Fatalf("a fault without a code: %v", err)
			}
			return
		}
		for _, e := range out.Entries {
			if _, _, err := seal(e.Content); err != nil || !keyShape.MatchString(e.Key) {
				t.Fatalf("%+v %v", e, err)
			}
		}
	})
}

// contents draws a version with everything in it.
func contents(t *rapid.T) Content {
	word := rapid.SampledFrom([]string{"Đất đai", "Hộ tịch, khai sinh", "=A1", "+84", "- gạch đầu", "'quoted", "một\nhai", "x"})
	limit := func(name string) Limit {
		if rapid.Bool().Draw(t, name) {
			return Limit{}
		}
		return Limit{rapid.Int64Range(1, 9999).Draw(t, name+" n"), rapid.SampledFrom(Units).Draw(t, name+" unit"), true}
	}
	c := Content{Name: "Thủ tục " + word.Draw(t, "name"), Code: "1.000001", Field: "Đất đai", Level: rapid.SampledFrom(Levels).Draw(t, "level"), Limit: limit("limit"), OnlineLimit: limit("online"),
		SupplementNotice: limit("notice"), Channels: rapid.SampledFrom([][]string{nil, {"counter"}, {"online", "post"}}).Draw(t, "channels"), Sets: rapid.IntRange(0, 3).Draw(t, "sets"),
		ServiceLevel: rapid.SampledFrom(ServiceLevels).Draw(t, "service"), Pays: rapid.SampledFrom(PayTimes).Draw(t, "pays"), ReceiptNeeded: rapid.Bool().Draw(t, "receipt"),
		Results: rapid.SampledFrom([][]string{nil, {"Giấy phép", "Quyết định"}}).Draw(t, "results"), FeeText: word.Draw(t, "fee text")}
	for i := range rapid.IntRange(0, 3).Draw(t, "papers") {
		c.Components = append(c.Components, Component{Code: "TP" + string(rune('1'+i)), Name: word.Draw(t, "paper"), Originals: rapid.IntRange(0, 2).Draw(t, "originals"), Required: rapid.Bool().Draw(t, "required"), Digitise: rapid.SampledFrom(DigitiseKinds).Draw(t, "digitise")})
	}
	for i := range rapid.IntRange(0, 3).Draw(t, "fees") {
		c.Fees = append(c.Fees, Fee{Kind: Charge, Criterion: string(rune('a' + i)), From: rapid.SampledFrom([]string{FirstDay, "2026-01-01"}).Draw(t, "from"), To: LastDay, Amount: rapid.Int64Range(0, 1e12).Draw(t, "amount")})
	}
	for i := range rapid.IntRange(0, 4).Draw(t, "steps") {
		s := process.Step{No: i + 1, Stage: 1, Group: process.Handler, Actor: "Phòng", Do: word.Draw(t, "do"), Minutes: rapid.IntRange(0, 4800).Draw(t, "minutes"), Known: rapid.Bool().Draw(t, "known")}
		if i > 1 {
			s.Needs = []int{1, i}
		}
		c.Steps = append(c.Steps, s)
	}
	if rapid.Bool().Draw(t, "case") {
		c.Variants = []Variant{{Code: "kho-khan", Name: "Vùng khó khăn", Limit: limit("case limit"), Steps: []process.Step{{No: 1, Stage: 1, Group: process.Counter, Actor: "Quầy", Do: "nhận", Minutes: 60, Known: true}}}}
	}
	if rapid.Bool().Draw(t, "evidence") {
		c.Evidence = map[string]Evidence{"limit": {Memory, "theo trí nhớ: 5 ngày"}, "steps.1": {DesignDefault, ""}}
	}
	return c
}

// What the catalogue exports, JSON or XLSX, is read back equal.
func TestExport_roundTripLosesNothing(t *testing.T) {
	t.Parallel()
	_, groups, err := ShippedEntries()
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		entries := []Entry{{"thu-tuc-a", Single, contents(t)}, {"thu-tuc-b", Feedback, contents(t)}}
		check := func(raw []byte) {
			out, err := ReadFile(raw)
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(out.Entries, entries) {
				a, _ := json.Marshal(entries)
				b, _ := json.Marshal(out.Entries)
				t.Fatalf("lost something\n%s\n%s\n%v", a, b, out.Doubts)
			}
			a, _ := json.Marshal(groups)
			b, _ := json.Marshal(out.Defined)
			if !bytes.Equal(a, b) {
				t.Fatalf("groups\n%s\n%s", a, b)
			}
		}
		raw, err := ExportJSON(entries, groups)
		if err != nil {
			t.Fatal(err)
		}
		check(raw)
		sheets, err := ExportSheets(entries, groups)
		if err != nil {
			t.Fatal(err)
		}
		var book bytes.Buffer
		if err := document.WriteXLSX(&book, sheets...); err != nil {
			t.Fatal(err)
		}
		check(book.Bytes())
	})
}

func TestGroup_aGroupThatCannotRunIsRefused(t *testing.T) {
	t.Parallel()
	m := func(key string, needs ...string) Member {
		return Member{Key: key, Limit: Limit{5, calendar.WorkingDay, true}, Needs: needs}
	}
	for code, g := range map[string]Group{
		"":                              {Members: []Member{m("a"), m("b", "a")}, Promise: days(10)},
		"procedure.group_members":       {Members: []Member{m("a")}},
		"procedure.group_member_twice":  {Members: []Member{m("a"), m("a")}},
		"procedure.group_needs_unknown": {Members: []Member{m("a"), m("b", "c")}},
		"procedure.group_loop":          {Members: []Member{m("a", "b"), m("b", "a")}},
		"procedure.group_promise":       {Members: []Member{m("a"), m("b", "a")}, Promise: days(9)},
		"procedure.days_backwards":      {Members: []Member{m("a"), m("b")}, From: "2026-02-01", To: "2026-01-01"},
	} {
		if err := g.wellFormed(); errs.CodeOf(err) != code {
			t.Errorf("got %v, want %q", err, code)
		}
	}
	side := Group{Members: []Member{m("a"), m("b"), m("c", "a", "b")}, Promise: days(10)}
	if way, keys, _ := side.Way(); way != 10*dayMinutes || len(keys) != 2 {
		t.Errorf("members side by side count once: %d %v", way, keys)
	}
}

func TestFees_twoLinesThatWouldBothCountAreRefused(t *testing.T) {
	t.Parallel()
	c := Content{Variants: []Variant{{Code: "kho", Name: "Khó khăn"}}}
	put := func(f Fee) error { return c.PutFee(0, f) }
	if err := put(Fee{From: FirstDay, To: "2026-06-30", Amount: 1}); err != nil {
		t.Fatal(err)
	}
	if err := put(Fee{From: "2026-07-01", To: LastDay, Amount: 2}); err != nil {
		t.Errorf("the next line begins the day after: %v", err)
	}
	for _, f := range []Fee{{From: "2026-06-30", To: "2026-06-30"}, {From: "2026-08-01", To: LastDay, Variant: "kho"}} {
		if err := put(f); errs.CodeOf(err) != "procedure.fees_overlap" {
			t.Errorf("%+v: %v", f, err)
		}
		c.Fees = c.Fees[:2]
	}
	if err := put(Fee{From: FirstDay, To: LastDay, Area: "khu vực khác"}); err != nil {
		t.Errorf("another area is another fee: %v", err)
	}
	if err := put(Fee{From: "2026-02-01", To: "2026-01-01", Area: "x"}); errs.CodeOf(err) != "procedure.days_backwards" {
		t.Error(err)
	}
}
