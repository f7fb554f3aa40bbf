// Package interlink runs groups of procedures that are handled together (liên thông): one
// declaration becomes member dossiers, each with its own code, clock, fee and result; a
// successor starts when the result that it needs is there; a refusal cancels what
// depended on it, and the applicant hears of it once.
//
// Start at Service.Declare; Service.Follow is told what happens to dossiers. Where a
// national program splits the declaration (NĐ 297/2025/NĐ-CP) we do not lead: the group
// carries its code, results of others are recorded, and our member is received in turn.
package interlink

import (
	"slices"

	"cchc/internal/identity"
)

// Rights of the room, over the agency that received the declaration.
const (
	RightView    = "interlink.view"
	RightDeclare = "interlink.declare" // receive a declaration
	RightRecord  = "interlink.record"  // record what an authority outside this program decided
)

// Rights are all of them.
var Rights = []string{RightView, RightDeclare, RightRecord}

// RoleRights says which roles hold them when a province begins.
var RoleRights = map[string][]string{
	identity.RoleReceptionist: {RightView, RightDeclare, RightRecord},
	identity.RoleCentreHead:   {RightView, RightDeclare, RightRecord},
	identity.RoleHandler:      {RightView},
	identity.RoleUnitLeader:   {RightView},
	identity.RoleInspector:    {RightView},
	identity.RoleAuditor:      {RightView},
}

// State is where a group case stands.
type State string

// The states. Blocked and partly done end a case when nothing runs any more.
const (
	Waiting    State = "waiting"
	Running    State = "running"
	Blocked    State = "blocked" // a member was refused
	Done       State = "done"
	PartlyDone State = "partly_done" // some results are there, the rest was refused or cancelled
)

// MemberState is where a member stands.
type MemberState string

// The states of a member.
const (
	MemberWaiting   MemberState = "waiting"
	MemberRunning   MemberState = "running"
	MemberApproved  MemberState = "approved"
	MemberRefused   MemberState = "refused"
	MemberCancelled MemberState = "cancelled" // what it needed was refused
	MemberSkipped   MemberState = "skipped"   // an earlier result serves, with its document
)

// Member is one procedure of a group case.
type Member struct {
	Key, Name, Authority string
	Ours                 bool     // handled in this program
	Together             bool     // begins with what it needs; only its result waits
	Needs                []string // keys of members
	Competent            string   // code of the agency that decides, for ours
	State                MemberState
	DossierID, Dossier   string // id and code, of ours
	Document             string // number of the result, or of an earlier one
	Reason               string
	StartedMs, EndedMs   int64 // 0 not yet
}

// Case is one declaration on its way. Times are milliseconds, DueMs 0 without a promise.
type Case struct {
	ID, Code, Group, Name, Basis string
	Leads                        bool // we split the declaration
	Agency                       string
	State                        State
	DeclaredMs, DueMs, EndedMs   int64
	Version                      int64
	Members                      []Member
}

// Finished counts the members whose result is there.
func (c Case) Finished() (n int) {
	for _, m := range c.Members {
		if m.State == MemberApproved || m.State == MemberSkipped {
			n++
		}
	}
	return n
}

func (c *Case) member(key string) *Member {
	i := slices.IndexFunc(c.Members, func(m Member) bool { return m.Key == key })
	if i < 0 {
		return nil
	}
	return &c.Members[i]
}

// ended says whether nothing more happens to a member.
func (m Member) ended() bool { return m.State != MemberWaiting && m.State != MemberRunning }

// ready lists the waiting members that may start: what they need is there, or they begin
// together with it and it is under way.
func (c Case) ready() (keys []string) {
	for _, m := range c.Members {
		may := m.State == MemberWaiting
		for _, n := range m.Needs {
			s := c.member(n).State
			there := s == MemberApproved || s == MemberSkipped
			may = may && (there || m.Together && s == MemberRunning)
		}
		if may {
			keys = append(keys, m.Key)
		}
	}
	return keys
}

// after lists the members that depend on one, directly or not, and have not ended.
func (c Case) after(key string) (keys []string) {
	lost := map[string]bool{key: true}
	for range c.Members {
		for _, m := range c.Members {
			if !lost[m.Key] && slices.ContainsFunc(m.Needs, func(n string) bool { return lost[n] }) {
				lost[m.Key] = true
			}
		}
	}
	for _, m := range c.Members {
		if m.Key != key && lost[m.Key] && !m.ended() {
			keys = append(keys, m.Key)
		}
	}
	return keys
}

// stands is the state that the members add up to.
func (c Case) stands() State {
	open, started, good, bad := 0, 0, 0, 0
	for _, m := range c.Members {
		switch m.State {
		case MemberWaiting:
			open++
		case MemberRunning:
			open, started = open+1, started+1
		case MemberApproved, MemberSkipped:
			good++
		default:
			bad++
		}
	}
	switch {
	case open == 0 && bad == 0:
		return Done
	case bad > 0 && open == 0 && good > 0:
		return PartlyDone
	case bad > 0:
		return Blocked
	case started == 0 && good == 0:
		return Waiting
	}
	return Running
}

// over says whether nothing runs or waits any more.
func (c Case) over() bool {
	return !slices.ContainsFunc(c.Members, func(m Member) bool { return !m.ended() })
}

// outcomes are the states of a dossier that settle its member.
var outcomes = map[string]MemberState{
	"approved": MemberApproved, "rejected_result": MemberRefused, "refused": MemberRefused, "withdrawn": MemberRefused, "stopped": MemberRefused, "closed_no_supplement": MemberRefused,
}
