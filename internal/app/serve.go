package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"
)

// How long a slow reader may take: a connection that sends or reads a byte now and
// then must not hold the server.
const (
	readHeaderTimeout = 10 * time.Second
	readTimeout       = 60 * time.Second
	writeTimeout      = 60 * time.Second
	idleTimeout       = 120 * time.Second
	drainTime         = 20 * time.Second
	maxHeaderBytes    = 32 << 10
)

// Serve answers requests until ctx ends, then lets running ones finish. ready is told
// the address once requests are answered.
func (a *App) Serve(ctx context.Context, log *slog.Logger, ready func(addr string)) error {
	l, err := net.Listen("tcp", a.cfg.Listen)
	if err != nil {
		return fmt.Errorf("listen on %s: %w", a.cfg.Listen, err)
	}
	handler, _ := a.handler(log)
	if err := a.startWork(ctx, log); err != nil {
		return errors.Join(err, l.Close())
	}
	control, err := a.serveControl()
	if err != nil {
		return errors.Join(err, l.Close())
	}
	srv := &http.Server{
		Handler: handler, ReadHeaderTimeout: readHeaderTimeout, ReadTimeout: readTimeout, WriteTimeout: writeTimeout,
		IdleTimeout: idleTimeout, MaxHeaderBytes: maxHeaderBytes, ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
	failed := make(chan error, 1)
	go func() { failed <- srv.Serve(l) }()
	ready(l.Addr().String())
	select {
	case err = <-failed:
	case <-ctx.Done():
	}
	stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), drainTime)
	defer cancel()
	if errors.Is(err, http.ErrServerClosed) {
		err = nil
	}
	return errors.Join(err, srv.Shutdown(stop), control.Shutdown(stop))
}

// startWork begins what runs beside requests: the audit log's integrator, the event
// bus, the jobs. Close ends it.
func (a *App) startWork(ctx context.Context, log *slog.Logger) error {
	work, cancel := context.WithCancel(context.WithoutCancel(ctx))
	if err := a.jobs.Start(work); err != nil {
		cancel()
		return err
	}
	var wg sync.WaitGroup
	wg.Go(func() { a.placer.Run(work) })
	wg.Go(func() { a.bus.Run(work) })
	a.stopWork = func() {
		stop, done := context.WithTimeout(context.WithoutCancel(ctx), drainTime)
		defer done()
		if err := a.jobs.Stop(stop); err != nil {
			log.Warn("jobs did not stop in time; they are taken up again at the next start", "error", err)
		}
		cancel()
		wg.Wait()
		a.stopWork = nil
	}
	return nil
}

// secure says whether readers come over TLS.
func (c Config) secure() bool { return strings.HasPrefix(c.PublicURL, "https://") }
