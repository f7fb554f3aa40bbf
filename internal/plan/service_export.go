package plan

import (
	"context"
	"io"
	"strings"

	"cchc/internal/db"
	"cchc/internal/document"
	"cchc/internal/i18n"
	"cchc/internal/identity"
	"cchc/internal/text"
)

// Export gives a plan as the rows of a file that imports again to the same plan, to who
// follows it.
func (s *Service) Export(ctx context.Context, id string) (rows [][]string, err error) {
	err = s.read(ctx, id, func(v view) error {
		if err := identity.Require(v.tx, v.actor, RightView, v.plan.Secretariat, v.now); err != nil {
			return err
		}
		rows, err = exportRows(v.tx, v.plan.ID)
		return err
	})
	return rows, err
}

// ExportAll is Export for the operator of the machine, who holds the whole database in
// hand: the command line calls it when no person is named.
func (s *Service) ExportAll(ctx context.Context, id string) (rows [][]string, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		rows, err = exportRows(tx, id)
		return err
	})
	return rows, err
}

// ProvincialID is the provincial plan of a year that was issued, "" when there is none.
func (s *Service) ProvincialID(tx *db.Tx, year int) (string, error) { return provincialOf(tx, year) }

func exportRows(tx *db.Tx, id string) ([][]string, error) {
	tasks, err := listTasks(tx, id)
	if err != nil {
		return nil, err
	}
	areas, err := listAreas(tx)
	if err != nil {
		return nil, err
	}
	doubts, err := listDoubts(tx, id, true)
	if err != nil {
		return nil, err
	}
	names, err := onTree(tx, "")
	if err != nil {
		return nil, err
	}
	return Export(tasks, areas, doubts, names.Name)
}

// WriteDocx writes an exported plan as a Word document in the layout of Decree 30/2020:
// the plan, its tasks by area in appendix I, and in appendix II what reading the file
// again needs besides. It is Vietnamese, whatever the reader's language. The caller has
// the rows, so it has passed the check of who may see them.
func (s *Service) WriteDocx(ctx context.Context, id string, rows [][]string, out io.Writer) error {
	var p Plan
	var issuer string
	err := s.db.Read(ctx, func(tx *db.Tx) (err error) {
		if p, err = findPlan(tx, id); err != nil {
			return err
		}
		issuer, err = nameOf(tx, p.Issuer)
		return err
	})
	if err != nil {
		return err
	}
	return document.Docx(out, letterOf(i18n.WithLang(ctx, i18n.Vi), p, issuer, rows))
}

// inTable are the columns of appendix I, as readers of a plan know them; inAnnex those
// of appendix II.
var (
	inTable = []string{"task_id", "task", "head", "lead_agency", "coordinating_agencies", "product", "deadline_text"}
	inAnnex = []string{"task_id", "area_no", "area", "deadline_date", "kind", "fan_out", "priority", "funding", "legal_ref", "note", "milestones", "decisions"}
)

func letterOf(ctx context.Context, p Plan, issuer string, rows [][]string) document.Document {
	t := func(key string, args ...any) string { return i18n.T(ctx, "planimport.docx."+key, args...) }
	day := p.IssuedDay
	if day == "" {
		day = itoa(p.Year)
	}
	number, symbol := splitNumber(p.Number)
	blocks := []document.Block{
		document.Letterhead{Issuer: strings.ToUpper(t("issuer", "name", strings.TrimPrefix(issuer, "UBND "))), Number: number, Symbol: symbol, Place: text.Place(issuer), Day: day},
		document.Title{Type: document.KindName("plan"), About: p.Title},
	}
	if bases := linesOf(p.LegalBasis); len(bases) > 0 {
		blocks = append(blocks, document.Bases(bases))
	}
	if p.Sample {
		blocks = append(blocks, document.Text(t("sample")))
	}
	blocks = append(blocks, document.Text(t("opening", "n", i18n.Number(ctx, int64(len(rows)-1)))),
		document.Recipients{t("to_agencies"), t("to_file")},
		document.Signature{Authority: []string{t("on_behalf")}, Title: t("chairman"), Name: p.Signer},
		document.Annex{Number: 1, Title: t("annex_tasks"), Landscape: true}, taskGrid(ctx, rows),
		document.Annex{Number: 2, Title: t("annex_data"), Landscape: true}, dataGrid(ctx, rows))
	return document.Document{Title: p.Title, Blocks: blocks}
}

// taskGrid is the table of tasks under the headings of their areas.
func taskGrid(ctx context.Context, rows [][]string) document.Table {
	shares := map[string]int{"task_id": 2, "task": 8, "head": 3, "lead_agency": 4, "coordinating_agencies": 4, "product": 5, "deadline_text": 3}
	g := document.Table{}
	for _, name := range inTable {
		g.Columns = append(g.Columns, document.Column{Title: i18n.T(ctx, "planimport.col."+name), Width: shares[name], Align: document.Left})
	}
	cell := cellsOf(rows[0])
	area := ""
	for _, r := range rows[1:] {
		if head := sectionHead(cell(r, "area_no"), cell(r, "area")); head != area && head != "" {
			area = head
			g.Rows = append(g.Rows, document.Row{Cells: []string{head}, Whole: true, Bold: true})
		}
		row := document.Row{}
		for _, name := range inTable {
			row.Cells = append(row.Cells, cell(r, name))
		}
		g.Rows = append(g.Rows, row)
	}
	return g
}

// dataGrid is what reading the file again needs besides, keyed by the task's code.
func dataGrid(ctx context.Context, rows [][]string) document.Table {
	names := append([]string{}, inAnnex...)
	names = append(names, rows[0][len(exported):]...) // columns of the first file that no field takes
	g := document.Table{}
	for i, name := range names {
		title := name
		if i < len(inAnnex) {
			title = i18n.T(ctx, "planimport.col."+name)
		}
		g.Columns = append(g.Columns, document.Column{Title: title, Width: 3, Align: document.Left})
	}
	cell := cellsOf(rows[0])
	for _, r := range rows[1:] {
		row := document.Row{}
		for _, name := range names {
			row.Cells = append(row.Cells, cell(r, name))
		}
		g.Rows = append(g.Rows, row)
	}
	return g
}
