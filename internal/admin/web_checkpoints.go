package admin

import (
	"context"
	"net/http"

	"cchc/internal/i18n"
	"cchc/internal/ui"
)

func (h *web) checkpoints(w http.ResponseWriter, r *http.Request) error {
	return h.showCheckpoints(w, r, ui.NewForm(), false)
}

func (h *web) showCheckpoints(w http.ResponseWriter, r *http.Request, f *ui.Form, good bool) error {
	l, err := h.admin.Sealing(r.Context())
	if err != nil {
		return err
	}
	return h.page(w, r, logURL, word(r, "admin.seal.title"), f.Status(), checkpointsPage(l, f, good), crumbLog(r))
}

func (h *web) publicKey(w http.ResponseWriter, r *http.Request) error {
	return attach(w, "text/plain; charset=utf-8", "cchc-audit-sign.pub", h.admin.PublicKey+"\n")
}

// checkProof looks at a proof file that somebody pasted; nothing is stored.
func (h *web) checkProof(w http.ResponseWriter, r *http.Request) error {
	f, err := ui.ReadForm(r)
	if err != nil {
		return err
	}
	if err := h.admin.CheckProof(f.Long("proof")); err != nil {
		if f.Keep(err) {
			return h.showCheckpoints(w, r, f, false)
		}
		return err
	}
	return h.showCheckpoints(w, r, f, true)
}

func checkpointTable(ctx context.Context, all []Checkpoint) ui.Table {
	t := ui.Table{Caption: i18n.T(ctx, "admin.seal.list"), Columns: []ui.Column{
		{Head: i18n.T(ctx, "admin.seal.at")}, {Head: i18n.T(ctx, "admin.seal.size"), Numeric: true},
	}}
	for _, c := range all {
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{ui.Txt(i18n.Time(ctx, c.At)), ui.Txt(i18n.Number(ctx, c.Size))}})
	}
	return t
}

// last says when the newest checkpoint was signed.
func (l Sealing) last(ctx context.Context) string {
	if len(l.Checkpoints) == 0 {
		return i18n.T(ctx, "admin.none")
	}
	return i18n.Time(ctx, l.Checkpoints[0].At)
}
