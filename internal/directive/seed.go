package directive

import "context"

// Seed makes the demonstration's directives: one that was given and one that waits for
// the chairman. It runs once; where a directive exists it does nothing. agency finds an
// agency by its code.
func Seed(s *Service, office, chairman context.Context, agency func(code string) (string, error)) error {
	if list, err := s.List(office, "", nil, 1); err != nil || len(list) > 0 {
		return err
	}
	type line struct{ text, product, code, due string }
	write := func(d Directive, lines []line) (Directive, error) {
		d, err := s.Write(office, d)
		for _, l := range lines {
			if err != nil {
				return d, err
			}
			lead, fault := agency(l.code)
			if fault != nil {
				return d, fault
			}
			d, err = s.WriteItem(office, d.ID, d.Version, Item{Text: l.text, Product: l.product, Lead: lead, Due: l.due})
		}
		return d, err
	}
	given, err := write(Directive{Title: "Kết luận họp giao ban công tác cải cách hành chính tháng 9 năm 2026", Source: Minutes, Level: Provincial, Day: "2026-10-05",
		Text: "Qua chín tháng, tiến độ kế hoạch cải cách hành chính của tỉnh còn chậm ở một số cơ quan.\nChủ tịch yêu cầu các cơ quan sau đây thực hiện ngay các việc trong phụ lục."}, []line{
		{"Báo cáo nguyên nhân chậm và giải pháp đối với các nhiệm vụ quá hạn", "Báo cáo", "GL.D07", "2026-10-20"},
		{"Rà soát, công khai quy hoạch xây dựng trên cổng thông tin", "Danh mục đã công khai", "GL.D07", "2026-11-15"},
		{"Tổng hợp việc xin gia hạn, tham mưu xử lý trách nhiệm người đứng đầu", "Tờ trình", "GL.D02", "2026-10-30"},
	})
	if err == nil {
		_, err = s.Issue(chairman, given.ID, given.Version, "215/TB-UBND", "Chủ tịch Ủy ban nhân dân tỉnh")
	}
	if err != nil {
		return err
	}
	waiting, err := write(Directive{Title: "Thực hiện chỉ đạo của Thủ tướng Chính phủ về cắt giảm thủ tục hành chính", Source: Document, Level: Central, Day: "2026-10-12"}, []line{
		{"Lập danh mục thủ tục đề nghị cắt giảm thời hạn giải quyết", "Danh mục", "GL.D07", "2026-11-30"},
		{"Công khai kết quả giải quyết hồ sơ quá hạn hằng tuần", "Báo cáo tuần", "GL.D01", "2026-12-15"},
	})
	if err == nil {
		_, err = s.Move(office, waiting.ID, waiting.Version, "submit", "")
	}
	return err
}
