package document

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"cchc/internal/errs"
)

// converting lets one LibreOffice run at a time: each takes some 200 MB and a core.
var converting = make(chan struct{}, 1)

// TaggedPDF turns a .docx or .xlsx into a PDF that a reader of screens can follow
// (tagged, PDF/A-2b), with LibreOffice. Unavailable "document.converter_missing" where
// that is not installed. It takes seconds: call it from a job. ext is "docx" or "xlsx".
func TaggedPDF(ctx context.Context, office []byte, ext string) ([]byte, error) {
	program, err := exec.LookPath("soffice")
	if err != nil {
		return nil, errs.New(errs.Unavailable, "document.converter_missing")
	}
	select {
	case converting <- struct{}{}:
		defer func() { <-converting }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	dir, err := os.MkdirTemp("", "convert-*")
	if err != nil {
		return nil, fmt.Errorf("convert: %w", err)
	}
	defer os.RemoveAll(dir)
	in := filepath.Join(dir, "in."+filepath.Base(ext))
	if err := os.WriteFile(in, office, 0o600); err != nil {
		return nil, fmt.Errorf("convert: %w", err)
	}
	ctx, stop := context.WithTimeout(ctx, 2*time.Minute)
	defer stop()
	// A profile of its own: two LibreOffices with one profile refuse each other.
	filter := `pdf:writer_pdf_Export:{"UseTaggedPDF":{"type":"boolean","value":"true"},"SelectPdfVersion":{"type":"long","value":"2"}}`
	if ext == "xlsx" {
		filter = `pdf:calc_pdf_Export:{"UseTaggedPDF":{"type":"boolean","value":"true"}}`
	}
	cmd := exec.CommandContext(ctx, program, "-env:UserInstallation=file://"+filepath.Join(dir, "profile"),
		"--headless", "--norestore", "--nolockcheck", "--convert-to", filter, "--outdir", dir, in)
	cmd.Env = []string{"HOME=" + dir, "PATH=" + os.Getenv("PATH"), "LANG=C.UTF-8"} // nothing else of ours: no secrets
	cmd.Dir = dir
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	runErr := cmd.Run()
	pdf, err := os.ReadFile(filepath.Join(dir, "in.pdf"))
	if err != nil {
		return nil, fmt.Errorf("convert: %w: %s", errors.Join(runErr, err), said.String())
	}
	return pdf, nil
}
