package app

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"

	"cchc/internal/errs"
)

// An operation is something the command line asks for: make a token, import a plan.
// A running server answers it on a private socket in the data folder; when none
// runs, the command opens the data itself. Either way it is the same function, and
// two processes never write one SQLite file.
type operation func(ctx context.Context, a *App, body []byte) (any, error)

// op adapts a typed function to an operation.
func op[I, O any](fn func(ctx context.Context, a *App, in I) (O, error)) operation {
	return func(ctx context.Context, a *App, body []byte) (any, error) {
		var in I
		if err := json.Unmarshal(body, &in); err != nil {
			return nil, errs.New(errs.Invalid, "app.control_body")
		}
		return fn(ctx, a, in)
	}
}

func socketPath(dir string) string { return filepath.Join(dir, "control.sock") }

// maxControl bounds a request on the socket: an import carries its file.
const maxControl = 64 << 20

// serveControl answers operations on the private socket until the listener closes.
// The folder is 0700 and the socket 0600, so that only the server's own user and
// root reach it.
func (a *App) serveControl() (*http.Server, error) {
	path := socketPath(a.cfg.Data)
	// The folder's lock is ours, so a socket that stands there is a dead server's.
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("control socket: %w", err)
	}
	l, err := net.Listen("unix", path)
	if err != nil {
		return nil, fmt.Errorf("control socket: %w", err)
	}
	if err := os.Chmod(path, 0o600); err != nil {
		return nil, errors.Join(err, l.Close())
	}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /{operation}", func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxControl))
		if err != nil {
			err = errs.New(errs.TooLarge, "app.control_too_large", "limit", maxControl>>20)
		}
		var out any
		if err == nil {
			out, err = a.do(r.Context(), r.PathValue("operation"), body)
		}
		answerControl(w, out, err)
	})
	srv := &http.Server{Handler: mux}
	go srv.Serve(l)
	return srv, nil
}

// do runs one operation by name.
func (a *App) do(ctx context.Context, name string, body []byte) (any, error) {
	run, ok := operations[name]
	if !ok {
		return nil, errs.New(errs.NotFound, "app.control_unknown", "name", name)
	}
	return run(ctx, a, body)
}

// answer is what goes over the socket: a result, refusals, or a failure in words.
type answer struct {
	Result   json.RawMessage `json:"result,omitempty"`
	Refusals []*errs.Error   `json:"refusals,omitempty"`
	Failure  string          `json:"failure,omitempty"`
}

func answerControl(w http.ResponseWriter, out any, err error) {
	var ans answer
	if err == nil {
		ans.Result, err = json.Marshal(out)
	}
	if err != nil {
		if ans.Refusals = errs.All(err); ans.Refusals == nil {
			ans.Failure = err.Error()
		}
	}
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(ans)
}

// ask runs an operation on the server that holds the data folder, or on the data
// itself when none does, and reads the result into out.
func ask(ctx context.Context, cfg Config, name string, in, out any) error {
	body, err := json.Marshal(in)
	if err != nil {
		return err
	}
	var dialer net.Dialer
	if conn, err := dialer.DialContext(ctx, "unix", socketPath(cfg.Data)); err == nil {
		conn.Close()
		return askServer(ctx, cfg, name, body, out)
	}
	a, err := Open(ctx, cfg)
	if err != nil {
		return err
	}
	defer a.Close()
	res, err := a.do(ctx, name, body)
	if err != nil {
		return err
	}
	raw, err := json.Marshal(res)
	if err != nil {
		return err
	}
	return json.Unmarshal(raw, out)
}

func askServer(ctx context.Context, cfg Config, name string, body []byte, out any) error {
	client := http.Client{Transport: &http.Transport{
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			var d net.Dialer
			return d.DialContext(ctx, "unix", socketPath(cfg.Data))
		},
	}}
	defer client.CloseIdleConnections()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://cchc/"+name, bytes.NewReader(body))
	if err != nil {
		return err
	}
	resp, err := client.Do(req)
	if err != nil {
		return fmt.Errorf("ask the running server: %w", err)
	}
	defer resp.Body.Close()
	var ans answer
	if err := json.NewDecoder(resp.Body).Decode(&ans); err != nil {
		return fmt.Errorf("ask the running server: %w", err)
	}
	switch {
	case len(ans.Refusals) > 0:
		return errs.List(ans.Refusals)
	case ans.Failure != "":
		return errors.New(ans.Failure)
	}
	return json.Unmarshal(ans.Result, out)
}
