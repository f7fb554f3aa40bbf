package app

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"

	"cchc/internal/audit"
	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/document"
	"cchc/internal/errs"
	"cchc/internal/i18n"
	"cchc/internal/identity"
	"cchc/internal/org"
	"cchc/internal/plan"
)

type importCmd struct {
	Plan importPlanCmd `cmd:"" help:"Import a yearly plan from Word, XLSX or CSV as a draft, with every doubt listed."`
	Orgs importOrgsCmd `cmd:"" help:"Import agencies from CSV or XLSX."`

	Procedure importProcedureCmd `cmd:"" help:"Import procedures from JSON or XLSX as drafts, with every doubt listed."`
}

type importPlanCmd struct {
	File        string            `arg:"" help:"Word (.docx), XLSX or CSV file."`
	Year        int               `help:"Year of the plan." required:""`
	Orgs        string            `help:"With --dry-run: read agency names from this CSV or XLSX instead of the database." placeholder:"FILE"`
	DryRun      bool              `help:"Read and say what would happen; write nothing." name:"dry-run"`
	Columns     map[string]string `help:"Which column is what, by the words of its heading: \"Don vi=lead;Viec=content\", marks may be left out. Fields: code, area_no, area, content, product, head, lead, coordinating, deadline, kind, priority, funding, legal_ref, note." mapsep:";" placeholder:"HEADING=FIELD;…"`
	Account     string            `help:"Login name of the person who imports; needed without --dry-run."`
	Title       string            `help:"Title of the plan."`
	Number      string            `help:"Number and symbol of the plan's document."`
	PlanOffices `embed:""`
	JSON        bool `help:"Print JSON." name:"json"`
}

// PlanOffices are codes of agencies; what is left out is taken from the newest plan.
type PlanOffices struct {
	Issuer      string `help:"Code of the agency that issues the plan."`
	Secretariat string `help:"Code of the agency that follows it."`
	Office      string `help:"Code of the agency that accepts what the follower leads."`
}

type importPlanRequest struct {
	Name, Account, Title, Number string
	PlanOffices
	Year    int
	DryRun  bool
	Columns map[string]string
	Content []byte
}

type importPlanAnswer struct {
	Plan string `json:"plan,omitempty"` // id of the draft; "" after a dry run
	plan.Reading
}

// Run reads the file and prints {rows, tasks, assignments, doubts}.
func (c *importPlanCmd) Run(e *env) error {
	content, err := readBounded(c.File)
	if err != nil {
		return err
	}
	in := importPlanRequest{Name: filepath.Base(c.File), Account: c.Account, Title: c.Title, Number: c.Number, PlanOffices: c.PlanOffices, Year: c.Year, DryRun: c.DryRun, Columns: c.Columns, Content: content}
	out, err := c.read(e, in)
	if err != nil {
		return err
	}
	out.Reading = out.Reading.In(e.ctx)
	if out.Doubts == nil {
		out.Doubts = []plan.Doubt{}
	}
	if c.JSON {
		return e.json(out)
	}
	e.say("app.import_plan", "rows", out.Rows, "tasks", out.Tasks, "assignments", out.Assignments, "doubts", len(out.Doubts))
	for _, d := range out.Doubts {
		e.say("app.import_doubt", "row", d.Row, "field", d.Field, "text", d.Text, "why", d.Why)
	}
	return nil
}

// read previews against a file of agencies, or against none, without touching any
// database; else it asks the data.
func (c *importPlanCmd) read(e *env, in importPlanRequest) (out importPlanAnswer, err error) {
	cfg, err := e.config(defaultData)
	if err != nil {
		return out, err
	}
	if c.Orgs == "" && (!c.DryRun || cfg.exists()) {
		return out, ask(e.ctx, cfg, "import_plan", in, &out)
	}
	if !c.DryRun {
		return out, errs.New(errs.Invalid, "app.orgs_with_dry_run")
	}
	agencies := [][]string{orgColumns}
	if c.Orgs != "" {
		content, err := readBounded(c.Orgs)
		if err != nil {
			return out, err
		}
		sheet, err := document.ReadSheet(bytes.NewReader(content), int64(len(content)), filepath.Base(c.Orgs), document.SheetLimits)
		if err != nil {
			return out, err
		}
		agencies = sheet.Rows
	}
	dir, err := plan.ReadDirectory(agencies, strconv.Itoa(c.Year)+"-01-01")
	if err != nil {
		return out, err
	}
	rows, err := in.rows()
	if err != nil {
		return out, err
	}
	out.Reading, err = plan.Preview(rows, c.Year, dir)
	return out, err
}

// orgColumns is a directory without agencies: every name is a doubt then.
var orgColumns = []string{"code", "name", "kind", "parent", "valid_from", "valid_to", "successor"}

// exists says whether there is a database to ask.
func (c Config) exists() bool {
	if c.DB != "" {
		return true
	}
	_, err := os.Stat(filepath.Join(c.Data, databaseName))
	return err == nil
}

