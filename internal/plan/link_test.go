package plan

import (
	"strings"
	"testing"
	"time"

	"cchc/internal/db"
	"cchc/internal/db/dbtest"
	"cchc/internal/identity"
)

// crowd is the people whose links act, by account.
type crowd map[string]identity.Actor

// ActorOf finds an account.
func (c crowd) ActorOf(_ *db.Tx, account string) (identity.Actor, bool, error) {
	a, found := c[account]
	return a, found, nil
}

func (h *house) linkFor(a identity.Actor, assignment string) (path string) {
	h.t.Helper()
	h.write(func(tx *db.Tx) (err error) { path, err = h.s.Link(tx, a.AccountID, assignment); return err })
	return path
}

func linked(t *testing.T, d *db.DB) *house {
	h := newHouse(t, d).issued()
	h.s.ReportFrom(crowd{h.justice.AccountID: h.justice, h.health.AccountID: h.health})
	return h
}

func TestLink_reportsOnceInThePersonsNameWithoutSigningIn(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := linked(t, d)
		a := h.lead("NV02", "T")
		token := strings.TrimPrefix(h.linkFor(h.justice, a.ID), LinkPath)
		page, err := h.s.OpenLink(t.Context(), token)
		if err != nil || page.Assignment.ID != a.ID || page.Person != h.justice.Name || page.Agency != "Sở Tư pháp" {
			t.Fatalf("page %+v, %v", page, err)
		}
		// A refused report leaves the link working and the assignment as it was.
		wantCode(t, h.s.ReportByLink(t.Context(), token, a.Version, Report{Percent: 140, Text: "x"}, "10.0.0.9"), "plan.progress_percent")
		wantCode(t, h.s.ReportByLink(t.Context(), token, a.Version, Report{Percent: 40}, "10.0.0.9"), "plan.report_text_missing")
		wantCode(t, h.s.ReportByLink(t.Context(), token, a.Version+7, Report{Percent: 40, Text: "Đã rà soát"}, "10.0.0.9"), "plan.changed_meanwhile")
		if err := h.s.ReportByLink(t.Context(), token, a.Version, Report{Percent: 40, Text: "Đã rà soát"}, "10.0.0.9"); err != nil {
			t.Fatal(err)
		}
		view, err := h.s.Assignment(as(h.justice), a.ID)
		if err != nil || view.Assignment.Progress != 40 || view.Assignment.Standing != InProgress {
			t.Fatalf("after: %+v, %v", view.Assignment, err)
		}
		if last := view.Audit[0]; last.Kind != "plan.link_used" || last.Who.Account != h.justice.AccountID || last.Who.From != "10.0.0.9" {
			t.Errorf("log: %+v", last)
		}
		wantCode(t, h.s.ReportByLink(t.Context(), token, view.Assignment.Version, Report{Percent: 50, Text: "Lần hai"}, ""), "plan.link_used")
		_, err = h.s.OpenLink(t.Context(), token)
		wantCode(t, err, "plan.link_used")
	})
}

func TestLink_endsAfterSevenDaysAndAForeignOneIsUnknown(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := linked(t, d)
		a := h.lead("NV02", "T")
		token := strings.TrimPrefix(h.linkFor(h.justice, a.ID), LinkPath)
		h.now = h.now.Add(linkLife - time.Second)
		if _, err := h.s.OpenLink(t.Context(), token); err != nil {
			t.Fatal(err)
		}
		h.now = h.now.Add(time.Second)
		_, err := h.s.OpenLink(t.Context(), token)
		wantCode(t, err, "plan.link_expired")
		_, err = h.s.OpenLink(t.Context(), token+"x")
		wantCode(t, err, "plan.link_unknown")
		stored := 0
		h.write(func(tx *db.Tx) error {
			n, _, err := db.One(tx, db.Value[int64], `SELECT COUNT(*) FROM plan_link WHERE hash = $1`, token)
			stored = int(n)
			return err
		})
		if stored != 0 {
			t.Error("the token itself lies in the database")
		}
	})
}

func TestLink_isMadeOnlyForWhoMayReportAndWhileAReportMovesTheWork(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := linked(t, d)
		a := h.lead("NV02", "T")
		if p := h.linkFor(h.health, a.ID); p != "" {
			t.Errorf("Sở Y tế got a link for Sở Tư pháp's work: %s", p)
		}
		if p := h.linkFor(h.district, a.ID); p != "" { // not among the active people
			t.Errorf("an unknown account got a link: %s", p)
		}
		if p := h.linkFor(h.health, h.lead("NV04", "Y").ID); p != "" { // due period by period
			t.Errorf("a recurring task got a link: %s", p)
		}
		token := strings.TrimPrefix(h.linkFor(h.justice, a.ID), LinkPath)
		if _, err := h.s.Submit(as(h.justice), a.ID, a.Version, Report{Document: "1/QĐ"}); err != nil {
			t.Fatal(err)
		}
		_, err := h.s.OpenLink(t.Context(), token) // handed in meanwhile: nothing to report
		wantCode(t, err, "plan.assignment_wrong_state")
	})
}
