package app

import (
	"context"
	"path/filepath"

	"cchc/internal/i18n"
	"cchc/internal/identity"
	"cchc/internal/procedure"
)

type importProcedureCmd struct {
	File    string `arg:"" help:"JSON in the shape of the sample, or JSON or XLSX that the catalogue exported."`
	DryRun  bool   `help:"Read and say what would happen; write nothing." name:"dry-run"`
	Account string `help:"Login name of the person who imports; needed without --dry-run."`
	JSON    bool   `help:"Print JSON." name:"json"`
}

type importProcedureRequest struct {
	Name, Account, Lang string
	Content             []byte
}

type importProcedureAnswer struct {
	procedure.Reading
	Kept *procedure.Imported `json:"kept,omitempty"` // absent after a dry run
}

// Run reads the file and prints {procedures, groups, doubts}; without --dry-run what was
// read becomes drafts in the name of a person.
func (c *importProcedureCmd) Run(e *env) error {
	content, err := readBounded(c.File)
	if err != nil {
		return err
	}
	var out importProcedureAnswer
	if c.DryRun { // a look at a file needs no database
		if out.Reading, err = procedure.ReadFile(content); err == nil {
			out.Reading = out.Reading.Explained(e.ctx)
		}
	} else {
		var cfg Config
		if cfg, err = e.config(defaultData); err == nil {
			err = ask(e.ctx, cfg, "import_procedure", importProcedureRequest{filepath.Base(c.File), c.Account, i18n.Lang(e.ctx), content}, &out)
		}
	}
	if err != nil {
		return err
	}
	if c.JSON {
		return e.json(out)
	}
	e.say("app.import_procedure", "procedures", out.Procedures, "groups", out.Groups, "doubts", len(out.Doubts))
	for _, d := range out.Doubts {
		e.say("app.import_procedure_doubt", "procedure", d.Procedure, "field", d.Field, "why", d.Why)
	}
	if out.Kept != nil {
		e.say("app.import_procedure_kept", "added", out.Kept.Added, "amended", out.Kept.Amended, "same", out.Kept.Same, "skipped", out.Kept.Skipped)
	}
	return nil
}

// importProcedure takes a catalogue file in the name of a person, whose rights decide.
func importProcedure(ctx context.Context, a *App, in importProcedureRequest) (out importProcedureAnswer, err error) {
	if out.Reading, err = procedure.ReadFile(in.Content); err != nil {
		return out, err
	}
	actor, err := a.actor(ctx, in.Account)
	if err != nil {
		return out, err
	}
	kept, err := a.rooms.procedure.Import(identity.With(ctx, actor), out.Reading)
	out.Reading, out.Kept = out.Reading.Explained(i18n.WithLang(ctx, in.Lang)), &kept
	return out, err
}
