package plan

import (
	"reflect"
	"strings"
	"testing"

	"cchc/internal/document"
	"cchc/internal/errs"
)

func sheetOf(rows ...string) document.Sheet {
	var s document.Sheet
	for _, r := range rows {
		s.Rows = append(s.Rows, strings.Split(r, "|"))
	}
	return s
}

// The columns of CV 6225/BVHTTDL-VP, with headings of areas across the table and
// numbers that begin anew under each.
func TestWordRows_readsTheTableOfAnOfficialLetter(t *testing.T) {
	t.Parallel()
	w := document.Word{Tables: []document.Sheet{
		sheetOf("ỦY BAN NHÂN DÂN|CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
		sheetOf("STT|Nhiệm vụ|Người đứng đầu chịu trách nhiệm|Chủ trì|Phối hợp|Kết quả|Thời hạn",
			"I. Công tác chỉ đạo, điều hành||||||", "1|Ban hành kế hoạch kiểm tra|Giám đốc Sở|Sở Nội vụ||Kế hoạch|Quý I/2022",
			"II. Cải cách thể chế||||||", "1|Rà soát văn bản|Giám đốc Sở|Sở Tư pháp|Các sở, ban, ngành|Báo cáo|Theo lộ trình"),
	}}
	rows, err := WordRows(w)
	if err != nil {
		t.Fatal(err)
	}
	got, err := Preview(rows, 2022, orgs2022(t))
	if err != nil {
		t.Fatal(err)
	}
	if got.Tasks != 2 || got.Draft[0].Area != 1 || got.Draft[1].Area != 2 {
		t.Fatalf("%d tasks, areas %d %d", got.Tasks, got.Draft[0].Area, got.Draft[1].Area)
	}
	if want := []Area{{1, "Công tác chỉ đạo, điều hành"}, {2, "Cải cách thể chế"}}; !reflect.DeepEqual(got.Areas, want) {
		t.Errorf("areas %+v", got.Areas)
	}
	if got.Draft[0].Code == got.Draft[1].Code || got.Draft[1].Extra["STT"] != "1" {
		t.Errorf("codes %q %q, the row's number %q", got.Draft[0].Code, got.Draft[1].Code, got.Draft[1].Extra["STT"])
	}
	if got.Draft[0].DueDay != "2022-03-31" || got.Draft[0].HeadText != "Giám đốc Sở" {
		t.Errorf("the first task is %+v", got.Draft[0])
	}
	asked := false
	for _, d := range got.Doubts {
		asked = asked || d.Field == "deadline" && d.Text == "Theo lộ trình" && d.Task == got.Draft[1].Code
	}
	if !asked {
		t.Errorf("nobody is asked about “Theo lộ trình”: %+v", got.Doubts)
	}
}

// A live system's record: group, name, detail, lead, coordinators, two dates, money.
func TestWordRows_readsTheRecordOfALiveSystemAndKeepsWhatHasNoField(t *testing.T) {
	t.Parallel()
	rows, err := WordRows(document.Word{Tables: []document.Sheet{sheetOf(
		"Nhóm|Tên nhiệm vụ|Nội dung chi tiết|Đơn vị chủ trì|Đơn vị phối hợp|Từ ngày|Đến ngày|Kinh phí|Tiến độ|Ghi chú",
		"Thể chế|Rà soát văn bản|Theo danh mục|Sở Tư pháp||01/01/2022|30/06/2022|20|Đang làm|Không")}})
	if err != nil {
		t.Fatal(err)
	}
	got, err := Preview(rows, 2022, orgs2022(t))
	if err != nil {
		t.Fatal(err)
	}
	d := got.Draft[0]
	if d.DueDay != "2022-06-30" || d.Funding != "20" || d.LeadText != "Sở Tư pháp" {
		t.Errorf("read as %+v", d)
	}
	for name, want := range map[string]string{"Nội dung chi tiết": "Theo danh mục", "Từ ngày": "01/01/2022", "Tiến độ": "Đang làm"} {
		if d.Extra[name] != want {
			t.Errorf("%s is kept as %q", name, d.Extra[name])
		}
	}
}

func TestWordRows_readsAPlanThatIsToldInParagraphs(t *testing.T) {
	t.Parallel()
	rows, err := WordRows(document.Word{Lines: []string{"KẾ HOẠCH", "Căn cứ Nghị quyết 76/NQ-CP;", "III. NHIỆM VỤ", "I. Cải cách thể chế",
		"1. Rà soát văn bản quy phạm pháp luật.", "- Cơ quan chủ trì: Sở Tư pháp.", "- Cơ quan phối hợp: Các sở, ban, ngành;", "- Thời gian thực hiện: Quý II/2022.",
		"2. Kiểm tra việc thi hành.", "Chủ trì: Sở Tư pháp", "Thời hạn: Tháng 12/2022"}})
	if err != nil {
		t.Fatal(err)
	}
	got, err := Preview(rows, 2022, orgs2022(t))
	if err != nil {
		t.Fatal(err)
	}
	if got.Tasks != 2 {
		t.Fatalf("%d tasks: %+v", got.Tasks, got.Draft)
	}
	if a, b := got.Draft[0], got.Draft[1]; a.Content != "Rà soát văn bản quy phạm pháp luật." || a.LeadText != "Sở Tư pháp" || a.CoordText != "Các sở, ban, ngành" ||
		a.DueDay != "2022-06-30" || a.Area != 1 || b.DueDay != "2022-12-31" || b.Area != 1 {
		t.Errorf("read as %+v and %+v", a, b)
	}
}

func TestWordRows_joinsTablesOfOtherOrderAndWhatAnAppendixAddsByCode(t *testing.T) {
	t.Parallel()
	rows, err := WordRows(document.Word{Tables: []document.Sheet{
		sheetOf("Mã nhiệm vụ|Nhiệm vụ|Cơ quan chủ trì", "NV01|Một|Sở Tư pháp"),
		sheetOf("Cơ quan chủ trì|Mã nhiệm vụ|Nhiệm vụ|Thời hạn", "Sở Nội vụ|NV02|Hai|Quý I/2022"),
		sheetOf("Mã nhiệm vụ|Mức ưu tiên|Ghi chú", "NV02|important|hai", "NV01||một")}})
	if err != nil {
		t.Fatal(err)
	}
	want := [][]string{{"Mã nhiệm vụ", "Nhiệm vụ", "Cơ quan chủ trì", "Thời hạn", "Mức ưu tiên", "Ghi chú"},
		{"NV01", "Một", "Sở Tư pháp", "", "", "một"}, {"NV02", "Hai", "Sở Nội vụ", "Quý I/2022", "important", "hai"}}
	if !reflect.DeepEqual(rows, want) {
		t.Errorf("got %q", rows)
	}
}

func TestWordRows_refusesADocumentWithoutTasks(t *testing.T) {
	t.Parallel()
	if _, err := WordRows(document.Word{Lines: []string{"Giấy mời"}}); errs.CodeOf(err) != "plan.import_no_columns" {
		t.Errorf("refused with %v", err)
	}
}

func TestRemap_namesTheColumnsAsAPersonChose(t *testing.T) {
	t.Parallel()
	cells := [][]string{{"Danh mục", "", ""}, {"Việc", "Ai làm", "Chủ trì"}, {"Rà soát", "Sở Tư pháp", "x"}}
	got, err := Remap(cells, 1, []string{"content", "lead", ""})
	if err != nil {
		t.Fatal(err)
	}
	read, err := Preview(got, 2022, orgs2022(t))
	if err != nil || read.Tasks != 1 || read.Draft[0].LeadText != "Sở Tư pháp" || read.Draft[0].Extra["Chủ trì (*)"] != "x" {
		t.Errorf("read as %+v, %v", read.Draft, err)
	}
	for want, call := range map[string]func() ([][]string, error){
		"plan.columns_heading": func() ([][]string, error) { return Remap(cells, 9, nil) },
		"plan.columns_twice":   func() ([][]string, error) { return Remap(cells, 1, []string{"lead", "lead"}) },
		"plan.columns_unknown": func() ([][]string, error) { return Remap(cells, 1, []string{"colour"}) },
	} {
		if _, err := call(); errs.CodeOf(err) != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	byName, err := RemapByName(cells, map[string]string{"viec": "content", "ai lam": "lead"})
	if err != nil || byName[0][1] != "lead_agency" {
		t.Errorf("by name: %q, %v", byName, err)
	}
}
