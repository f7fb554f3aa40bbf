package org

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"cchc/internal/audit"
	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/errs"
)

// Doubt is something in a row that a person should look at. It does not stop the
// import: the field is left empty. Why is a key of the locale files without its
// beginning: "org.doubt." + Why.
type Doubt struct {
	Row   int    `json:"row"`
	Field string `json:"field"`
	Text  string `json:"text"`
	Why   string `json:"why"`
}

// The doubts.
const (
	SuccessorByGroup = "successor_by_group" // a remark in brackets, not a code
	SuccessorUnknown = "successor_unknown"  // no such agency here nor in the file
)

// RowPlan is what the import makes of a row.
type RowPlan struct {
	Row   int    `json:"row"`
	Code  string `json:"code"`
	Name  string `json:"name"`
	Kind  Kind   `json:"kind"`
	State string `json:"state"` // "new", or "unchanged" when it is in the directory already
}

// Report says what an import did or would do. Faults refuse the whole file.
type Report struct {
	Rows   []RowPlan `json:"rows"`
	Doubts []Doubt   `json:"doubts"`
	Faults errs.List `json:"-"`
}

// Import adds the agencies of a file, all or none; with dryRun it only says what it
// would do. An agency that is there already with the same name and kind is left alone,
// so a file may be read twice. Every fault is listed with its row: a code used twice,
// an unknown kind, parent or day, a tree that closes upon itself.
func (d *Directory) Import(tx *db.Tx, who audit.Who, rows []Row, dryRun bool) (Report, error) {
	if err := lockTree(tx); err != nil {
		return Report{}, err
	}
	im := importer{d: d, tx: tx, who: who, byCode: map[string]*planned{}}
	if err := im.read(rows); err != nil {
		return im.report, err
	}
	if err := im.order(); err != nil {
		return im.report, err
	}
	if err := im.report.Faults.Err(); err != nil {
		return im.report, err
	}
	err := im.successors(dryRun)
	return im.report, err
}

type planned struct {
	row      Row
	agency   New
	id       string // "" until it is in the directory
	existing bool
	parent   *planned
	state    int // of the walk: 0 not seen, 1 on the way, 2 done
}

type importer struct {
	d      *Directory
	tx     *db.Tx
	who    audit.Who
	byCode map[string]*planned
	list   []*planned
	report Report
}

func (im *importer) fault(row int, field, code string, args ...any) {
	e := errs.OnField(field, code, append(args, "row", row)...)
	im.report.Faults = append(im.report.Faults, e)
}

// read checks each row by itself and against the directory.
func (im *importer) read(rows []Row) error {
	for _, r := range rows {
		kind, known := ParseKind(r.Kind)
		if !known {
			im.fault(r.Row, "kind", "org.kind_unknown", "kind", r.Kind)
		}
		p := &planned{row: r, agency: New{Code: r.Code, Name: r.Name, ShortName: r.ShortName, Kind: kind, ValidFrom: r.ValidFrom, ValidTo: r.ValidTo, Sample: r.Mark == "M"}}
		for _, alias := range strings.Split(r.Aliases, "|") {
			if alias = strings.TrimSpace(alias); alias != "" {
				p.agency.Aliases = append(p.agency.Aliases, alias)
			}
		}
		if known {
			err := Agency{Code: r.Code, Name: r.Name, Kind: kind, ValidFrom: cmp.Or(r.ValidFrom, First), ValidTo: cmp.Or(r.ValidTo, Last)}.check()
			for _, e := range errs.All(err) {
				e.Args = withRow(e.Args, r.Row)
				im.report.Faults = append(im.report.Faults, e)
			}
		}
		key := matchCode(r.Code)
		if twin, twice := im.byCode[key]; twice {
			im.fault(r.Row, "code", "org.code_twice", "code", r.Code, "first", twin.row.Row)
			continue
		}
		there, found, err := FindByCode(im.tx, r.Code, "")
		if err != nil {
			return err
		}
		if found {
			p.id, p.existing = there.ID, true
			if there.Name != r.Name || there.Kind != kind {
				im.fault(r.Row, "code", "org.code_taken", "code", r.Code, "name", there.Name)
			}
		}
		im.byCode[key] = p
		im.list = append(im.list, p)
	}
	return nil
}

