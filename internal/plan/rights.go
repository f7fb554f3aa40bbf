package plan

// The rights of this room, "room.verb". Which agency a right reaches is a matter of
// the grant; who may not use it on own work is checked where the act is done.
const (
	RightView            = "plan.view"             // see plans, tasks and figures
	RightDraft           = "plan.draft"            // import and edit a draft, settle doubts
	RightIssue           = "plan.issue"            // issue, amend, cancel and close
	RightReport          = "plan.report"           // acknowledge, report progress, hand in
	RightApprove         = "plan.approve"          // accept or return a result
	RightExtend          = "plan.extend"           // ask for a later deadline
	RightDecideExtension = "plan.decide_extension" // grant it or not
	RightUrge            = "plan.urge"             // remind an agency
	RightAssign          = "plan.assign"           // pause and resume an assignment
)

// Rights lists every right of the room.
var Rights = []string{RightView, RightDraft, RightIssue, RightReport, RightApprove, RightExtend, RightDecideExtension, RightUrge, RightAssign}

// RoleRights is what each built-in role may do here at first (plan.md section 4);
// afterwards the roles belong to the administrator. The administrator of the system
// sees plans and does nothing with them. Rights of a head and of a focal point reach
// their agency: they draft, issue and judge its own plan, never what the province asks of it.
var RoleRights = map[string][]string{
	"admin":       {RightView},
	"chairman":    {RightView, RightIssue, RightApprove, RightDecideExtension, RightUrge, RightAssign},
	"secretariat": {RightView, RightDraft, RightReport, RightApprove, RightExtend, RightUrge},
	"office":      {RightView, RightReport, RightApprove, RightExtend, RightUrge},
	"area_lead":   {RightView, RightReport, RightExtend},
	"agency_head": {RightView, RightReport, RightExtend, RightDraft, RightIssue, RightApprove, RightDecideExtension},
	"focal_point": {RightView, RightReport, RightDraft},
	"officer":     {RightView},
	"inspector":   {RightView},
	"auditor":     {RightView},
}
