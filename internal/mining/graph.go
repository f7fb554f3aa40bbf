package mining

import (
	"cmp"
	"slices"

	"cchc/internal/text"
)

// Start and End stand for the receipt and for the end of a dossier in edges.
const (
	Start = 0
	End   = -1
)

// minutes is a visit with its times counted. Wait and Work are known only when somebody
// said that they took the dossier up; Whole always is, once it went on.
type minutes struct {
	Wait, Work, Whole int64
	Split             bool
}

// Node is a step of the graph.
type Node struct {
	Step      int
	Name      string
	Visits    int // how often dossiers came here
	Dossiers  int // how many different ones
	Returns   int // how often one was sent back from here
	Wait      Dist
	Work      Dist
	Whole     Dist
	ShareTime float64 // of all the time of all dossiers, 0..1
}

// Edge says how many dossiers went from one step straight to another. Back: to an
// earlier step of the table, or to the same again.
type Edge struct {
	From, To, N int
	Back        bool
}

// Graph is what follows what (directly-follows graph), with the time spent at each step.
type Graph struct {
	Nodes []Node // by the order of the process
	Edges []Edge // forward ones first, the strongest first
	Total Dist   // working minutes of whole dossiers
	N     int
}

// Variant is one way through the steps.
type Variant struct {
	Steps  []int
	N      int
	Median int64
	Late   int
	Code   string // a dossier that went this way
}

// measured is a trace with its visits counted.
type measured struct {
	Trace
	at    []minutes
	total int64
}

// stepKey names a step across versions: its words, marks and case left out.
func stepKey(name string) string { return text.Fold(name) }

// graphOf builds the graph of traces.
func graphOf(traces []measured) Graph {
	type gathered struct {
		Node
		wait, work, whole []int64
	}
	nodes := map[int]*gathered{}
	edges := map[[2]int]int{}
	var totals []int64
	var all int64
	for _, t := range traces {
		seen := map[int]bool{}
		last := Start
		for i, v := range t.Visits {
			g := nodes[v.Step]
			if g == nil {
				g = &gathered{Node: Node{Step: v.Step, Name: v.Name}}
				nodes[v.Step] = g
			}
			g.Visits++
			if !seen[v.Step] {
				seen[v.Step] = true
				g.Dossiers++
			}
			if v.Outcome == "sent_back" {
				g.Returns++
			}
			m := t.at[i]
			g.whole = append(g.whole, m.Whole)
			all += m.Whole
			if m.Split {
				g.wait, g.work = append(g.wait, m.Wait), append(g.work, m.Work)
			}
			edges[[2]int{last, v.Step}]++
			last = v.Step
		}
		if last != Start {
			edges[[2]int{last, End}]++
		}
		totals = append(totals, t.total)
	}
	g := Graph{N: len(traces), Total: distOf(totals)}
	for _, n := range nodes {
		n.Wait, n.Work, n.Whole = distOf(n.wait), distOf(n.work), distOf(n.whole)
		if all > 0 {
			n.ShareTime = float64(n.Whole.Sum) / float64(all)
		}
		g.Nodes = append(g.Nodes, n.Node)
	}
	slices.SortFunc(g.Nodes, func(a, b Node) int { return cmp.Compare(a.Step, b.Step) })
	for k, n := range edges {
		g.Edges = append(g.Edges, Edge{From: k[0], To: k[1], N: n, Back: k[1] != End && k[1] <= k[0]})
	}
	slices.SortFunc(g.Edges, func(a, b Edge) int {
		if a.Back != b.Back {
			if b.Back {
				return -1
			}
			return 1
		}
		return cmp.Or(cmp.Compare(b.N, a.N), cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To))
	})
	return g
}

// Bottlenecks are the steps by the time that all dossiers together spent there.
func (g Graph) Bottlenecks() []Node {
	list := slices.Clone(g.Nodes)
	slices.SortStableFunc(list, func(a, b Node) int { return cmp.Compare(b.Whole.Sum, a.Whole.Sum) })
	return list
}

// variantsOf groups traces by the steps that they went through, the most frequent first.
func variantsOf(traces []measured) []Variant {
	type gathered struct {
		Variant
		totals []int64
	}
	by := map[string]*gathered{}
	for _, t := range traces {
		steps := make([]int, len(t.Visits))
		key := make([]byte, 0, 3*len(steps))
		for i, v := range t.Visits {
			steps[i] = v.Step
			key = append(key, byte(v.Step>>8), byte(v.Step), ',')
		}
		g := by[string(key)]
		if g == nil {
			g = &gathered{Variant: Variant{Steps: steps, Code: t.Code}}
			by[string(key)] = g
		}
		g.N++
		if t.Late {
			g.Late++
		}
		g.totals = append(g.totals, t.total)
	}
	list := make([]Variant, 0, len(by))
	for _, g := range by {
		g.Median = distOf(g.totals).Median
		list = append(list, g.Variant)
	}
	slices.SortFunc(list, func(a, b Variant) int { return cmp.Or(cmp.Compare(b.N, a.N), cmp.Compare(a.Code, b.Code)) })
	return list
}