// order finds each row's parent, in the file or in the directory, and sorts parents
// before children; a row that is its own ancestor is a fault.
func (im *importer) order() error {
	for _, p := range im.list {
		if p.row.Parent == "" {
			continue
		}
		if p.parent = im.byCode[matchCode(p.row.Parent)]; p.parent != nil {
			continue
		}
		there, found, err := FindByCode(im.tx, p.row.Parent, "")
		if err != nil {
			return err
		}
		if !found {
			im.fault(p.row.Row, "parent", "org.parent_unknown", "code", p.row.Parent)
			continue
		}
		p.agency.ParentID = there.ID
	}
	var sorted []*planned
	var walk func(p *planned)
	walk = func(p *planned) {
		if p.state == 1 {
			im.fault(p.row.Row, "parent", "org.tree_cyclic", "name", p.row.Name, "parent", p.row.Parent)
		}
		if p.state != 0 {
			return
		}
		p.state = 1
		if p.parent != nil {
			walk(p.parent)
		}
		p.state = 2
		sorted = append(sorted, p)
	}
	for _, p := range im.list {
		walk(p)
		state := "new"
		if p.existing {
			state = "unchanged"
		}
		im.report.Rows = append(im.report.Rows, RowPlan{p.row.Row, p.row.Code, p.row.Name, p.agency.Kind, state})
	}
	im.list = sorted
	return nil
}

// successors reads who follows whom and, unless it is a dry run, writes everything.
func (im *importer) successors(dryRun bool) error {
	if !dryRun {
		for _, p := range im.list {
			if p.existing {
				continue
			}
			if p.parent != nil {
				p.agency.ParentID = p.parent.id
			}
			a, err := im.d.Create(im.tx, im.who, p.agency)
			if err != nil {
				return err
			}
			p.id = a.ID
		}
	}
	slices.SortFunc(im.list, func(a, b *planned) int { return a.row.Row - b.row.Row })
	for _, p := range im.list {
		for _, part := range strings.Split(p.row.Successor, "|") {
			if part = strings.TrimSpace(part); part == "" {
				continue
			}
			if err := im.successor(p, part, dryRun); err != nil {
				return err
			}
		}
	}
	return nil
}

// successor reads one successor: a code, or field=code.
func (im *importer) successor(p *planned, part string, dryRun bool) error {
	if strings.HasPrefix(part, "(") {
		im.report.Doubts = append(im.report.Doubts, Doubt{p.row.Row, "successor", part, SuccessorByGroup})
		return nil
	}
	field, code, named := strings.Cut(part, "=")
	if !named {
		field, code = "", part
	}
	id := ""
	if to, ok := im.byCode[matchCode(code)]; ok && to != p {
		if id = to.id; dryRun {
			return nil
		}
	} else if there, found, err := FindByCode(im.tx, code, ""); err != nil {
		return err
	} else if found && there.ID != p.id {
		id = there.ID
	}
	if id == "" {
		im.report.Doubts = append(im.report.Doubts, Doubt{p.row.Row, "successor", part, SuccessorUnknown})
		return nil
	}
	if dryRun {
		return nil
	}
	return insertSuccession(im.tx, Successor{From: p.id, To: id, Field: strings.TrimSpace(field)}, dayAfter(cmp.Or(p.row.ValidTo, Last)), "")
}

func withRow(args map[string]any, row int) map[string]any {
	if args == nil {
		args = map[string]any{}
	}
	args["row"] = row
	return args
}

func parseIn(layout, s string) (time.Time, error) {
	return time.ParseInLocation(layout, s, clock.Vietnam)
}

func wholeNumber(s string) (int, bool) {
	n, err := strconv.Atoi(strings.TrimSuffix(s, ".0"))
	return n, err == nil
}
