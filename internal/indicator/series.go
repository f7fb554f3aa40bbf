package indicator

// Step is how long one point of a series is.
type Step string

const (
	Month   Step = "month"
	Quarter Step = "quarter"
)

// Point is one value of a series.
type Point struct {
	Period Period
	Reading
}
