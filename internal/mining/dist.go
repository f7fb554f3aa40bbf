package mining

import "slices"

// Dist describes times in working minutes. N says how many there are: with none, nothing
// is known, and no case is not zero.
type Dist struct {
	N                           int
	Median, Quarter, Most9, Sum int64 // Quarter: 25 %, Most9: nine of ten are no longer
	Upper                       int64 // 75 %
}

// distOf counts a distribution. The median of an even number is the mean of the two in
// the middle, rounded down to the minute; the others are the nearest rank.
func distOf(values []int64) Dist {
	d := Dist{N: len(values)}
	if d.N == 0 {
		return d
	}
	v := slices.Clone(values)
	slices.Sort(v)
	for _, x := range v {
		d.Sum += x
	}
	d.Median = (v[(d.N-1)/2] + v[d.N/2]) / 2
	d.Quarter, d.Upper, d.Most9 = v[rank(d.N, 25)], v[rank(d.N, 75)], v[rank(d.N, 90)]
	return d
}

// rank is the place of the p-th percentile among n sorted values, by nearest rank.
func rank(n, p int) int {
	return max(0, (n*p+99)/100-1)
}
