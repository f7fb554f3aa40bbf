package document

// Document is what an office sends: blocks in the order of the page.
type Document struct {
	Title  string // for the file's properties and for screen readers
	Author string
	Blocks []Block
}

// Block is one of the types below.
type Block interface{ block() }

// Letterhead is the top of page 1: country and motto, who issues, number, place, day.
type Letterhead struct {
	Parent string // cơ quan chủ quản, "" when there is none
	Issuer string // cơ quan ban hành; "\n" where a new line is wanted
	Number int    // 0 while it has none
	Symbol string // see Symbol
	Place  string // địa danh
	Day    string // YYYY-MM-DD, or only a year, or ""
}

// Subject is what an official letter is about (V/v), under the number.
type Subject struct{ Text string }

// Urgency is the red mark under the number.
type Urgency struct{ Level Level }

// Level is how urgent a document is.
type Level string

const (
	Urgent     Level = "urgent"      // khẩn
	VeryUrgent Level = "very_urgent" // thượng khẩn
	Express    Level = "express"     // hỏa tốc
)

// Title is the kind of document and what it is about (tên loại, trích yếu).
type Title struct{ Type, About string }

// Bases are the legal bases (căn cứ), one a line; marks at the ends are set here.
type Bases []string

// Addressees are those it is written to (kính gửi).
type Addressees []string

// Heading is a numbered heading or, with Body, a numbered text; numbers are counted here.
type Heading struct {
	Rank Rank
	Text string
	Body bool // running text: upright instead of bold
}

// Rank is the level of a heading.
type Rank int

const (
	Part    Rank = iota // phần: "Phần I", title under it
	Chapter             // chương
	Section             // mục: "Mục 1"
	Article             // điều: counted through the whole document
	Roman               // "I.", as plans and reports have it
	Clause              // khoản: "1."
	Point               // điểm: "a)", Vietnamese alphabet
)

// Align is where text stands.
type Align string

const (
	Justify Align = "" // the default
	Left    Align = "left"
	Center  Align = "center"
	Right   Align = "right"
)

// Run is text in one style.
type Run struct {
	Text         string
	Bold, Italic bool
}

// Paragraph is running text. With Flush it begins at the margin. Tight is for forms, which
// must fit a page: 13 points, little room between the lines.
type Paragraph struct {
	Runs  []Run
	Align Align
	Flush bool
	Tight bool
}

// Text is a plain paragraph.
func Text(s string) Paragraph { return Paragraph{Runs: []Run{{Text: s}}} }

// List is lines that begin with a dash.
type List []string

// Column is a column of a Table.
type Column struct {
	Title string
	Width int // share of the width: any numbers, 0 counts as 1
	Align Align
}

// Row is a row of a Table. With Whole its first cell goes across.
type Row struct {
	Cells []string
	Bold  bool
	Whole bool
}

// Table has a header row that repeats on every page; rows are not split.
type Table struct {
	Columns []Column
	Rows    []Row
}

// Signature is block 7: authority and title above the name.
type Signature struct {
	Authority []string // "TM. …", "KT. …", one a line; may be empty
	Title     string
	Name      string // without degrees
}

// Signatures are several who sign side by side, as on a slip or on minutes of hand-over.
type Signatures []Signature

// Recipients (nơi nhận) stand level with the Signature that follows or precedes.
type Recipients []string

// Annex begins an appendix (phụ lục) on a page of its own, with pages counted anew.
type Annex struct {
	Number     int // 0 when there is only one
	Title      string
	Bare       bool   // the title alone: a book or a list that is an appendix of nothing
	AttachedTo string // "Kế hoạch số … ngày … của …"; "" when the file says it (e-document)
	Landscape  bool
}

// PageBreak begins a new page.
type PageBreak struct{}

// QR is a square code, size in millimetres (0 = 25).
type QR struct {
	Content string
	MM      int
	Align   Align
}

func (Letterhead) block() {}
func (Subject) block()    {}
func (Urgency) block()    {}
func (Title) block()      {}
func (Bases) block()      {}
func (Addressees) block() {}
func (Heading) block()    {}
func (Paragraph) block()  {}
func (List) block()       {}
func (Table) block()      {}
func (Signature) block()  {}
func (Recipients) block() {}
func (Signatures) block() {}
func (Annex) block()      {}
func (PageBreak) block()  {}
func (QR) block()         {}
