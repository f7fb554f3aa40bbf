package procedure

import (
	"cchc/internal/calendar"
	"cchc/internal/process"
)

// Limit is an amount of time that a rule gives. Known false: nobody stated it, and the
// amount means nothing ("chờ xác nhận").
type Limit struct {
	Amount int64         `json:"amount"`
	Unit   calendar.Unit `json:"unit,omitempty"`
	Known  bool          `json:"known"`
}

// dayMinutes is the working day in which the hours of step tables are written (8 hours,
// the unit of every internal process seen); the clock itself asks the calendar.
const dayMinutes = 480

// minutes is the limit in working minutes; ok is false when it is unknown or counted in
// calendar days, which no sum of working hours can equal.
func (l Limit) minutes() (n int, ok bool) {
	if !l.Known {
		return 0, false
	}
	switch l.Unit {
	case calendar.Minute:
		return int(l.Amount), true
	case calendar.WorkingHour:
		return int(l.Amount) * 60, true
	case calendar.WorkingDay:
		return int(l.Amount) * dayMinutes, true
	}
	return 0, false
}

// Service levels (mức độ dịch vụ công trực tuyến, NĐ 45/2020 as amended).
const (
	ServiceFull    = "full"        // toàn trình
	ServicePartial = "partial"     // một phần
	ServiceInfo    = "information" // chỉ cung cấp thông tin
)

// ServiceLevels lists them; "" is not stated.
var ServiceLevels = []string{ServiceFull, ServicePartial, ServiceInfo}

// When the fee is paid.
const (
	PaysNone   = "none"
	PaysBefore = "before" // thu trước, a condition of receipt
	PaysAfter  = "after"  // thu sau
)

// PayTimes lists them; "" is not stated.
var PayTimes = []string{PaysNone, PaysBefore, PaysAfter}

// Ways in which a dossier may come (cách thức thực hiện).
var Channels = []string{"counter", "online", "post"}

// The kinds of paper to digitise (TT 01/2023/TT-VPCP).
const (
	DigitiseResult     = "result"     // result of an earlier procedure
	DigitiseLaw        = "law"        // required by the law of the sector
	DigitiseManagement = "management" // required for management
)

// DigitiseKinds lists them; "" is not to be digitised.
var DigitiseKinds = []string{DigitiseResult, DigitiseLaw, DigitiseManagement}

// Component is a paper of the dossier (thành phần hồ sơ).
type Component struct {
	Code       string `json:"code"`
	Name       string `json:"name"`
	Variant    string `json:"variant,omitempty"` // only for this case
	Originals  int    `json:"originals"`
	Certified  int    `json:"certified"`
	Copies     int    `json:"copies"`
	Digitise   string `json:"digitise,omitempty"`
	Required   bool   `json:"required"`
	RequiredIf string `json:"required_if,omitempty"` // when, in words; a paper with it is not required of everybody
	Source     string `json:"source,omitempty"`      // where the officer can get it instead of asking for it
	Form       string `json:"form,omitempty"`        // number of the printed form
}

// Kinds of money (Luật Phí và lệ phí).
const (
	Charge = "charge" // phí
	Duty   = "duty"   // lệ phí
)

// FeeKinds lists them; "" is not stated.
var FeeKinds = []string{Charge, Duty}

// Fee is one line of the table of fees. Without Amount and PerUnit it is told in words
// (Text) and nothing is computed from it.
type Fee struct {
	Code      string `json:"code"`
	Kind      string `json:"kind,omitempty"`
	Variant   string `json:"variant,omitempty"`
	Area      string `json:"area,omitempty"`      // "thành phố, thị xã"
	Criterion string `json:"criterion,omitempty"` // in words: "4-5 phòng"
	From      string `json:"from"`                // first day, 0001-01-01 from the beginning
	To        string `json:"to"`                  // last day, 9999-12-31 without an end
	Amount    int64  `json:"amount"`              // đồng
	PerUnit   string `json:"per_unit,omitempty"`  // Amount is for each of these ("room"), "" in all
	Cap       int64  `json:"cap,omitempty"`       // đồng at most, 0 without
	Text      string `json:"text,omitempty"`      // words when no sum is stated
}

// Variant is a case of the procedure (trường hợp) that differs in its time or its steps.
type Variant struct {
	Code  string         `json:"code"`
	Name  string         `json:"name"`
	Limit Limit          `json:"limit"`
	Steps []process.Step `json:"steps,omitempty"` // none: the steps of the procedure
}

// Mark says how sure a statement is.
type Mark string

