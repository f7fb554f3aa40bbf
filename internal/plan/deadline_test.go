package plan

import "testing"

func TestParseDeadline_readsTheWordsOfPlans(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ words, means, day, why string }{
		{"Quý II/2022", "day", "2022-06-30", ""},
		{"Quý IV", "day", "2022-12-31", ""},
		{"quý 3 năm 2024", "day", "2024-09-30", ""},
		{"Trong quý I/2022", "day", "2022-03-31", ""},
		{"Tháng 12/2025", "day", "2025-12-31", ""},
		{"Tháng 02/2024", "day", "2024-02-29", ""},
		{"Tháng 01 năm 2022", "day", "2022-01-31", ""},
		{"tháng 13/2022", "", NoDay, "deadline_not_understood"},
		{"6 tháng đầu năm", "day", "2022-06-30", ""},
		{"trong năm", "day", "2022-12-31", ""},
		{"Trong năm 2022", "day", "2022-12-31", ""},
		{"Cả năm", "day", "2022-12-31", ""},
		{"trước ngày 15 hằng tháng", "monthly", NoDay, ""},
		{"chậm nhất ngày 15", "monthly", NoDay, ""},
		{"Chậm nhất ngày 15/11", "day", "2022-11-15", ""},
		{"Trước ngày 15/11/2022", "day", "2022-11-14", ""},
		{"Thường xuyên", "continuous", NoDay, ""},
		{"Thường xuyên trong năm", "continuous", NoDay, ""},
		{"Hằng năm (trước 15/11)", "day", "2022-11-14", ""},
		{"Hằng năm", "", NoDay, "deadline_yearly_without_day"},
		{"Theo lộ trình tại văn bản số 12", "", NoDay, "deadline_open"},
		{"Theo lộ trình…", "", NoDay, "deadline_open"},
		{"Từ 01/7/2025", "", NoDay, "deadline_is_a_start"},
		{"31/01/2023 (kết thúc niên độ)", "day", "2023-01-31", ""},
		{"30.6.2022", "day", "2022-06-30", ""},
		{"2022-06-30", "day", "2022-06-30", ""},
		{"31/4/2022", "", NoDay, "deadline_not_understood"},
		{"Theo kỳ báo cáo", "period", NoDay, ""},
		{"Kế hoạch: Quý I; kiểm tra: cả năm", "", NoDay, "deadline_several"},
		{"khi nào xong thì xong", "", NoDay, "deadline_not_understood"},
		{"  ", "", NoDay, "deadline_missing"},
	} {
		d := ParseDeadline(c.words, 2022)
		if d.Means != c.means || d.Day != c.day || d.Why != c.why {
			t.Errorf("%q: means %q day %s why %q; want %q %s %q", c.words, d.Means, d.Day, d.Why, c.means, c.day, c.why)
		}
	}
}

func TestParseDeadline_aMonthlyDayBeforeThe15thIsThe14th(t *testing.T) {
	t.Parallel()
	if d := ParseDeadline("trước ngày 15 hằng tháng", 2022); d.OnDay != 14 {
		t.Errorf("got %d", d.OnDay)
	}
	if d := ParseDeadline("chậm nhất ngày 15", 2022); d.OnDay != 15 {
		t.Errorf("got %d", d.OnDay)
	}
}

func TestParseDeadline_keepsEveryPartOfACompound(t *testing.T) {
	t.Parallel()
	d := ParseDeadline("Kế hoạch: Quý I; kiểm tra: cả năm", 2022)
	if len(d.Parts) != 2 || d.Parts[0].Day != "2022-03-31" || d.Parts[1].Day != "2022-12-31" || d.Parts[0].Label != "Kế hoạch" {
		t.Errorf("got %+v", d.Parts)
	}
}

func TestSchedule_followsTheReportCutOffs(t *testing.T) {
	t.Parallel()
	q := schedule(Quarterly, 2022, 0, "2022-12-14")
	if len(q) != 4 || q[0].DueDay != "2022-03-14" || q[3].DueDay != "2022-12-14" || q[2].Key != "2022-Q3" {
		t.Errorf("quarterly: %+v", q)
	}
	m := schedule(Monthly, 2022, 0, "2023-01-31")
	if len(m) != 13 || m[1].DueDay != "2022-02-28" || m[12].Key != "2023-01" {
		t.Errorf("monthly: %+v", m)
	}
	if m = schedule(Monthly, 2024, 14, NoDay); len(m) != 12 || m[1].DueDay != "2024-02-14" {
		t.Errorf("monthly by the 14th: %+v", m)
	}
	if schedule(OneOff, 2022, 0, NoDay) != nil {
		t.Error("a single task has no periods")
	}
}

func FuzzParseDeadline_neverPanics(f *testing.F) {
	f.Add("Quý II/2022")
	f.Add("trước ngày 0 hằng tháng")
	f.Fuzz(func(t *testing.T, words string) {
		d := ParseDeadline(words, 2022)
		if d.Why == "" && d.Means == "" {
			t.Errorf("%q: neither a meaning nor a doubt", words)
		}
	})
}
