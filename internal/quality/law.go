package quality

import (
	_ "embed" // the shipped indices
	"encoding/json"
	"slices"
)

//go:embed law.json
var lawFile []byte

// law is what the program ships: lines of the service index, classes of units. A row of
// quality_weight takes the place of a shipped weight from its day on.
type law struct {
	Basis     string  `json:"basis"`
	UnitBasis string  `json:"unit_basis"`
	Seventh   string  `json:"seventh_weight"` // what the sources do not settle, shown in the settings
	Lines     []Line  `json:"lines"`
	Classes   []Class `json:"classes"`
}

var shipped = func() (l law) {
	if err := json.Unmarshal(lawFile, &l); err != nil {
		panic("quality: law.json: " + err.Error())
	}
	return l
}()

// Shipped are the lines of the service index as the program ships them.
func Shipped() []Line { return slices.Clone(shipped.Lines) }

// Classes are the classes of units, best first.
func Classes() []Class { return slices.Clone(shipped.Classes) }

// inForce puts dated weights over the shipped ones.
func inForce(lines []Line, dated map[string]Weight) []Line {
	for i, l := range lines {
		if w, found := dated[l.Code]; found {
			lines[i].Max, lines[i].Full, lines[i].Source, lines[i].Doubt = w.Max, w.Full, w.Source, w.Doubt
			lines[i].FromDay, lines[i].Version = w.FromDay, w.Version
		}
	}
	return lines
}
