package mining

// enough is how many dossiers a side of a comparison needs before a difference is called
// one: fewer say something about those dossiers, not about the process.
const enough = 10

// Side is one side of a comparison: the dossiers received under one version.
type Side struct {
	Version Version
	Graph   Graph
	Late    int
}

// StepChange is a step before and after. A step that one side does not have is Gone or New.
type StepChange struct {
	Name          string
	Before, After Dist
	New, Gone     bool
}

// Comparison sets two versions of a process side by side, steps matched by their words.
type Comparison struct {
	Before, After Side
	Steps         []StepChange
	Enough        bool // both sides have dossiers enough to judge by
}

// Saved is how many minutes the median dossier became shorter; negative: longer.
func (c Comparison) Saved() int64 { return c.Before.Graph.Total.Median - c.After.Graph.Total.Median }

func compare(before, after Side) Comparison {
	c := Comparison{Before: before, After: after, Enough: before.Graph.N >= enough && after.Graph.N >= enough}
	old := map[string]Node{}
	for _, n := range before.Graph.Nodes {
		old[stepKey(n.Name)] = n
	}
	for _, n := range after.Graph.Nodes {
		was, there := old[stepKey(n.Name)]
		c.Steps = append(c.Steps, StepChange{Name: n.Name, Before: was.Whole, After: n.Whole, New: !there})
		delete(old, stepKey(n.Name))
	}
	for _, n := range before.Graph.Nodes { // in the order of the process, not of the map
		if _, left := old[stepKey(n.Name)]; left {
			c.Steps = append(c.Steps, StepChange{Name: n.Name, Before: n.Whole, Gone: true})
		}
	}
	return c
}
