// Package quality measures how well the one-stop shop serves: the service index of
// QĐ 766/QĐ-TTg, the quality index of units and officers (NĐ 61/2018/NĐ-CP, article 31),
// and form II.06a on results.
//
// Start at Service.Index, Service.Sheet and Service.Form. Every count is a figure of
// another room, read by its code from the registry of indicators: a figure that nobody
// offers yet is "no source", never 0. Weights, thresholds and classes are data with dates
// (law.json and quality_weight); the sources of most of them are secondary.
package quality

// Rights of the room.
const (
	RightView     = "quality.view"     // indices of agencies within reach
	RightScore    = "quality.score"    // self-score of one's own unit, official values typed in
	RightVerify   = "quality.verify"   // verify what a unit scored; freeze a period
	RightSettings = "quality.settings" // weights and thresholds
)

// Rights are all of them.
var Rights = []string{RightView, RightScore, RightVerify, RightSettings}

// RoleRights says which roles hold them when a province begins. Who scores a sheet never
// verifies it, whatever rights the person has.
var RoleRights = map[string][]string{
	"chairman":        {RightView},
	"office":          {RightView, RightVerify, RightSettings},
	"secretariat":     {RightView, RightVerify},
	"area_lead":       {RightView},
	"agency_head":     {RightView, RightScore},
	"focal_point":     {RightView, RightScore},
	"unit_leader":     {RightView},
	"centre_head":     {RightView, RightScore},
	"procedure_admin": {RightView},
	"auditor":         {RightView},
}
