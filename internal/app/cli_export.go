package app

import (
	"bytes"
	"context"
	"os"
	"strconv"

	"cchc/internal/db"
	"cchc/internal/document"
	"cchc/internal/errs"
	"cchc/internal/identity"
)

type exportCmd struct {
	Plan exportPlanCmd `cmd:"" help:"Export a yearly plan as a Word document, XLSX or CSV; importing it again gives the same plan."`
}

type exportPlanCmd struct {
	Year    int    `help:"Year of the plan." required:""`
	Format  string `help:"docx, xlsx or csv." enum:"docx,xlsx,csv" default:"xlsx"`
	Out     string `help:"File to write." required:""`
	Account string `help:"Login name of the person who exports: they see what their rights show. Without it the operator of this machine exports the whole plan."`
}

type exportPlanRequest struct {
	Year            int
	Format, Account string
}

type exportPlanAnswer struct {
	Content []byte
	Rows    int
}

// Run writes the file; one that exists is not overwritten.
func (c *exportPlanCmd) Run(e *env) error {
	cfg, err := e.config(defaultData)
	if err != nil {
		return err
	}
	var out exportPlanAnswer
	if err := ask(e.ctx, cfg, "export_plan", exportPlanRequest{c.Year, c.Format, c.Account}, &out); err != nil {
		return err
	}
	f, err := os.OpenFile(c.Out, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return errs.New(errs.Conflict, "app.out_exists", "file", c.Out)
	}
	if _, err := f.Write(out.Content); err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	e.say("app.export_plan", "file", c.Out, "rows", out.Rows)
	return nil
}

func exportPlan(ctx context.Context, a *App, in exportPlanRequest) (out exportPlanAnswer, err error) {
	var id string
	if id, ctx, err = a.planToExport(ctx, in); err != nil {
		return out, err
	}
	var rows [][]string
	var b bytes.Buffer
	if in.Account == "" {
		rows, err = a.rooms.plan.ExportAll(ctx, id)
	} else {
		rows, err = a.rooms.plan.Export(ctx, id)
	}
	if err != nil {
		return out, err
	}
	if in.Format == "docx" {
		err = a.rooms.plan.WriteDocx(ctx, id, rows, &b)
		return exportPlanAnswer{Content: b.Bytes(), Rows: len(rows) - 1}, err
	}
	sheet := document.SheetOut{Name: strconv.Itoa(in.Year), Next: document.RowsOf(rows[1:])}
	for _, head := range rows[0] {
		sheet.Columns = append(sheet.Columns, document.SheetColumn{Title: head})
	}
	if in.Format == "csv" {
		err = document.WriteCSV(&b, sheet)
	} else {
		err = document.WriteXLSX(&b, sheet)
	}
	return exportPlanAnswer{Content: b.Bytes(), Rows: len(rows) - 1}, err
}

// planToExport finds the provincial plan of the year: that which a person may see, or
// without a person the newest issued one.
func (a *App) planToExport(ctx context.Context, in exportPlanRequest) (id string, as context.Context, err error) {
	if in.Account == "" {
		err = a.db.Read(ctx, func(tx *db.Tx) error {
			id, err = a.rooms.plan.ProvincialID(tx, in.Year)
			return err
		})
	} else {
		actor, err := a.actor(ctx, in.Account)
		if err != nil {
			return "", ctx, err
		}
		ctx = identity.With(ctx, actor)
		plans, err := a.rooms.plan.Plans(ctx, in.Year)
		if err != nil {
			return "", ctx, err
		}
		if len(plans) > 0 {
			id = plans[0].ID
		}
	}
	if err == nil && id == "" {
		err = errs.New(errs.NotFound, "app.plan_none", "year", in.Year)
	}
	return id, ctx, err
}
