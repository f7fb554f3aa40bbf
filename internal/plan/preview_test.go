package plan

import (
	"encoding/csv"
	"fmt"
	"os"
	"strings"
	"testing"
)

func readCSV(t testing.TB, path string) [][]string {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	r := csv.NewReader(strings.NewReader(string(raw)))
	r.FieldsPerRecord = -1
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func orgs2022(t testing.TB) *FileDirectory {
	t.Helper()
	d, err := ReadDirectory(readCSV(t, "testdata/orgs-2022.csv"), "2022-01-01")
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// The sample of 2022 has 23 tasks of one lead and 15 for each of 20 departments and
// 11 districts: 23 + 15 × 31 = 488 lead assignments.
func TestPreview_theShippedFileGives38TasksAnd488LeadAssignments(t *testing.T) {
	t.Parallel()
	got, err := Preview(readCSV(t, "data/sample-2022.csv"), 2022, orgs2022(t))
	if err != nil {
		t.Fatal(err)
	}
	if got.Rows != 38 || got.Tasks != 38 || got.Assignments != 488 {
		t.Errorf("rows %d, tasks %d, assignments %d; want 38, 38, 488", got.Rows, got.Tasks, got.Assignments)
	}
	if len(got.Areas) != 7 {
		t.Errorf("areas: %+v", got.Areas)
	}
	var doubts []string
	for _, d := range got.Doubts {
		doubts = append(doubts, fmt.Sprintf("%d %s %s: %s", d.Row, d.Field, d.Code, d.Text))
	}
	want := []string{
		// The file of agencies keeps no posts, so nobody is named: one doubt for the file.
		"0 head heads_unknown: ",
		// A compound deadline: the plan by quarter I, the inspections all year.
		"3 deadline deadline_several: Kế hoạch: Quý I; kiểm tra: cả năm",
		// The press is no agency of the tree; two agencies lead; central agencies are named as well.
		"5 coordinating agency_unknown: Báo Bình Định",
		"5 coordinating agency_unknown: Đài PT-TH Bình Định",
		"5 lead two_leads: Sở Nội vụ; Sở Thông tin và Truyền thông",
		"5 coordinating addressees_differ: Các sở, ban, ngành; UBND huyện, thị xã, thành phố; cơ quan Trung ương đóng trên địa bàn; Báo Bình Định; Đài PT-TH Bình Định",
		"8 coordinating agency_unknown: hiệp hội doanh nghiệp",
		"9 coordinating agency_unknown: Bưu điện tỉnh",
		"9 coordinating agency_unknown: Ủy ban MTTQ Việt Nam tỉnh",
		// Central agencies are asked to coordinate: do they answer for a share as well?
		"10 coordinating addressees_differ: Văn phòng UBND tỉnh; Các sở, ban, ngành; UBND huyện, thị xã, thành phố; cơ quan Trung ương đóng trên địa bàn",
		"19 coordinating addressees_differ: Các sở, ban, ngành; UBND huyện, thị xã, thành phố; cơ quan Trung ương đóng trên địa bàn",
		// Only departments are named: do the districts answer as well?
		"22 coordinating addressees_differ: Các sở, ban, ngành",
		// The tree calls it Kho bạc Nhà nước tỉnh.
		"33 coordinating agency_unknown: Kho bạc Nhà nước Bình Định",
		"38 coordinating addressees_differ: Các sở, ban, ngành; UBND huyện, thị xã, thành phố; cơ quan Trung ương đóng trên địa bàn",
	}
	if strings.Join(doubts, "\n") != strings.Join(want, "\n") {
		t.Errorf("doubts:\n%s\nwant:\n%s", strings.Join(doubts, "\n"), strings.Join(want, "\n"))
	}
}

func TestPreview_asWrittenFollowsTheGroupWordsExactly(t *testing.T) {
	t.Parallel()
	dir := orgs2022(t)
	got, err := Preview(readCSV(t, "data/sample-2022.csv"), 2022, dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range got.Doubts {
		if d.Code != "addressees_differ" {
			continue
		}
		i := d.Row - 2
		settled, err := settle(got.Draft[i], d, asWritten, standard(dir))
		if err != nil {
			t.Fatal(err)
		}
		lead, _ := expand(settled, dir)
		want := 38 // 20 departments, 11 districts, 7 central agencies
		if settled.Code == "NV21" {
			want = 20
		}
		if len(lead) != want {
			t.Errorf("%s: %d addressees, want %d", settled.Code, len(lead), want)
		}
		back, err := settle(settled, d, standardSet, standard(dir))
		if lead, _ := expand(back, dir); err != nil || len(lead) != 31 {
			t.Errorf("%s: back to %d addressees, %v", settled.Code, len(lead), err)
		}
	}
}

func TestPreview_withoutAgenciesEveryNameIsADoubt(t *testing.T) {
	t.Parallel()
	got, err := Preview([][]string{{"task", "lead_agency", "deadline_text", "product"}, {"Việc", "Sở Nội vụ", "Quý I", "Báo cáo"}}, 2022, &FileDirectory{})
	if err != nil || got.Tasks != 1 || got.Assignments != 0 || len(got.Doubts) != 1 || got.Doubts[0].Code != "agency_unknown" {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestPreview_doubtsWhatAFileLeavesOpen(t *testing.T) {
	t.Parallel()
	head := []string{"STT", "Nhiệm vụ", "Sản phẩm", "Chủ trì", "Phối hợp", "Thời hạn", "Hạn ngày", "Cột lạ"}
	for name, c := range map[string]struct {
		row  []string
		want string
	}{
		"no product":          {[]string{"1", "Việc", "", "Sở Y tế", "", "Quý I"}, "product_missing"},
		"no lead":             {[]string{"1", "Việc", "BC", "", "", "Quý I"}, "lead_missing"},
		"no deadline":         {[]string{"1", "Việc", "BC", "Sở Y tế", "", ""}, "deadline_missing"},
		"unknown lead":        {[]string{"1", "Việc", "BC", "Sở Không Có", "", "Quý I"}, "agency_unknown"},
		"road map":            {[]string{"1", "Việc", "BC", "Sở Y tế", "", "Theo lộ trình tại QĐ 12"}, "deadline_open"},
		"a start":             {[]string{"1", "Việc", "BC", "Sở Y tế", "", "Từ 01/7/2025"}, "deadline_is_a_start"},
		"text against date":   {[]string{"1", "Việc", "BC", "Sở Y tế", "", "Quý I", "30/4/2022"}, "deadline_disagrees"},
		"continuous":          {[]string{"1", "Việc", "BC", "Sở Y tế", "", "Thường xuyên"}, "kind_continuous_or_quarterly"},
		"a group of nobody":   {[]string{"1", "Việc", "BC", "Các xã, phường", "", "Quý I"}, "group_empty"},
		"two leads by commas": {[]string{"1", "Việc", "BC", "Sở Y tế, Sở Nội vụ", "", "Quý I"}, "two_leads"},
	} {
		got, err := Preview([][]string{{"KẾ HOẠCH NĂM 2022"}, head, c.row}, 2022, orgs2022(t))
		if err != nil {
			t.Fatal(err)
		}
		found := false
		for _, d := range got.Doubts {
			found = found || d.Code == c.want
		}
		if !found {
			t.Errorf("%s: doubts %+v, want %s", name, got.Doubts, c.want)
		}
	}
}

func TestPreview_keepsColumnsThatItDoesNotKnow(t *testing.T) {
	t.Parallel()
	got, err := Preview([][]string{{"Nhiệm vụ", "Chủ trì", "Thời hạn", "Cột lạ"}, {"Việc", "Sở Y tế", "Quý I", "giá trị lạ"}}, 2022, orgs2022(t))
	if err != nil || got.Draft[0].Extra["Cột lạ"] != "giá trị lạ" {
		t.Errorf("got %+v, %v", got.Draft, err)
	}
}

func TestPreview_refusesAFileWithoutTheColumns(t *testing.T) {
	t.Parallel()
	if _, err := Preview([][]string{{"a", "b"}}, 2022, orgs2022(t)); err == nil {
		t.Error("read a file without columns")
	}
}
