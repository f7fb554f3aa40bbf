package dossier

import (
	"slices"
	"time"

	"cchc/internal/errs"
	"cchc/internal/text"
)

// Receipt is what is handed in: at the counter, by post, or sent online. Agencies are
// given by any code they have or had.
type Receipt struct {
	Procedure, Variant   string // key and variant of the catalogue
	Channel              Channel
	Receiving, Competent string
	Returning            string // "" is the receiving agency
	Applicant            Party
	Submitter            *Party // who brings it, when not the owner
	Content              string
	Papers               []PaperInput
	At                   time.Time // when it came, zero is now
	Code                 string    // a number reserved for an offline counter, "" takes the next
	Group                string    // interlinked group, "" for none
}

// PaperInput is one paper as it is handed in.
type PaperInput struct {
	Component, Name              string
	Originals, Certified, Copies int
	File                         string // document id
	Digitised                    int
	ReusedFrom                   string // code of the dossier whose paper or result serves again
}

// ResultInput is the answer of the authority.
type ResultInput struct {
	Number, Day, Title, Code, File string
}

// The limits of what one dossier holds.
const (
	mostPapers  = 100
	mostCopies  = 1000
	mostText    = 5000
	oldest      = 400 * 24 * time.Hour // how long ago a receipt entered now may lie
	mostAtOnce  = 50                   // dossiers received at once
	mostNumbers = 200                  // numbers of a reserved block
)

// cleaned is the receipt in the one form in which it is stored.
func (r Receipt) cleaned() Receipt {
	r.Applicant, r.Content = r.Applicant.cleaned(), text.Clean(r.Content)
	if r.Submitter != nil {
		p := r.Submitter.cleaned()
		r.Submitter = &p
	}
	if r.Channel == "" {
		r.Channel = Counter
	}
	r.Papers = slices.Clone(r.Papers)
	for i := range r.Papers {
		r.Papers[i].Name = text.Clean(r.Papers[i].Name)
	}
	return r
}

// faults lists what is wrong with a receipt under a procedure.
func (r Receipt) faults(t *Terms, now time.Time) error {
	l := r.Applicant.faults("applicant.")
	if r.Submitter != nil {
		l = append(l, r.Submitter.faults("submitter.")...)
	}
	if !slices.Contains(Channels, r.Channel) {
		l = append(l, errs.OnField("channel", "dossier.channel_unknown"))
	}
	if len([]rune(r.Content)) > longestContent {
		l = append(l, errs.OnField("content", "dossier.text_long", "most", longestContent))
	}
	if r.At.After(now) {
		l = append(l, errs.OnField("received_at", "dossier.received_in_future"))
	} else if now.Sub(r.At) > oldest {
		l = append(l, errs.OnField("received_at", "dossier.received_long_ago"))
	}
	l = append(l, paperFaults(r.Papers, t)...)
	return l.Err()
}

func paperFaults(papers []PaperInput, t *Terms) (l errs.List) {
	if len(papers) > mostPapers {
		return errs.List{errs.OnField("papers", "dossier.papers_many", "most", mostPapers)}
	}
	for _, p := range papers {
		_, known := t.component(p.Component)
		switch {
		case p.Component != "" && !known:
			l = append(l, errs.OnField("papers", "dossier.component_unknown", "component", p.Component))
		case p.Component == "" && p.Name == "":
			l = append(l, errs.OnField("papers", "dossier.paper_name_missing"))
		case min(p.Originals, p.Certified, p.Copies) < 0 || max(p.Originals, p.Certified, p.Copies) > mostCopies:
			l = append(l, errs.OnField("papers", "dossier.paper_counts", "most", mostCopies))
		case p.Digitised < 0 || p.Digitised > 3:
			l = append(l, errs.OnField("papers", "dossier.mark_unknown"))
		case p.Digitised > 0 && p.File == "" && p.ReusedFrom == "": // a mark without a file is a claim without evidence
			l = append(l, errs.OnField("papers", "dossier.mark_without_file"))
		}
	}
	return l
}

// clean brings an act into the form in which it is kept and bounds its words.
func (in *Act) clean() error {
	in.Reason, in.Text = text.NFC(in.Reason), text.NFC(in.Text)
	in.Document, in.TakenBy, in.Waybill = text.Clean(in.Document), text.Clean(in.TakenBy), text.Clean(in.Waybill)
	in.Result.Number, in.Result.Title = text.Clean(in.Result.Number), text.Clean(in.Result.Title)
	var l errs.List
	for field, words := range map[string]string{"reason": in.Reason, "text": in.Text} {
		if len([]rune(words)) > mostText {
			l = append(l, errs.OnField(field, "dossier.text_long", "most", mostText))
		}
	}
	for field, words := range map[string]string{"document": in.Document, "taken_by": in.TakenBy, "waybill": in.Waybill, "number": in.Result.Number, "title": in.Result.Title} {
		if len([]rune(words)) > longestName {
			l = append(l, errs.OnField(field, "dossier.text_long", "most", longestName))
		}
	}
	return l.Err()
}

// digitised says whether every paper that the procedure wants digitised is.
func digitised(papers []Paper, t *Terms) bool {
	wanted := 0
	for _, c := range t.Components {
		if c.Digitise == "" {
			continue
		}
		wanted++
		marked := false
		for _, p := range papers {
			marked = marked || p.Component == c.Code && p.Digitised > 0
		}
		if !marked && (c.Required || slices.ContainsFunc(papers, func(p Paper) bool { return p.Component == c.Code })) {
			return false
		}
	}
	return wanted > 0
}
