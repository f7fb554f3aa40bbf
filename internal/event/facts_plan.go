package event

// PlanIssued says that a plan became binding and its tasks were handed out.
type PlanIssued struct {
	PlanID string `json:"plan_id"`
	Year   int    `json:"year"`
}

// Kind is the stored name.
func (PlanIssued) Kind() string { return "plan.issued" }

// PlanAmended says that an amendment of an issued plan holds.
type PlanAmended struct {
	PlanID      string `json:"plan_id"`
	AmendmentID string `json:"amendment_id"`
}

// Kind is the stored name.
func (PlanAmended) Kind() string { return "plan.amended" }

// PlanClosed says that the statistics of a plan are final.
type PlanClosed struct {
	PlanID string `json:"plan_id"`
	Year   int    `json:"year"`
}

// Kind is the stored name.
func (PlanClosed) Kind() string { return "plan.closed" }

// PlanResultSubmitted says that an agency handed in the result of its assignment.
type PlanResultSubmitted struct {
	AssignmentID string `json:"assignment_id"`
	AgencyID     string `json:"agency_id"`
	ApproverID   string `json:"approver_id"`
}

// Kind is the stored name.
func (PlanResultSubmitted) Kind() string { return "plan.result_submitted" }

// PlanResultReturned says that a result was handed back with a reason.
type PlanResultReturned struct {
	AssignmentID string `json:"assignment_id"`
	AgencyID     string `json:"agency_id"`
}

// Kind is the stored name.
func (PlanResultReturned) Kind() string { return "plan.result_returned" }

// PlanResultApproved says that a result was accepted; DoneDay is the day on which it
// had been handed in, which is the day that counts.
type PlanResultApproved struct {
	AssignmentID string `json:"assignment_id"`
	TaskID       string `json:"task_id"`
	AgencyID     string `json:"agency_id"`
	DoneDay      string `json:"done_day"`
	Late         bool   `json:"late"`
}

// Kind is the stored name.
func (PlanResultApproved) Kind() string { return "plan.result_approved" }

// PlanExtensionRequested says that an agency asks for a later deadline.
type PlanExtensionRequested struct {
	ExtensionID  string `json:"extension_id"`
	AssignmentID string `json:"assignment_id"`
	AgencyID     string `json:"agency_id"`
}

// Kind is the stored name.
func (PlanExtensionRequested) Kind() string { return "plan.extension_requested" }

// PlanExtensionDecided says that a later deadline was granted or not.
type PlanExtensionDecided struct {
	ExtensionID  string `json:"extension_id"`
	AssignmentID string `json:"assignment_id"`
	AgencyID     string `json:"agency_id"`
	Granted      bool   `json:"granted"`
}

// Kind is the stored name.
func (PlanExtensionDecided) Kind() string { return "plan.extension_decided" }

// PlanUrged says that an agency was reminded of an assignment.
type PlanUrged struct {
	AssignmentID string `json:"assignment_id"`
	AgencyID     string `json:"agency_id"`
	Level        int    `json:"level"`
}

// Kind is the stored name.
func (PlanUrged) Kind() string { return "plan.urged" }

// PlanHandedOver says that an open assignment went to the successor of its agency.
type PlanHandedOver struct {
	AssignmentID string `json:"assignment_id"`
	ToAgencyID   string `json:"to_agency_id"`
	SuccessorID  string `json:"successor_id"`
}

// Kind is the stored name.
func (PlanHandedOver) Kind() string { return "plan.handed_over" }
