package bench

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"time"
)

// How often each page is asked for, and before anything is measured.
const (
	pageTimes = 100
	pageWarm  = 5
	pageLimit = 50 * time.Millisecond
)

type page struct{ name, path, login string }

// pages asks for pages one after the other through the program's own handler: session,
// rights, SQL, rendering, headers; only the network is left out.
func (r *run) pages(ctx context.Context, _ *databases) error {
	r.say("pages")
	return r.with(ctx, r.base, func(ctx context.Context, p *Program) error {
		big := fmt.Sprintf("%d assignments, %d log entries", r.fill.made, r.Rows)
		for _, one := range []page{
			{"plan board", "/plan/" + r.fill.plan, officer},
			{"plan board, overdue figure", "/plan/" + r.fill.plan + "?figure=overdue", officer},
			{"inbox of a department", "/inbox", reader},
			{"inbox of who accepts results", "/inbox", officer},
			{"assignment by API", "/api/v1/assignments/" + r.fill.assignments[0].Assignment, officer},
			{"rendering alone: all components", "/dev/components", ""},
		} {
			took, size, err := ask(p, one)
			if err != nil {
				return err
			}
			note := fmt.Sprintf("%.0f kB", float64(size)/1000)
			if one.login == "" {
				r.add(one.name+", p95", ms(at(took, 95)), "ms", note+", no database")
				continue
			}
			r.add(one.name+", p50", ms(at(took, 50)), "ms", big+"; "+note)
			r.aim(one.name+", p95", ms(at(took, 95)), "ms", "< 50 ms", at(took, 95) < pageLimit)
		}
		return nil
	})
}

// ask requests one page many times; login "" asks as a stranger.
func ask(p *Program, one page) (took []time.Duration, size int, err error) {
	return askVarying(p, one.name, one.login, func() string { return one.path })
}

// askVarying requests a page whose address may change, and returns how long each
// request took, sorted, and the size of the last answer in bytes.
func askVarying(p *Program, name, login string, path func() string) (took []time.Duration, size int, err error) {
	var session *http.Cookie
	if login != "" {
		if session, err = p.SignIn(login); err != nil {
			return nil, 0, err
		}
	}
	for i := range pageWarm + pageTimes {
		where := path()
		req := httptest.NewRequest(http.MethodGet, where, nil)
		if session != nil {
			req.AddCookie(session)
		}
		w := httptest.NewRecorder()
		began := time.Now()
		p.Handler.ServeHTTP(w, req)
		d := time.Since(began)
		if w.Code != http.StatusOK {
			return nil, 0, fmt.Errorf("%s %s: %d", name, where, w.Code)
		}
		if i >= pageWarm {
			took = append(took, d)
		}
		size = w.Body.Len()
	}
	slices.Sort(took)
	return took, size, nil
}
