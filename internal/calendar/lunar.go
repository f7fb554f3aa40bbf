package calendar

import (
	"math"
	"time"
)

// The Vietnamese lunar calendar (âm lịch), computed from the new moons and the sun's
// longitude as seen at UTC+7: a month begins on the day of the new moon, month 11
// holds the winter solstice, and a year of 13 months repeats the first month in which
// the sun enters no new sign. The series are the short ones of Meeus' Astronomical
// Formulae for Calculators, good to a few minutes between 1900 and 2199; that is why
// a lunar date is a suggestion that an officer confirms.

const (
	julianUnix = 2440588           // Julian day number of 1970-01-01
	firstMoon  = 2415021.076998695 // new moon of 1 January 1900
	lunation   = 29.530588853      // mean length of a lunar month in days
	zoneOfDay  = 7.0 / 24
)

// LunarDate is a date of the lunar calendar.
type LunarDate struct {
	Year, Month, Day int
	Leap             bool // tháng nhuận
}

// FromLunar returns the day (YYYY-MM-DD) of a lunar date, "" when it does not exist:
// day 31, or a leap month that the year does not have. Day 30 of a month with 29 days
// is refused too.
func FromLunar(d LunarDate) string {
	if d.Day < 1 || d.Day > 30 || d.Month < 1 || d.Month > 12 {
		return ""
	}
	year := d.Year
	if d.Month < 11 {
		year--
	}
	first, next := month11(year), month11(year+1)
	k := int(math.Floor(0.5 + (float64(first)-firstMoon)/lunation))
	off := (d.Month + 1) % 12 // months since month 11
	if next-first > 365 {
		leap := leapOffset(k)
		leapMonth := (leap+9)%12 + 1
		if d.Leap && d.Month != leapMonth {
			return ""
		}
		if d.Leap || off >= leap {
			off++
		}
	} else if d.Leap {
		return ""
	}
	start := newMoonDay(k + off)
	if start+d.Day-1 >= newMoonDay(k+off+1) {
		return ""
	}
	return dayText(start + d.Day - 1 - julianUnix)
}

// ToLunar returns the lunar date of a day, false for no real day.
func ToLunar(day string) (LunarDate, bool) {
	n, ok := dayNumber(day)
	if !ok {
		return LunarDate{}, false
	}
	jd := n + julianUnix
	k := int(math.Floor((float64(jd) - firstMoon) / lunation))
	start := newMoonDay(k + 1)
	if start > jd {
		start = newMoonDay(k)
	}
	year := civil(n).Year()
	first, next := month11(year), month11(year)
	if first >= start {
		first = month11(year - 1)
	} else {
		year++
		next = month11(year)
	}
	if next < start { // the month 11 that begins within this month is its own
		next = month11(year + 1)
	}
	d := LunarDate{Day: jd - start + 1}
	diff := int(math.Round(float64(start-first) / lunation))
	d.Month = diff + 11
	if next-first > 365 {
		leap := leapOffset(int(math.Floor(0.5 + (float64(first)-firstMoon)/lunation)))
		if diff >= leap {
			d.Month = diff + 10
			d.Leap = diff == leap
		}
	}
	if d.Month > 12 {
		d.Month -= 12
	}
	d.Year = year
	if d.Month >= 11 && diff < 4 {
		d.Year--
	}
	return d, true
}

// month11 is the Julian day on which lunar month 11 of a year begins.
func month11(year int) int {
	last := int(time.Date(year, 12, 31, 0, 0, 0, 0, time.UTC).Unix()/86400) + julianUnix
	k := int(math.Floor(float64(last-2415021) / lunation))
	start := newMoonDay(k)
	if sign(start) >= 9 { // the solstice has passed already
		start = newMoonDay(k - 1)
	}
	return start
}

// leapOffset is how many months after month 11 (new moon k) the leap month comes.
func leapOffset(k int) int {
	i := 1
	last, arc := -1, sign(newMoonDay(k+1))
	for arc != last && i < 14 {
		last = arc
		i++
		arc = sign(newMoonDay(k + i))
	}
	return i - 1
}

// sign is in which twelfth of the zodiac the sun stands as the day begins, 0 from the spring equinox.
func sign(jd int) int { return int(sunLongitude(float64(jd)-0.5-zoneOfDay) / 30) }

// newMoonDay is the Julian day, by Vietnam's clock, of the k-th new moon since 1900.
func newMoonDay(k int) int { return int(math.Floor(newMoon(float64(k)) + 0.5 + zoneOfDay)) }

// sunLongitude is the sun's true longitude in degrees, 0 <= l < 360.
func sunLongitude(jd float64) float64 {
	t := (jd - 2451545) / 36525
	m := 357.52910 + 35999.05030*t - 0.0001559*t*t - 0.00000048*t*t*t
	l := 280.46645 + 36000.76983*t + 0.0003032*t*t
	l += (1.914600-0.004817*t-0.000014*t*t)*sine(m) + (0.019993-0.000101*t)*sine(2*m) + 0.000290*sine(3*m)
	return l - 360*math.Floor(l/360)
}

// newMoon is the moment (Julian date, universal time) of the k-th new moon since 1900.
func newMoon(k float64) float64 {
	t := k / 1236.85
	t2, t3 := t*t, t*t*t
	jd := 2415020.75933 + 29.53058868*k + 0.0001178*t2 - 0.000000155*t3 + 0.00033*sine(166.56+132.87*t-0.009173*t2)
	sun := 359.2242 + 29.10535608*k - 0.0000333*t2 - 0.00000347*t3
	moon := 306.0253 + 385.81691806*k + 0.0107306*t2 + 0.00001236*t3
	node := 21.2964 + 390.67050646*k - 0.0016528*t2 - 0.00000239*t3
	jd += (0.1734-0.000393*t)*sine(sun) + 0.0021*sine(2*sun) -
		0.4068*sine(moon) + 0.0161*sine(2*moon) - 0.0004*sine(3*moon) +
		0.0104*sine(2*node) - 0.0051*sine(sun+moon) - 0.0074*sine(sun-moon) +
		0.0004*sine(2*node+sun) - 0.0004*sine(2*node-sun) - 0.0006*sine(2*node+moon) +
		0.0010*sine(2*node-moon) + 0.0005*sine(2*moon+sun)
	return jd - (-0.000278 + 0.000265*t + 0.000262*t2) // from dynamical to universal time
}

func sine(degrees float64) float64 { return math.Sin(degrees * math.Pi / 180) }
