package dossier

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"

	"cchc/internal/process"
)

// Procedure is what the catalogue says of a procedure in force on a day. A dossier keeps
// it as it was at receipt, whatever becomes of the catalogue.
type Procedure struct {
	VersionID string `json:"version_id"`
	Key       string `json:"key"`  // "karaoke-new", between rooms
	Code      string `json:"code"` // national, "1.001029"; "" where none is known
	Name      string `json:"name"`
	Field     string `json:"field"`
	Variant   string `json:"variant"`
	Level     string `json:"level"` // full, partial or information: how much of it works online
	Online    bool   `json:"online"`

	Amount int    `json:"amount"`
	Unit   string `json:"unit"`  // a word of calendar.Unit
	Known  bool   `json:"known"` // false: nobody stated a limit; a dossier has no due time then

	Steps      []process.Step `json:"steps"`
	Components []Component    `json:"components"`

	ReturnsDocument      bool   `json:"returns_document"`
	Pays                 string `json:"pays"` // before, after or none
	PausesForPayment     bool   `json:"pauses_for_payment"`
	SameDay              bool   `json:"same_day"`
	SupplementNoticeDays int    `json:"supplement_notice_days"` // working days within which a supplement is asked, 0 unstated

	// A group may begin its clocks later (NĐ 297/2025: after 17:00 or on a day off, at 8:00
	// of the next working day): "HH:MM" both, "" where the office's hours decide.
	ReceiptUntil string `json:"receipt_until"`
	ReceiptNext  string `json:"receipt_next"`
}

// Component is one paper that a procedure asks for (thành phần hồ sơ).
type Component struct {
	Code     string `json:"code"`
	Name     string `json:"name"`
	Digitise string `json:"digitise"` // why it is digitised (TT 01/2023), "" when it is not
	Required bool   `json:"required"`
}

// Terms are a procedure as one or many dossiers were received under it. ID is the hash
// of its content: dossiers under the same words share one row, which never changes.
type Terms struct {
	ID string
	Procedure

	before map[int][]int // steps that each step waits for
	after  map[int][]int
	until  map[int]span // working time from the stage's start to the end of each step
	part   map[int]part
}

// span is a length that may be unknown, because a step on the way has none stated.
type span struct {
	minutes int
	known   bool
}

// part says what a step is to the dossier's states.
type part int

const (
	working part = iota // done in state in_process
	opening             // done at the counter in state received
	closing             // done once the result is signed
)

// newTerms prepares a procedure for dossiers.
func newTerms(p Procedure) (*Terms, []byte, error) {
	body, err := json.Marshal(p)
	if err != nil {
		return nil, nil, err
	}
	sum := sha256.Sum256(body)
	t := &Terms{ID: hex.EncodeToString(sum[:16]), Procedure: p}
	t.prepare()
	return t, body, nil
}

func readTerms(id string, body []byte) (*Terms, error) {
	t := &Terms{ID: id}
	if err := json.Unmarshal(body, &t.Procedure); err != nil {
		return nil, err
	}
	t.prepare()
	return t, nil
}

func (t *Terms) prepare() {
	t.before = process.Before(t.Steps)
	t.after = process.After(t.before)
	t.until, t.part = map[int]span{}, map[int]part{}
	for _, s := range t.Steps {
		if s.Group == process.Counter && len(t.before[s.No]) == 0 && s.Stage <= 1 {
			t.part[s.No] = opening
		} else if s.Group == process.Counter && !t.worksAfter(s.No) {
			t.part[s.No] = closing
		}
	}
	for _, s := range t.Steps {
		t.reach(s.No)
	}
}

// worksAfter says whether anybody but the counter works on what follows a step.
func (t *Terms) worksAfter(no int) bool {
	for _, n := range t.downstream(no) {
		if t.step(n).Group != process.Counter {
			return true
		}
	}
	return false
}

// downstream are the steps that follow a step, near and far, without itself.
func (t *Terms) downstream(no int) (list []int) {
	queue := []int{no}
	for len(queue) > 0 {
		for _, n := range t.after[queue[0]] {
			if !slices.Contains(list, n) {
				list = append(list, n)
				queue = append(queue, n)
			}
		}
		queue = queue[1:]
	}
	return list
}

// reach is the working time from the beginning of a step's stage to its end, along the
// longest way: the step is due then. Tables are checked against loops on publication;
// one that has a loop all the same gives nothing here instead of running for ever.
func (t *Terms) reach(no int) span {
	if done, ok := t.until[no]; ok {
		return done
	}
	t.until[no] = span{}
	s := t.step(no)
	out := span{known: s.Known}
	for _, b := range t.before[no] {
		if t.step(b).Stage != s.Stage {
			continue
		}
		r := t.reach(b)
		out.minutes, out.known = max(out.minutes, r.minutes), out.known && r.known
	}
	out.minutes += s.Takes(t.Online)
	t.until[no] = out
	return out
}

// step is a step by its number, the zero Step for none.
func (t *Terms) step(no int) process.Step {
	for _, s := range t.Steps {
		if s.No == no {
			return s
		}
	}
	return process.Step{}
}

// component is a paper of the procedure by its code.
func (t *Terms) component(code string) (Component, bool) {
	for _, c := range t.Components {
		if c.Code == code {
			return c, true
		}
	}
	return Component{}, false
}
