package ui

// Kinds of a button. A page has one Primary button at most.
const (
	Plain   = ""
	Primary = "btn-1"
	Danger  = "btn-x"
	Quiet   = "btn-q"
)

// Btn describes a button, or a link that looks like one when URL is set.
type Btn struct {
	Text        string
	URL         string // "" makes a submit button of the form around it
	Kind        string // Plain, Primary, Danger, Quiet
	Icon        string // before the words
	After       string // icon after the words
	Small       bool
	Large       bool
	Name, Value string // of a submit button
	Label       string // for screen readers, when the words alone do not say on what it acts
	Off         string // why it cannot be used now; shown beside it
	Menu        string // id of the popover that it opens
}

func (b Btn) class() string {
	c := "btn"
	if b.Kind != "" {
		c += " " + b.Kind
	}
	if b.Small {
		c += " btn-s"
	}
	if b.Large {
		c += " btn-l"
	}
	return c
}

// Tones. One colour, one meaning; a tone never stands without a word and an icon.
const (
	Neutral = ""
	Late    = "late" // red: late or dangerous
	Soon    = "soon" // gold: due soon, distinction
	OK      = "ok"   // green: done
	Wait    = "wait" // violet: paused, waiting for others
	Info    = "info" // blue: in hand
)

// toneIcon is the usual icon of a tone.
func toneIcon(tone string) string {
	switch tone {
	case Late:
		return "late"
	case Soon:
		return "soon"
	case OK:
		return "done"
	case Wait:
		return "pause"
	case Info:
		return "play"
	}
	return "dash"
}

// SoonDays is how many days before its end a deadline turns gold.
const SoonDays = 3

// dueTone is the tone of a deadline with left days to go.
func dueTone(left int) string {
	switch {
	case left < 0:
		return Late
	case left <= SoonDays:
		return Soon
	}
	return Neutral
}

func dueIcon(left int) string {
	if t := dueTone(left); t != Neutral {
		return toneIcon(t)
	}
	return "clock"
}

// ChipLink is a filter that is a link; Count "" shows none.
type ChipLink struct {
	Text, Count, URL string
	On               bool
}

// TabLink is a tab that is a link, or a saved view.
type TabLink struct {
	Text, Count, URL string
	On               bool
}

// FilterOn is a filter in force with the address that takes it off.
type FilterOn struct{ Text, OffURL string }

// FilterBar stands above a list: what filters are in force, a form for more, the
// saved view. The children of Filters are the fields of that form.
type FilterBar struct {
	Action  string // address of the list
	On      []FilterOn
	SaveURL string // page that keeps this view under a name, "" for none
	Note    string // how the list is ordered
	CSV     string // address of the same list as CSV and XLSX, "" for none
	XLSX    string
}
