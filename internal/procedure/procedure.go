// Package procedure keeps the catalogue of administrative procedures (thủ tục hành
// chính): versions by date, cases, papers, fees, the steps inside the office, and groups
// of procedures that are handled together (liên thông).
//
// Start at Content, which is all that a version says, and at Service.InForce, which a
// dossier asks at receipt. A published version is never changed: what changes is a new
// version from a day on, so that a dossier keeps the rules under which it was received.
// docs/adr/0021-procedure-versions.md says why.
package procedure

import (
	"cchc/internal/flow"
	"cchc/internal/identity"
)

// Rights of the room. The catalogue belongs to the province: what is published is seen
// by all, drafts by who holds RightView over the province.
const (
	RightView    = "procedure.view"
	RightEdit    = "procedure.edit"
	RightPublish = "procedure.publish"
)

// Rights are all of them.
var Rights = []string{RightView, RightEdit, RightPublish}

// RoleRights says which roles hold them when a province begins.
var RoleRights = map[string][]string{
	identity.RoleProcedureAdmin: {RightView, RightEdit, RightPublish},
	identity.RoleOffice:         {RightView, RightEdit, RightPublish},
	identity.RoleChairman:       {RightView},
	identity.RoleSecretariat:    {RightView},
	identity.RoleCentreHead:     {RightView},
	identity.RoleReceptionist:   {RightView},
	identity.RoleHandler:        {RightView},
	identity.RoleUnitLeader:     {RightView},
	identity.RoleCashier:        {RightView},
	identity.RoleInspector:      {RightView},
	identity.RoleAuditor:        {RightView},
}

// Kind says what an entry of the catalogue is.
type Kind string

// The kinds.
const (
	Single   Kind = "single"   // một thủ tục
	GroupOf  Kind = "group"    // nhóm thủ tục liên thông
	Feedback Kind = "feedback" // phản ánh, kiến nghị: described here, handled elsewhere
)

// Kinds lists them.
var Kinds = []Kind{Single, GroupOf, Feedback}

// State is where a procedure Stands with the public.
type State string

// The states.
const (
	Unpublished State = "unpublished" // chưa công khai
	Published   State = "published"   // đang công khai
	Amended     State = "amended"     // công khai sửa đổi, bổ sung
	Abolished   State = "abolished"   // bãi bỏ
)

// Moves are the moves of a procedure; each publication of a version makes the first or
// the second. An abolished procedure may be announced anew.
var Moves = flow.Table[State]{
	{Name: "publish", From: []State{Unpublished, Abolished}, To: Published},
	{Name: "amend", From: []State{Published, Amended}, To: Amended},
	{Name: "abolish", From: []State{Published, Amended}, To: Abolished},
}

// VersionState is where a version Stands.
type VersionState string

// The states of a version.
const (
	Draft     VersionState = "draft"
	Presented VersionState = "presented" // waits for who publishes
	InUse     VersionState = "published"
	Dropped   VersionState = "dropped"
)

// VersionMoves are the moves of a version. Who publishes may do so at once, but never
// what they wrote themselves.
var VersionMoves = flow.Table[VersionState]{
	{Name: "present", From: []VersionState{Draft}, To: Presented},
	{Name: "return", From: []VersionState{Presented}, To: Draft},
	{Name: "drop", From: []VersionState{Draft, Presented}, To: Dropped},
	{Name: "publish", From: []VersionState{Draft, Presented}, To: InUse},
}

// Level says which level of government receives and decides.
type Level string

// The levels. "" is not stated.
const (
	LevelProvince Level = "province"
	LevelCommune  Level = "commune"
	LevelBoth     Level = "both" // province or commune, by who is competent
	LevelCentral  Level = "central"
)

// Levels lists them.
var Levels = []Level{LevelProvince, LevelCommune, LevelBoth, LevelCentral}

// Procedure is one entry of the catalogue, as its newest version calls it. Key is the
// name between programs ("karaoke-new"), Code the national code ("" when unknown).
type Procedure struct {
	ID, Key, Code, Name, Field string
	Level                      Level
	Kind                       Kind
	State                      State
	Sample                     bool // from a file that says where each word comes from: pages say "dữ liệu mẫu"
	Version                    int64
}
