package ui

import "regexp"

// exampleTable is the table of /dev/components.
func exampleTable() Table {
	return Table{
		Caption: "Ví dụ: ba việc", HeadCol: 1, Joined: true,
		Columns: []Column{{Head: "Chọn", Hidden: true}, {Head: "Nhiệm vụ", SortURL: "#main", Sorted: "ascending"}, {Head: "Trạng thái"},
			{Head: "Tiến độ", Numeric: true}, {Head: "Điểm", Numeric: true}},
		Rows: []Row{
			{Group: "Quá hạn", Count: "1", Tone: Late},
			{Cells: []Cell{In(Pick("id", "14", "Chọn: Theo dõi thi hành pháp luật", false)), Go("Theo dõi thi hành pháp luật", "#main"), In(DueState(-3)), Txt("71%"), Txt("0,71")}},
			{Group: "Trong tuần này", Count: "2"},
			{Selected: true, Cells: []Cell{In(Pick("id", "13", "Chọn: Kiểm tra văn bản", true)), {Text: "Kiểm tra văn bản quy phạm pháp luật", URL: "#main", Sub: "NV13 · Kế hoạch 2026"}, In(State(OK, "đúng hạn")), Txt("100%"), Txt("1,00")}},
			{Cells: []Cell{In(Pick("id", "15", "Chọn: Phổ biến pháp luật", false)), Go("Phổ biến, giáo dục pháp luật", "#main"), In(State(Neutral, "chưa làm")), Txt("0%"), Txt("–")}},
		},
		Foot: []Row{{Cells: []Cell{{}, Txt("Cộng"), {}, Txt("57%"), Txt("1,71")}}},
	}
}

var symbolID = regexp.MustCompile(`<symbol id="i-([a-z]+)"`)

// iconNames are the names in the sprite, as drawn there.
func iconNames() []string {
	sprite, err := static.ReadFile("static/icons.svg")
	if err != nil {
		panic(err) // embedded
	}
	var out []string
	for _, m := range symbolID.FindAllSubmatch(sprite, -1) {
		out = append(out, string(m[1]))
	}
	return out
}
