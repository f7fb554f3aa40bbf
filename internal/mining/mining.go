// Package mining says where time goes between the receipt of a dossier and its result
// (thời gian nằm ở đâu): how long dossiers wait and how long they are worked on at each
// step of a procedure, which ways they take, where they are sent back, and whether a new
// version of the process made it shorter. It is the tool for shortening a procedure,
// the land ones first: what is not seen is not shortened.
//
// Start at Service.Study. The room owns no tables: it reads the traces of dossiers
// through Source and keeps nothing. All times are working minutes of the agency that
// held the dossier; pauses of the clock are left out.
package mining

import "time"

// RightView lets see where time goes, for dossiers within reach.
const RightView = "mining.view"

// Rights are all of the room.
var Rights = []string{RightView}

// RoleRights says which roles hold them when a province begins.
var RoleRights = map[string][]string{
	"chairman": {RightView}, "secretariat": {RightView}, "office": {RightView}, "agency_head": {RightView},
	"unit_leader": {RightView}, "centre_head": {RightView}, "procedure_admin": {RightView}, "auditor": {RightView},
}

// Visit is one stay of a dossier at one step. A step that it comes back to is visited
// again.
type Visit struct {
	Step    int       // number in the step table; the order of the process
	Name    string    // what is done there, in the words of the step table
	Agency  string    // id of the agency that held it: whose working time counts
	Entered time.Time // the dossier arrived
	Started time.Time // somebody took it up; zero when nobody said so
	Done    time.Time // it went on; zero while it lies there
	Outcome string    // advanced, sent_back, recalled, ended
	Pauses  []Pause   // while the clock stood still
}

// Pause is a time in which nobody could work: the applicant had been asked for something.
type Pause struct{ From, To time.Time }

// Trace is the way of one dossier through the steps, in the order of arrival.
type Trace struct {
	Code     string // of the dossier
	Version  string // id of the process version under which it was received
	Received time.Time
	Ended    time.Time
	Late     bool
	Visits   []Visit
}

// Version is one version of a process, named by when it came into force.
type Version struct {
	ID      string
	FromDay string
	N       int // finished dossiers of the period under it
}

// Procedure is a line of the list: how much was finished in the period.
type Procedure struct {
	Key, Code, Name string
	N, Late         int64
}
