package text

import "testing"

func TestPlace_isTheProperNameWithinAName(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{"UBND tỉnh Bình Định": "Bình Định", "thành phố Đà Nẵng": "Đà Nẵng", "Quy Nhơn": "Quy Nhơn", "xã": "xã", "": ""} {
		if got := Place(name); got != want {
			t.Errorf("%q gives %q, want %q", name, got, want)
		}
	}
}
