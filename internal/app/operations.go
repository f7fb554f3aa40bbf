package app

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strconv"

	"cchc/internal/audit"
	"cchc/internal/db"
	"cchc/internal/indicator"
	"cchc/internal/vault"
)

// operations are what the command line may ask, of a running server or of the data.
var operations = map[string]operation{
	"user":   op(addUser),
	"token":  op(issueToken),
	"backup": op(backup),
	"verify": op(verify),
	"doctor": op(doctor),

	"import_plan": op(importPlan),
	"import_orgs": op(importOrgs),

	"import_procedure": op(importProcedure),
	"export_plan":      op(exportPlan),
}

type backupRequest struct{ Out, Passphrase string }

type backupAnswer struct {
	File    string   `json:"file"`
	Bytes   int64    `json:"bytes"`
	Files   int      `json:"files"`   // evidence files in the archive
	Damaged []string `json:"damaged"` // evidence whose content is not its hash; still in the archive
	Missing []string `json:"missing"` // evidence that the database names and the folder lacks
}

// backup writes one archive: database first, then the files, which are never removed
// before their row is and appear before it, so that nothing the copy names is missing.
func backup(ctx context.Context, a *App, in backupRequest) (backupAnswer, error) {
	mark, _, err := vault.ReadMark(a.cfg.Data)
	if err != nil {
		return backupAnswer{}, err
	}
	if _, err := a.placer.Integrate(ctx); err != nil {
		return backupAnswer{}, err
	}
	if _, err := a.placer.Checkpoint(ctx); err != nil {
		return backupAnswer{}, err
	}
	m, err := vault.Backup(ctx, vault.Parts{
		Version: Version, Now: a.clock(), Mark: mark,
		Database: func(path string) error { return a.db.Backup(ctx, path) },
		Describe: func(path string) (vault.About, error) { return describe(ctx, path) },
		Files:    a.cfg.filesDir(), Keys: a.cfg.keysDir(), Checkpoints: a.cfg.checkpointDir(),
	}, in.Out, in.Passphrase)
	if err != nil {
		return backupAnswer{}, err
	}
	info, err := os.Stat(in.Out)
	if err != nil {
		return backupAnswer{}, err
	}
	return backupAnswer{File: in.Out, Bytes: info.Size(), Files: m.Evidence(), Damaged: m.Damaged, Missing: m.Missing}, nil
}

// restore fills an empty data folder from an archive; with a PostgreSQL address the
// database is copied there afterwards.
func restore(ctx context.Context, cfg Config, archive, phrase string) error {
	if _, err := vault.Restore(ctx, archive, cfg.Data, phrase); err != nil {
		return err
	}
	if cfg.DB == "" {
		return nil
	}
	from, err := db.Open(ctx, filepath.Join(cfg.Data, databaseName))
	if err != nil {
		return err
	}
	defer from.Close()
	to, err := db.Open(ctx, cfg.DB)
	if err != nil {
		return err
	}
	return errors.Join(db.Copy(ctx, from, to, func(string, int) {}), to.Close())
}

type finding struct {
	What    string `json:"what"`
	Subject string `json:"subject"`
	Detail  string `json:"detail,omitempty"`
}

type verifyReport struct {
	Entries  int64     `json:"entries"`
	Figures  int       `json:"figures"` // counters that were recounted
	Findings []finding `json:"findings"`
}

// verify checks the log, the files and the counted figures. It changes nothing but the
// log's own places: entries written a moment ago are integrated first.
func verify(ctx context.Context, a *App, _ struct{}) (verifyReport, error) {
	rep := verifyReport{Findings: []finding{}}
	if _, err := a.placer.Integrate(ctx); err != nil {
		return rep, err
	}
	outside, err := audit.InFolder(a.cfg.checkpointDir()).Read()
	if err != nil {
		return rep, err
	}
	log, err := audit.Verify(ctx, a.db, a.keys, outside)
	if err != nil {
		return rep, err
	}
	rep.Entries = log.Size + int64(log.Waiting)
	for _, f := range log.Findings {
		rep.Findings = append(rep.Findings, finding{What: string(f.What), Subject: f.ID, Detail: strconv.FormatInt(f.Index, 10)})
	}
	faults, err := a.files.Check(ctx)
	if err != nil {
		return rep, err
	}
	for _, f := range faults {
		rep.Findings = append(rep.Findings, finding{What: "file_" + f.Problem, Subject: f.SHA256})
	}
	diffs, err := indicator.Verify(ctx, a.db, a.figures)
	if err != nil {
		return rep, err
	}
	for _, d := range diffs {
		rep.Findings = append(rep.Findings, finding{What: "figure_differs", Subject: d.Code, Detail: d.String()})
	}
	rep.Figures = len(a.figures.Counters())
	return rep, nil
}

type doctorFinding struct {
	Code string         `json:"code"`
	OK   bool           `json:"ok"`
	Args map[string]any `json:"args,omitempty"`
	Text string         `json:"text"`
}