// readBounded reads a file that people typed; larger ones are refused before they are read.
func readBounded(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, errs.New(errs.NotFound, "app.file_unreadable", "file", path)
	}
	defer f.Close()
	raw, err := io.ReadAll(io.LimitReader(f, document.SheetLimits.Bytes+1))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	if int64(len(raw)) > document.SheetLimits.Bytes {
		return nil, errs.New(errs.TooLarge, "document.sheet_too_large", "max", document.SheetLimits.Bytes>>20)
	}
	return raw, nil
}

// rows reads the file, with the columns that --columns names.
func (in importPlanRequest) rows() ([][]string, error) {
	rows, err := plan.ReadFile(bytes.NewReader(in.Content), int64(len(in.Content)), in.Name)
	if err != nil || len(in.Columns) == 0 {
		return rows, err
	}
	return plan.RemapByName(rows, in.Columns)
}

// importPlan previews or imports in the name of a person, whose rights decide.
func importPlan(ctx context.Context, a *App, in importPlanRequest) (out importPlanAnswer, err error) {
	rows, err := in.rows()
	if err != nil {
		return out, err
	}
	if in.DryRun {
		err = a.db.Read(ctx, func(tx *db.Tx) error {
			out.Reading, err = plan.PreviewFile(tx, rows, in.Year, a.clock())
			return err
		})
		return out, err
	}
	actor, err := a.actor(ctx, in.Account)
	if err != nil {
		return out, err
	}
	ctx = identity.With(ctx, actor)
	want := plan.Import{Title: in.Title, Number: in.Number, Year: in.Year, Source: in.Name, Rows: rows}
	if want.Title == "" {
		want.Title = i18n.T(i18n.WithLang(ctx, i18n.Vi), "app.plan_title", "year", in.Year)
	}
	if err := a.planAgencies(ctx, in, &want); err != nil {
		return out, err
	}
	p, reading, err := a.rooms.plan.ImportPlan(ctx, want)
	return importPlanAnswer{Plan: p.ID, Reading: reading}, err
}

// actor is the person in whose name a command acts; their rights decide.
func (a *App) actor(ctx context.Context, login string) (actor identity.Actor, err error) {
	err = a.db.Read(ctx, func(tx *db.Tx) error {
		var found bool
		if actor, found, err = a.rooms.identity.ActorByLogin(tx, login); err == nil && !found {
			err = errs.New(errs.NotFound, "app.account_unknown", "login", login)
		}
		return err
	})
	actor.From = "command"
	return actor, err
}

// planAgencies fills who issues the plan, who follows it and who accepts what the
// follower leads: as named on the command line, else as in the newest plan.
func (a *App) planAgencies(ctx context.Context, in importPlanRequest, want *plan.Import) error {
	plans, err := a.rooms.plan.Plans(ctx, 0)
	if err != nil {
		return err
	}
	if len(plans) > 0 {
		want.Issuer, want.Secretariat, want.Office = plans[0].Issuer, plans[0].Secretariat, plans[0].Office
	}
	return a.db.Read(ctx, func(tx *db.Tx) error {
		for _, named := range []struct {
			code string
			id   *string
		}{{in.Issuer, &want.Issuer}, {in.Secretariat, &want.Secretariat}, {in.Office, &want.Office}} {
			if named.code == "" {
				if *named.id == "" {
					return errs.New(errs.Invalid, "app.plan_agencies")
				}
				continue
			}
			o, found, err := org.FindByCode(tx, named.code, clock.Day(a.clock()))
			if err != nil {
				return err
			}
			if !found {
				return errs.New(errs.NotFound, "app.agency_unknown", "code", named.code)
			}
			*named.id = o.ID
		}
		return nil
	})
}

type importOrgsCmd struct {
	File   string `arg:"" help:"CSV or XLSX file: code, name, kind, parent, valid_from, valid_to, successor."`
	DryRun bool   `help:"Read and say what would happen; write nothing." name:"dry-run"`
	JSON   bool   `help:"Print JSON." name:"json"`
}

type importOrgsRequest struct {
	Content []byte
	DryRun  bool
}

// Run imports agencies: a file with one faulty row changes nothing.
func (c *importOrgsCmd) Run(e *env) error {
	cfg, err := e.config(defaultData)
	if err != nil {
		return err
	}
	content, err := readBounded(c.File)
	if err != nil {
		return err
	}
	var out org.Report
	if err := ask(e.ctx, cfg, "import_orgs", importOrgsRequest{content, c.DryRun}, &out); err != nil {
		return err
	}
	if c.JSON {
		return e.json(out)
	}
	e.say("app.import_orgs", "rows", len(out.Rows), "doubts", len(out.Doubts))
	return nil
}

func importOrgs(ctx context.Context, a *App, in importOrgsRequest) (out org.Report, err error) {
	rows, err := org.ReadFile(bytes.NewReader(in.Content))
	if err != nil {
		return out, err
	}
	err = a.db.Write(ctx, func(tx *db.Tx) error {
		out, err = a.rooms.agencies.Import(tx, audit.System("command:import"), rows, in.DryRun)
		return err
	})
	return out, err
}
