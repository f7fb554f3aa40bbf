package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"cchc/internal/db/crashtest"
	"cchc/internal/dossier"
	"cchc/internal/identity"
)

// CrashReceipts has eight clerks receive dossiers in a process that is killed at a random
// moment, over and over: every receipt that was acknowledged (its slip is printed) is
// there once, and the numbers of the day have neither a gap nor a double.
func CrashReceipts(ctx context.Context, o CrashOptions) (out CrashResult, err error) {
	p, err := o.Open(ctx, o.Dir, "")
	if err != nil {
		return out, err
	}
	if err = errors.Join(p.Seed(ctx), p.Close()); err != nil {
		return out, err
	}
	res, err := crashtest.Run(ctx, crashtest.Plan{
		Kills: o.Times, Min: 5 * time.Millisecond, Max: o.Max, Seed: o.Seed,
		Command: func(ctx context.Context) *exec.Cmd { return o.Child(ctx, "receive", o.Dir, "") },
		Check:   func(ctx context.Context, ids []string) (map[string]int, error) { return receipts(ctx, o) },
		Log:     func(format string, args ...any) { fmt.Fprintf(o.Progress, "bench crash: "+format+"\n", args...) },
	})
	out.Kills, out.Acknowledged, out.Lost, out.Twice = res.Kills, res.Acknowledged, res.Lost, res.Twice
	return out, err
}

// receipts counts the dossiers of the run by their content, which is the id of the
// receipt, and looks for gaps between their numbers.
func receipts(ctx context.Context, o CrashOptions) (times map[string]int, err error) {
	p, err := o.Open(ctx, o.Dir, "")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, p.Close()) }()
	who, err := p.Actor(ctx, clerk)
	if err != nil {
		return nil, err
	}
	ctx = identity.With(ctx, who)
	times = map[string]int{}
	numbers := map[string]map[int]bool{} // by all of the code before the number
	f := dossier.Filter{Agency: clerkAt, Limit: 200}
	for {
		page, err := p.Dossier.List(ctx, f)
		if err != nil {
			return nil, err
		}
		for _, l := range page.Lines {
			times[l.Content]++
			at := strings.LastIndexByte(l.Code, '-')
			n, err := strconv.Atoi(l.Code[at+1:])
			if err != nil {
				return nil, err
			}
			if numbers[l.Code[:at]] == nil {
				numbers[l.Code[:at]] = map[int]bool{}
			}
			numbers[l.Code[:at]][n] = true
		}
		if f.After = page.Next; f.After == "" {
			break
		}
	}
	for day, list := range numbers {
		if !strings.HasPrefix(day, clerkAt+"-") {
			continue // received elsewhere for this agency
		}
		for n := 1; n <= len(list); n++ {
			if !list[n] {
				return nil, fmt.Errorf("number %d of %s is missing", n, day)
			}
		}
	}
	return times, nil
}

// ReceiveChild is the process that is killed while it receives.
func ReceiveChild(ctx context.Context, open Opener, dir, url string, out io.Writer) error {
	p, err := open(ctx, dir, url)
	if err != nil {
		return err
	}
	defer p.Close()
	if err := p.Work(ctx); err != nil {
		return err
	}
	who, err := p.Actor(ctx, clerk)
	if err != nil {
		return err
	}
	ctx = identity.With(ctx, who)
	var turn atomic.Int64
	newID := func() string { return fmt.Sprintf("%d-%d", time.Now().UnixNano(), turn.Add(1)) }
	return crashtest.Work(ctx, out, crashWriters, newID, func(ctx context.Context, id string) error {
		_, err := p.Dossier.Receive(ctx, dossier.Receipt{Procedure: openKey, Receiving: clerkAt, Competent: shop, Content: id, Applicant: dossier.Party{Name: "Nguyen Van An"}})
		return err
	})
}
