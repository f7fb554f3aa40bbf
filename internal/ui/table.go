package ui

import "github.com/a-h/templ"

// Column is the head of a table column.
type Column struct {
	Head    string
	Numeric bool   // aligned right, digits of one width
	Hidden  bool   // head for screen readers only (check boxes, actions)
	SortURL string // the head is a link that orders by this column
	Sorted  string // "ascending" or "descending" when the table is ordered by it
	Phone   bool   // left out of the cards on a phone
}

// Cell is one cell. Text, or Body for what Text cannot say.
type Cell struct {
	Text string
	URL  string // Text is a link: a number opens, a name leads to its page
	Sub  string // second line
	Body templ.Component
	Mute bool
	Code bool // a code: not wrapped, tabular
}

// Row is one row; its cell number Table.HeadCol is the row's head. A row with Group is a
// heading over the rows that follow.
type Row struct {
	Cells    []Cell
	Selected bool
	Group    string
	Count    string // after Group
	Tone     string // of Group
}

// Table is rows under heads, as cards on a phone unless Wide, which scrolls sideways.
type Table struct {
	Caption     string // says what the table is; read aloud first
	ShowCaption bool
	Columns     []Column
	Rows        []Row
	Foot        []Row
	HeadCol     int  // which cell is the head of its row; -1 for none
	Wide        bool // scrolls sideways on a phone
	Joined      bool // stands right under a bar for many records at once
	AsFile      bool // the page also gives the table as CSV and XLSX: see Sheet
}

func (t Table) class() string {
	if t.Wide {
		return "tbl"
	}
	return "tbl cards"
}

func (c Column) class() string {
	s := ""
	if c.Numeric {
		s = "n"
	}
	if c.Phone {
		s += " hide-s"
	}
	return s
}

func (c Column) cellClass(cell Cell) string {
	s := c.class()
	if cell.Mute {
		s += " mute"
	}
	if cell.Body == nil && cell.Text == "" && cell.Sub == "" { // on a phone a card names no value that it lacks
		s += " hide-s"
	}
	return s
}

// Txt, Num and Go make the usual cells.
func Txt(text string) Cell { return Cell{Text: text} }

// Go makes a cell that leads to a page.
func Go(text, url string) Cell { return Cell{Text: text, URL: url} }

// In makes a cell of a component.
func In(body templ.Component) Cell { return Cell{Body: body} }
