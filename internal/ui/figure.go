package ui

// Stat is a figure that opens: Value leads to the records that it counted.
type Stat struct {
	Label, Value string // Value "" shows "–": no case is not zero
	Unit         string // "%" or "/ 38"
	Sub          string // numerator and denominator, or the comparison
	URL          string
	Tone         string
	Spark        []float64
}

func statsClass(n int) string {
	switch {
	case n == 5:
		return "stats k5"
	case n <= 4:
		return "stats k4"
	}
	return "stats"
}
