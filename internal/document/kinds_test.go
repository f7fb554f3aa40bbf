package document

// Nine kinds of documents that offices write, as their drafters would.

func plan() Document {
	rows := []Row{{Cells: []string{"I. CẢI CÁCH THỂ CHẾ"}, Bold: true, Whole: true}}
	for i := range 40 {
		rows = append(rows, Row{Cells: []string{letter(i + 1), "Rà soát, đơn giản hóa thủ tục hành chính; cắt giảm ít nhất 30% thời gian giải quyết so với quy định", "Sở Nội vụ", "Các sở, ban, ngành; UBND các xã, phường", "Quyết định của Chủ tịch UBND tỉnh", "29/6/2026"}})
	}
	return Document{Title: "Kế hoạch cải cách hành chính năm 2026", Author: "UBND tỉnh Gia Lai", Blocks: []Block{
		Letterhead{Issuer: "Ủy ban nhân dân\ntỉnh Gia Lai", Number: 5, Symbol: Symbol("plan", "UBND"), Place: "Gia Lai", Day: "2026-01-05"},
		Title{Type: KindName("plan"), About: "Cải cách hành chính nhà nước tỉnh Gia Lai năm 2026"},
		Bases{"Căn cứ Luật Tổ chức chính quyền địa phương ngày 16 tháng 6 năm 2025", "Căn cứ Nghị quyết số 76/NQ-CP ngày 15 tháng 7 năm 2021 của Chính phủ;"},
		Text("Ủy ban nhân dân tỉnh ban hành Kế hoạch cải cách hành chính nhà nước tỉnh Gia Lai năm 2026 với các nội dung sau:"),
		Heading{Rank: Roman, Text: "MỤC ĐÍCH, YÊU CẦU"},
		Heading{Rank: Clause, Text: "Mục đích"},
		Heading{Rank: Point, Text: "Tiếp tục đẩy mạnh cải cách hành chính, trọng tâm là cải cách thủ tục hành chính."},
		Heading{Rank: Point, Text: "Nâng cao Chỉ số cải cách hành chính (PAR INDEX) của tỉnh."},
		Heading{Rank: Clause, Text: "Yêu cầu"},
		Heading{Rank: Point, Text: "Xác định rõ người, rõ việc, rõ thời gian, rõ trách nhiệm, rõ sản phẩm, rõ thẩm quyền."},
		List{"Phân công cụ thể;", "Kiểm tra, đôn đốc thường xuyên."},
		Heading{Rank: Roman, Text: "TỔ CHỨC THỰC HIỆN"},
		Paragraph{Runs: []Run{{Text: "Giao "}, {Text: "Sở Nội vụ", Bold: true}, {Text: " theo dõi, "}, {Text: "báo cáo", Italic: true}, {Text: " Ủy ban nhân dân tỉnh."}}},
		Recipients{"Bộ Nội vụ", "TT Tỉnh ủy, TT HĐND tỉnh", "CT, các PCT UBND tỉnh", "Các sở, ban, ngành", "Lưu: VT, NC"},
		Signature{Authority: []string{"TM. Ủy ban nhân dân", "KT. Chủ tịch"}, Title: "Phó Chủ tịch", Name: "Nguyễn Văn A"},
		Annex{Number: 1, Title: "Nhiệm vụ cải cách hành chính năm 2026", AttachedTo: "Kế hoạch số 05/KH-UBND ngày 05 tháng 01 năm 2026 của Ủy ban nhân dân tỉnh Gia Lai", Landscape: true},
		Table{Columns: []Column{{"TT", 1, Center}, {"Nhiệm vụ", 6, Left}, {"Chủ trì", 2, Left}, {"Phối hợp", 3, Left}, {"Sản phẩm", 3, Left}, {"Thời hạn", 2, Center}}, Rows: rows},
		Annex{Number: 2, Title: "Mã tra cứu"},
		QR{Content: "https://cchc.example.vn/plan/2026", Align: Center},
	}}
}

func shortDocument(kind, symbol, day string, extra ...Block) Document {
	blocks := []Block{Letterhead{Parent: "UBND tỉnh Gia Lai", Issuer: "Sở Nội vụ", Number: 123, Symbol: Symbol(kind, symbol), Place: "Gia Lai", Day: day}}
	blocks = append(blocks, extra...)
	return Document{Title: kind, Blocks: append(blocks,
		Signature{Authority: []string{"KT. Giám đốc"}, Title: "Phó Giám đốc", Name: "Trần Thị B"},
		Recipients{"Như trên", "Lưu: VT, CCHC"})}
}

func kinds() map[string]Document {
	words := Text("Sở Nội vụ kính báo cáo Ủy ban nhân dân tỉnh kết quả thực hiện cải cách hành chính như sau:")
	return map[string]Document{
		"plan":   plan(),
		"report": shortDocument("report", "SNV", "2026-06-29", Title{KindName("report"), "Kết quả công tác cải cách hành chính 6 tháng đầu năm 2026"}, Addressees{"Ủy ban nhân dân tỉnh Gia Lai"}, words),
		"decision": shortDocument("decision", "SNV", "2026-02-12", Title{KindName("decision"), "Về việc thành lập Tổ kiểm tra cải cách hành chính năm 2026"},
			Paragraph{Runs: []Run{{Text: "GIÁM ĐỐC SỞ NỘI VỤ", Bold: true}}, Align: Center}, Bases{"Căn cứ Quyết định số 10/2025/QĐ-UBND", "Theo đề nghị của Trưởng phòng Cải cách hành chính"},
			Paragraph{Runs: []Run{{Text: "QUYẾT ĐỊNH:", Bold: true}}, Align: Center},
			Heading{Rank: Article, Text: "Thành lập Tổ kiểm tra cải cách hành chính năm 2026.", Body: true}, Heading{Rank: Article, Text: "Quyết định này có hiệu lực kể từ ngày ký.", Body: true}),
		"letter": shortDocument("letter", "SNV-CCHC", "2026-10-05", Subject{"đôn đốc thực hiện nhiệm vụ cải cách hành chính quý III năm 2026"}, Urgency{Urgent},
			Addressees{"Các sở, ban, ngành thuộc tỉnh", "Ủy ban nhân dân các xã, phường"}, words),
		"submission": shortDocument("submission", "SNV", "2026-03-09", Title{KindName("submission"), "Ban hành Bộ tiêu chí xác định Chỉ số cải cách hành chính"}, Addressees{"Ủy ban nhân dân tỉnh"}, words),
		"notice":     shortDocument("notice", "SNV", "2026-11-30", Title{KindName("notice"), "Kết quả xếp hạng Chỉ số cải cách hành chính năm 2025"}, words),
		"directive":  shortDocument("directive", "SNV", "2026-01-31", Title{KindName("directive"), "Về việc tăng cường kỷ luật, kỷ cương hành chính"}, words),
		"telegram":   shortDocument("telegram", "SNV", "2026-12-01", Urgency{Express}, Title{KindName("telegram"), "Về việc khắc phục hồ sơ quá hạn"}, words),
		"minutes":    shortDocument("minutes", "SNV", "2026-09-09", Title{KindName("minutes"), "Kiểm tra cải cách hành chính tại UBND phường Quy Nhơn"}, words),
	}
}
