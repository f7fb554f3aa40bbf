package api

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"time"

	"cchc/internal/db"
	"cchc/internal/errs"
	"cchc/internal/identity"
	"cchc/internal/ui"
)

// keyLife is how long a repeat is recognised.
const keyLife = 24 * time.Hour

// call is one Idempotency-Key of one account on one route.
type call struct {
	Account, Route, Key string
	Hash                string // of the request's body and address
	Status              int    // 0 while it runs
	Type, Body          string
	CreatedMs           int64
}

type callKey struct{}

// once runs a POST at most once per key. The key is kept before the handler begins and
// the answer after it; between them a repeat is told to wait (409). A service that calls
// Settle keeps its answer in the same transaction as the change, so that even a power
// cut between the two leaves no doubt.
func (a *API) once(w http.ResponseWriter, r *http.Request, op *operation, h http.HandlerFunc) {
	key := r.Header.Get("Idempotency-Key")
	if key == "" || r.Method != http.MethodPost {
		h(w, r)
		return
	}
	if len(key) < 8 || len(key) > 128 {
		a.problem(w, r, errs.New(errs.Invalid, "api.key_unreadable"))
		return
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		a.problem(w, r, err)
		return
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	sum := sha256.Sum256(append([]byte(r.URL.RequestURI()+"\n"), body...))
	c := call{Account: identity.From(r.Context()).AccountID, Route: op.Method + " " + op.Path, Key: key,
		Hash: hex.EncodeToString(sum[:]), CreatedMs: a.clock().UnixMilli()}
	if c.Account == "" {
		c.Account = "guest:" + address(r)
	}
	before, found, err := a.begin(r.Context(), c)
	switch {
	case err != nil:
		a.problem(w, r, err)
		return
	case found && before.Hash != c.Hash:
		a.problem(w, r, errs.New(errs.Invalid, "api.key_reused"))
		return
	case found && before.Status == 0:
		a.problem(w, r, errs.New(errs.Conflict, "api.still_running"))
		return
	case found:
		replay(w, before)
		return
	}
	seen := &capture{ResponseWriter: w}
	h(seen, r.WithContext(context.WithValue(r.Context(), callKey{}, &c)))
	a.settle(r.Context(), c, seen)
}

// begin keeps the key, or returns the call that has it. Keys older than a day go.
func (a *API) begin(ctx context.Context, c call) (before call, found bool, err error) {
	err = a.db.Write(ctx, func(tx *db.Tx) error {
		before, found = call{}, false
		if err := forgetBefore(tx, c.CreatedMs-keyLife.Milliseconds()); err != nil {
			return err
		}
		fresh, err := keep(tx, c)
		if err != nil || fresh {
			return err
		}
		before, found, err = kept(tx, c)
		return err
	})
	return before, found, err
}

// settle keeps the answer. Refusals of a moment (too many, unavailable, a fault of ours)
// free the key instead: the same call may succeed later. The caller has the answer by
// now, so a failure here is only logged.
func (a *API) settle(ctx context.Context, c call, seen *capture) {
	c.Status, c.Type, c.Body = seen.status, seen.Header().Get("Content-Type"), seen.body.String()
	err := a.db.Write(ctx, func(tx *db.Tx) error {
		if c.Status == http.StatusTooManyRequests || c.Status >= 500 {
			return release(tx, c)
		}
		return answer(tx, c)
	})
	if err != nil {
		a.problemOf(ctx, err) // logs it under the request's reference
	}
}

// Settle keeps the answer of the running operation in the transaction of its change.
// A service may call it as its last step; without an Idempotency-Key it does nothing.
func Settle(ctx context.Context, tx *db.Tx, status int, body any) error {
	c, ok := ctx.Value(callKey{}).(*call)
	if !ok {
		return nil
	}
	raw, err := json.Marshal(body)
	if err != nil {
		return err
	}
	done := *c
	done.Status, done.Type, done.Body = status, "application/json", string(raw)
	return answer(tx, done)
}

func replay(w http.ResponseWriter, c call) {
	w.Header().Set("Content-Type", c.Type)
	w.Header().Set("Idempotency-Replayed", "true")
	w.WriteHeader(c.Status)
	_, _ = io.WriteString(w, c.Body) // the caller left: nobody to tell
}

// capture keeps a copy of the answer, up to what a JSON answer of ours may be.
type capture struct {
	http.ResponseWriter
	status int
	body   bytes.Buffer
}

func (c *capture) Unwrap() http.ResponseWriter { return c.ResponseWriter }

func (c *capture) WriteHeader(status int) {
	if c.status == 0 {
		c.status = status
	}
	c.ResponseWriter.WriteHeader(status)
}

func (c *capture) Write(p []byte) (int, error) {
	if c.status == 0 {
		c.status = http.StatusOK
	}
	if c.body.Len()+len(p) <= ui.DefaultMaxBytes {
		c.body.Write(p)
	}
	return c.ResponseWriter.Write(p)
}
