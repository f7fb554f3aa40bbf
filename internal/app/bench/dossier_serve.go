package bench

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// serve runs the program as a process of its own on all the data, asks it over HTTP, and
// reads what it used: its processor time and its memory.
func (d *dossiers) serve(ctx context.Context) error {
	d.say("starting a server")
	codes, err := d.codes(ctx)
	if err != nil {
		return err
	}
	cmd := d.Child(ctx, "serve", d.base.dir, d.base.url)
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	began := time.Now()
	if err := cmd.Start(); err != nil {
		return err
	}
	defer cmd.Wait()
	defer cmd.Process.Signal(syscall.SIGTERM)
	line, err := bufio.NewReader(out).ReadString('\n')
	addr, ok := strings.CutPrefix(strings.TrimSpace(line), "ready ")
	if err != nil || !ok {
		return fmt.Errorf("the server did not start: %q %w", line, err)
	}
	c := &client{addr: addr}
	if _, err := c.get("/sign-in"); err != nil {
		return err
	}
	d.m.Start = ms(time.Since(began))
	pid := strconv.Itoa(cmd.Process.Pid)
	for _, one := range d.readings(codes) {
		if err := c.signIn(one.login); err != nil {
			return err
		}
		o, err := c.ask(pid, one)
		if err != nil {
			return err
		}
		switch one.name {
		case "one dossier":
			o = o.aim("cpu <= 0.25 ms", o.CPU <= 0.25)
		case "list of 50 with its total":
			o = o.aim("cpu <= 1.4 ms", o.CPU <= 1.4)
		}
		d.add(o)
	}
	d.m.RSS, err = memory(pid, "VmHWM")
	return err
}

// codes are those of some open dossiers.
func (d *dossiers) codes(ctx context.Context) (codes []string, err error) {
	err = d.with(ctx, d.base, func(ctx context.Context, p *Program) error {
		list, err := d.hands(ctx, p, crowd)
		for _, h := range list {
			for _, l := range h.lines[:min(len(h.lines), 15)] {
				codes = append(codes, l.Code)
			}
		}
		return err
	})
	return codes, err
}

// client is a program that asks over HTTP with the session of a person.
type client struct {
	addr    string
	session *http.Cookie
	http    http.Client
}

func (c *client) get(path string) (int, error) {
	req, err := http.NewRequest(http.MethodGet, c.addr+path, nil)
	if err != nil {
		return 0, err
	}
	if c.session != nil {
		req.AddCookie(c.session)
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return 0, err
	}
	defer resp.Body.Close()
	n, err := io.Copy(io.Discard, resp.Body)
	if err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s", path, resp.Status)
	}
	return int(n), err
}

// signIn takes the demonstration's one click.
func (c *client) signIn(login string) error {
	form := url.Values{"login": {login}, "next": {"/"}}
	req, err := http.NewRequest(http.MethodPost, c.addr+"/demo/sign-in", strings.NewReader(form.Encode()))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	resp, err := (&http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}).Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	for _, k := range resp.Cookies() {
		if k.Value != "" && k.HttpOnly {
			c.session = k
			return nil
		}
	}
	return fmt.Errorf("sign-in of %s: %s", login, resp.Status)
}

// ask asks one after the other over one connection.
func (c *client) ask(pid string, one reading) (o Operation, err error) {
	const warm, times = 50, 1000
	var took []time.Duration
	var before time.Duration
	var began time.Time
	size := 0
	for i := range warm + times {
		if i == warm {
			if before, err = processorTime(pid); err != nil {
				return o, err
			}
			began = time.Now()
		}
		from := time.Now()
		if size, err = c.get(one.path()); err != nil {
			return o, err
		}
		if i >= warm {
			took = append(took, time.Since(from))
		}
	}
	after, err := processorTime(pid)
	whole := time.Since(began)
	slices.Sort(took)
	return Operation{Name: one.name + ", over HTTP", Callers: 1, Rate: times / whole.Seconds(), P50: ms(at(took, 50)), P95: ms(at(took, 95)), CPU: ms(after-before) / times,
		Note: fmt.Sprintf("%.1f kB; CPU of the server", float64(size)/1000)}, err
}

// processorTime is what another process has used, to a hundredth of a second.
func processorTime(pid string) (time.Duration, error) {
	raw, err := os.ReadFile("/proc/" + pid + "/stat")
	if err != nil {
		return 0, err
	}
	_, rest, _ := strings.Cut(string(raw), ") ")
	f := strings.Fields(rest)
	if len(f) < 13 {
		return 0, fmt.Errorf("/proc/%s/stat: %d fields", pid, len(f))
	}
	var ticks int64
	for _, s := range f[11:13] { // utime and stime, in hundredths of a second
		n, err := strconv.ParseInt(s, 10, 64)
		if err != nil {
			return 0, err
		}
		ticks += n
	}
	return time.Duration(ticks) * 10 * time.Millisecond, nil
}