// The marks, from the strongest.
const (
	Verified      Mark = "verified"
	Secondary     Mark = "secondary"      // a copy of the official text
	Memory        Mark = "memory"         // to be checked before use
	DesignDefault Mark = "design_default" // a proposal: each province decides its own
	NotVerified   Mark = "not_verified"
)

// Marks lists them.
var Marks = []Mark{Verified, Secondary, Memory, DesignDefault, NotVerified}

// Evidence says where a statement comes from, in the words of its source.
type Evidence struct {
	Mark  Mark   `json:"mark"`
	Words string `json:"words,omitempty"`
}

// Content is all that a version says. It is kept as one document with its digest: what
// is published is this text and no other.
type Content struct {
	Name      string `json:"name"`
	Code      string `json:"code,omitempty"` // national code, as 1.001029
	Field     string `json:"field,omitempty"`
	Level     Level  `json:"level,omitempty"`
	LevelText string `json:"level_text,omitempty"` // as the source says it
	Authority string `json:"authority,omitempty"`

	// The other parts of a procedure (Điều 8 khoản 2 NĐ 63/2010/NĐ-CP).
	Order      string      `json:"order,omitempty"` // trình tự thực hiện
	Channels   []string    `json:"channels,omitempty"`
	Sets       int         `json:"sets,omitempty"` // số bộ hồ sơ, 0 is not stated
	Components []Component `json:"components,omitempty"`
	Limit      Limit       `json:"limit"`
	Applicants string      `json:"applicants,omitempty"` // đối tượng thực hiện

	OnlineLimit      Limit    `json:"online_limit"`      // for dossiers sent online; unknown is as Limit
	SupplementNotice Limit    `json:"supplement_notice"` // to say what is missing
	ServiceLevel     string   `json:"service_level,omitempty"`
	Pays             string   `json:"pays,omitempty"`
	PausesForPayment bool     `json:"pauses_for_payment"`
	ReceiptNeeded    bool     `json:"receipt_needed"`
	SameDay          bool     `json:"same_day"`
	ReturnsDocument  bool     `json:"returns_document"` // the result is a paper, not only an act
	Results          []string `json:"results,omitempty"`
	Conditions       []string `json:"conditions,omitempty"`
	Bases            []string `json:"bases,omitempty"`
	ReceivingRules   string   `json:"receiving_rules,omitempty"` // told to who receives
	Note             string   `json:"note,omitempty"`

	Fees     []Fee          `json:"fees,omitempty"`
	FeeText  string         `json:"fee_text,omitempty"`
	Steps    []process.Step `json:"steps,omitempty"`
	Variants []Variant      `json:"variants,omitempty"`

	// Evidence by what it speaks of: "limit", "code", "fees", "steps.2", "components.1".
	Evidence map[string]Evidence `json:"evidence,omitempty"`
	Source   string              `json:"source,omitempty"`
}

// variant finds a case by its code; "" is the procedure itself.
func (c Content) VariantOf(code string) (Variant, bool) {
	if code == "" {
		return Variant{Limit: c.Limit, Steps: c.Steps}, true
	}
	for _, v := range c.Variants {
		if v.Code == code {
			if len(v.Steps) == 0 {
				v.Steps = c.Steps
			}
			return v, true
		}
	}
	return Variant{}, false
}

// componentsOf are the papers of a case: those of everybody and its own.
func (c Content) ComponentsOf(variant string) (list []Component) {
	for _, p := range c.Components {
		if p.Variant == "" || p.Variant == variant {
			list = append(list, p)
		}
	}
	return list
}

// feesOn are the lines of a case that count on a day.
func (c Content) FeesOn(variant, day string) (list []Fee) {
	for _, f := range c.Fees {
		if (f.Variant == "" || f.Variant == variant) && f.From <= day && day <= f.To {
			list = append(list, f)
		}
	}
	return list
}

// Parts says which of the seven parts of a procedure are filled (điểm 1.3 of the service
// index): name, order, ways, papers, limit, applicants, authority.
func (c Content) Parts() map[string]bool {
	return map[string]bool{
		"name": c.Name != "", "order": c.Order != "" || len(c.Steps) > 0, "ways": len(c.Channels) > 0,
		"papers": len(c.Components) > 0 && c.Sets > 0, "limit": c.Limit.Known, "applicants": c.Applicants != "", "authority": c.Authority != "",
	}
}

// PartNames lists the seven parts in the order of the decree.
var PartNames = []string{"name", "order", "ways", "papers", "limit", "applicants", "authority"}

// full says that all seven parts are filled.
func (c Content) full() bool {
	for _, there := range c.Parts() {
		if !there {
			return false
		}
	}
	return true
}
