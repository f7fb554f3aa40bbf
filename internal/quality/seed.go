package quality

import "context"

// Seed gives the demonstration three sheets of the quarter that has just ended: two
// verified, one that waits. unit finds somebody who scores for the agency of a code, and
// the agency's id. It runs again without harm: a sheet that was sent is left alone.
func Seed(s *Service, verifier context.Context, unit func(code string) (who context.Context, agency string, err error)) error {
	for _, c := range []struct {
		code           string
		self, verified [Items]int64
		sent           bool
	}{
		{"GL.X001", [Items]int64{18, 16, 19, 19, 15, 20, 17, 20, 10}, [Items]int64{18, 16, 19, 19, 10, 20, 17, 20, 10}, true},
		{"GL.X033", [Items]int64{17, 16, 18, 16, 10, 20, 18, 20, 15}, [Items]int64{17, 16, 18, 16, 10, 20, 18, 20, 15}, true},
		{"GL.D07", [Items]int64{12, 13, 16, 15, 10, 20, 14, 20, 10}, [Items]int64{}, false},
	} {
		who, agency, err := unit(c.code)
		if err != nil {
			return err
		}
		id, err := s.Begin(who, agency, "2026-Q3", "")
		if err != nil {
			return err
		}
		v, err := s.Sheet(who, id)
		if err != nil || v.State != Open {
			if err != nil {
				return err
			}
			continue
		}
		var marks []Mark
		for i := range c.self {
			m := Mark{Item: i + 1, Self: c.self[i], Verified: c.verified[i], Evidence: "Sổ theo dõi hồ sơ quý III/2026 của đơn vị"}
			marks = append(marks, m)
		}
		if err := s.Score(who, id, v.Version, marks); err != nil {
			return err
		}
		if err := s.Submit(who, id, v.Version+1); err != nil {
			return err
		}
		if !c.sent {
			continue
		}
		if v, err = s.Sheet(verifier, id); err != nil {
			return err
		}
		for i, m := range v.Marks { // a computed mark may stand above what was typed here
			if marks[i].Verified < m.Self {
				marks[i].Reason = "Đối chiếu sổ theo dõi: mới đưa đủ thủ tục ra trung tâm, chưa phê duyệt tại chỗ"
			}
		}
		if err := s.Verify(verifier, id, v.Version, marks); err != nil {
			return err
		}
	}
	return nil
}
