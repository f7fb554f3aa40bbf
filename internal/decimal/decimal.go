// Package decimal does exact arithmetic for figures that people argue about. Values
// are rationals inside and are rounded once, half up, when they are shown or stored.
package decimal

import (
	"math/big"
	"strings"

	"cchc/internal/errs"
)

// D is an exact number. The zero value is 0.
type D struct{ r big.Rat }

// Int returns n as a D.
func Int(n int64) D {
	var d D
	d.r.SetInt64(n)
	return d
}

// Ratio returns a/b; ok is false when b is 0, because "no case" is not zero.
func Ratio(a, b int64) (d D, ok bool) {
	if b == 0 {
		return D{}, false
	}
	d.r.SetFrac64(a, b)
	return d, true
}

// Percent returns 100 × a/b; ok is false when b is 0.
func Percent(a, b int64) (d D, ok bool) {
	if d, ok = Ratio(a, b); ok {
		d = d.Mul(Int(100))
	}
	return d, ok
}

// Parse reads "12.5", "-0.125" or a Vietnamese "12,5". It refuses everything else,
// exponents and fractions included, with code "decimal.invalid".
func Parse(s string) (D, error) {
	t := strings.Replace(strings.TrimSpace(s), ",", ".", 1)
	digits := strings.TrimPrefix(t, "-")
	plain := digits != "" && digits != "." && len(digits) <= 40 && strings.Count(digits, ".") <= 1 && strings.Trim(digits, "0123456789.") == ""
	var d D
	if !plain {
		return d, errs.New(errs.Invalid, "decimal.invalid", "text", s)
	}
	if _, ok := d.r.SetString(t); !ok {
		return d, errs.New(errs.Invalid, "decimal.invalid", "text", s)
	}
	return d, nil
}

func (d D) Add(o D) (s D) { s.r.Add(&d.r, &o.r); return s }
func (d D) Sub(o D) (s D) { s.r.Sub(&d.r, &o.r); return s }
func (d D) Mul(o D) (s D) { s.r.Mul(&d.r, &o.r); return s }

// Cmp returns -1, 0 or +1 as d is below, equal to or above o.
func (d D) Cmp(o D) int { return d.r.Cmp(&o.r) }

// Scaled returns d × 10^places rounded half away from zero: how points and money
// are stored (integers). ok is false when that does not fit 64 bits.
func (d D) Scaled(places int) (n int64, ok bool) {
	var x big.Rat
	x.Mul(&d.r, new(big.Rat).SetInt(pow10(places)))
	i := roundHalfUp(&x)
	return i.Int64(), i.IsInt64()
}

// FromScaled is the reverse of Scaled.
func FromScaled(n int64, places int) (d D) {
	d.r.SetFrac(big.NewInt(n), pow10(places))
	return d
}

// Fixed writes d with exactly so many places and a decimal point, rounded half away
// from zero: 0.125 at two places is "0.13".
func (d D) Fixed(places int) string {
	var x big.Rat
	x.Mul(&d.r, new(big.Rat).SetInt(pow10(places)))
	i := roundHalfUp(&x)
	neg := i.Sign() < 0
	s := new(big.Int).Abs(i).String()
	if places > 0 {
		if len(s) <= places {
			s = strings.Repeat("0", places-len(s)+1) + s
		}
		s = s[:len(s)-places] + "." + s[len(s)-places:]
	}
	if neg {
		s = "-" + s
	}
	return s
}

func pow10(n int) *big.Int { return new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(n)), nil) }

// roundHalfUp rounds halves away from zero, as the point tables of the field do.
func roundHalfUp(x *big.Rat) *big.Int {
	two := big.NewInt(2)
	num := new(big.Int).Mul(new(big.Int).Abs(x.Num()), two)
	num.Add(num, x.Denom())
	q := num.Quo(num, new(big.Int).Mul(x.Denom(), two))
	if x.Sign() < 0 {
		q.Neg(q)
	}
	return q
}
