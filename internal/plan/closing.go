package plan

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
)

// Closing is what a plan had come to when it was closed (số liệu chốt năm): kept as it
// was, whatever is renamed or merged later.
type Closing struct {
	Day      string        `json:"day"`
	Tasks    Counts        `json:"tasks"`
	Areas    []AnnexLine   `json:"areas"`
	Agencies []AnnexLine   `json:"agencies"` // counts of lead assignments
	Rows     []ClosingTask `json:"rows"`
	ClosedBy string        `json:"-"` // account
	ClosedMs int64         `json:"-"`
	Digest   string        `json:"-"` // SHA-256 of the JSON, hex
}

// ClosingTask is one task as it stood.
type ClosingTask struct {
	ID      string `json:"id"`
	Code    string `json:"code"`
	Content string `json:"content"`
	Lead    string `json:"lead"` // name of the agency, "" for a task of every agency
	Due     string `json:"due"`
	Class   Class  `json:"class"`
	Done    int64  `json:"done"`
	Of      int64  `json:"of"` // agencies that led
}

func closingOf(day string, a Annex) Closing {
	c := Closing{Day: day, Tasks: a.Tasks, Areas: a.Areas, Agencies: a.Agencies}
	for _, r := range a.Rows {
		c.Rows = append(c.Rows, ClosingTask{ID: r.Task.ID, Code: r.Task.Code, Content: r.Task.Content, Lead: r.LeadName, Due: r.Facts.DueDay, Class: r.Facts.Class,
			Done: r.Facts.DoneCount, Of: r.Facts.Agencies})
	}
	return c
}

// seal writes the figures as they are kept, with their digest.
func (c Closing) seal() (text, digest string, err error) {
	raw, err := json.Marshal(c)
	sum := sha256.Sum256(raw)
	return string(raw), hex.EncodeToString(sum[:]), err
}

// sameFigures says whether two closings count alike; names may have changed since.
func (c Closing) sameFigures(o Closing) bool {
	c.Tasks, o.Tasks = c.Tasks.settled(), o.Tasks.settled()
	if c.Tasks != o.Tasks || len(c.Rows) != len(o.Rows) || len(c.Agencies) != len(o.Agencies) || len(c.Areas) != len(o.Areas) {
		return false
	}
	for i := range c.Rows {
		if c.Rows[i].ID != o.Rows[i].ID || c.Rows[i].Class != o.Rows[i].Class || c.Rows[i].Due != o.Rows[i].Due || c.Rows[i].Done != o.Rows[i].Done {
			return false
		}
	}
	counts := func(list []AnnexLine) map[string]Counts {
		m := map[string]Counts{}
		for _, l := range list {
			m[l.Key] = l.Counts.settled()
		}
		return m
	}
	for _, pair := range [][2][]AnnexLine{{c.Agencies, o.Agencies}, {c.Areas, o.Areas}} {
		now := counts(pair[1])
		for key, n := range counts(pair[0]) {
			if now[key] != n {
				return false
			}
		}
	}
	return true
}

// settled leaves out what is due soon: that looks ahead by a calendar which may be
// corrected later, and says nothing of what was done.
func (c Counts) settled() Counts {
	c.DueSoon = 0
	return c
}
