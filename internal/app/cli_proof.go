package app

import (
	"os"
	"strings"

	"cchc/internal/audit"
	"cchc/internal/errs"
)

type proofCmd struct {
	File string `arg:"" help:"Proof file, as the page of a log entry offers it."`
	Key  string `help:"The log's public key, or a file that holds it." required:""`
}

// Run checks one entry of the audit log without the server, its data or a network: what
// an auditor does with a proof that was handed over.
func (c *proofCmd) Run(e *env) error {
	proof, err := readBounded(c.File)
	if err != nil {
		return err
	}
	key := c.Key
	if raw, err := os.ReadFile(c.Key); err == nil {
		key = strings.TrimSpace(string(raw))
	}
	if err := audit.VerifyProof(proof, key); err != nil {
		if errs.All(err) == nil {
			return err
		}
		for _, r := range errs.All(err) {
			e.refuse(r)
		}
		return errFound
	}
	e.say("app.proof_holds")
	return nil
}
