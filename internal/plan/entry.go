package plan

// Entry is one line of the timeline (diễn biến) of an assignment.
type Entry struct {
	ID         string `json:"id"`
	Assignment string `json:"assignment"`
	Agency     string `json:"agency"` // of the assignment
	Move       string `json:"move"`
	Day        string `json:"day"`
	AtMs       int64  `json:"at_ms"`
	Account    string `json:"account"`
	Name       string `json:"name"`      // of the person, as shown then
	ByAgency   string `json:"by_agency"` // agency of the person
	Due        string `json:"due,omitempty"`
	Percent    int    `json:"percent"`
	Text       string `json:"text,omitempty"`
	Difficulty string `json:"difficulty,omitempty"` // khó khăn, vướng mắc
	Proposal   string `json:"proposal,omitempty"`   // kiến nghị
	Document   string `json:"document,omitempty"`   // number of the document that goes with it
}

// Target is a numeric target (chỉ tiêu).
type Target struct {
	ID           string `json:"id"`
	Area         int    `json:"area"`
	Code         string `json:"code"`
	Name         string `json:"name"`
	Operator     string `json:"operator"` // ">=", "<=", "="
	Value        string `json:"value"`    // decimal text
	Unit         string `json:"unit"`
	Year         int    `json:"year"`
	Computation  string `json:"computation"`
	Verification string `json:"verification"`
	Source       string `json:"source"`
	Indicator    string `json:"indicator,omitempty"` // code of the indicator that measures it, '' by hand
	Version      int64  `json:"-"`
}

// Extension is a wish for a later deadline (gia hạn).
type Extension struct {
	ID, PlanID, Assignment, Agency string
	OldDay, NewDay                 string
	Reason                         string
	State                          string // requested, approved, rejected, lapsed
	RequestedBy                    string
	RequestedMs                    int64
	DecidedBy, DecisionText        string
	DecidedMs                      int64
	Document                       string
	Version                        int64
}

// Line is one assignment in a list: what a figure opens.
type Line struct {
	Assignment string   `json:"assignment"`
	Task       string   `json:"task"`
	Code       string   `json:"code"`
	Content    string   `json:"content"`
	Area       int      `json:"area"`
	Agency     string   `json:"agency"`
	AgencyName string   `json:"agency_name"`
	Standing   Standing `json:"standing"`
	Class      Class    `json:"class"`
	Due        string   `json:"due"`      // NoDay when it has no date
	Original   string   `json:"original"` // deadline first set
	Done       string   `json:"done"`     // completion, NoDay while open
	Progress   int      `json:"progress"`
	UpdatedMs  int64    `json:"updated_ms"`
	Version    int64    `json:"version"`
}
