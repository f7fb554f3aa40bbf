package event

// InterlinkBlocked says that a member of a group of procedures was refused and its
// successors were cancelled: told once a group, so that the applicant hears it once.
type InterlinkBlocked struct {
	CaseID    string   `json:"case_id"`
	Code      string   `json:"code"`
	Member    string   `json:"member"`
	Cancelled []string `json:"cancelled"`
}

// Kind is the stored name.
func (InterlinkBlocked) Kind() string { return "interlink.blocked" }
