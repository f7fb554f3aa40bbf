package admin_test

import (
	"context"
	"strings"
	"testing"

	"cchc/internal/admin"
	"cchc/internal/audit"
	"cchc/internal/db"
	"cchc/internal/db/dbtest"
	"cchc/internal/identity"
)

// seal places what waits in the log and signs a checkpoint.
func (h *house) seal() {
	h.t.Helper()
	in := audit.NewIntegrator(h.d, h.keys, morning)
	_, err := in.Integrate(context.Background())
	must(h.t, err)
	_, err = in.Checkpoint(context.Background())
	must(h.t, err)
}

// record writes one entry about an agency and returns its id.
func (h *house) record(e audit.Entry) (id string) {
	h.t.Helper()
	must(h.t, h.d.Write(context.Background(), func(tx *db.Tx) error {
		if err := h.s.Log.Record(tx, audit.Who{Account: h.Admin().AccountID, Name: "Nguyễn Thị Quản Trị", From: "10.1.2.3"}, e); err != nil {
			return err
		}
		rows, err := h.s.Log.History(tx, e.Subject, 1)
		if err == nil {
			id = rows[0].ID
		}
		return err
	}))
	return id
}

func TestLog_isReadWithinReachAndFiltered(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		reader := h.Person("reader", h.home, h.home, admin.RightLog)
		at := h.record(audit.Entry{Kind: "plan.urge", Subject: "plan_task:1", Agency: h.home, Before: map[string]string{"due_day": "2026-10-01"}, After: map[string]string{"due_day": "2026-11-01"}, Reason: "chờ ý kiến"})
		away := h.record(audit.Entry{Kind: "plan.urge", Subject: "plan_task:2", Agency: h.abroad})
		w := h.get(reader, "/admin/log")
		h.want(w, 200, at)
		h.lacks(w, away)
		h.want(h.get(reader, "/admin/log/"+at), 200, "<del>2026-10-01</del>", "<ins>2026-11-01</ins>", "Hạn", "chờ ý kiến", "10.1.2.3", "Sở Xây dựng", "chờ niêm phong", "Chưa niêm phong")
		h.want(h.get(reader, "/admin/log/"+away), 404)
		h.want(h.get(reader, "/admin/log/"+away+"/proof"), 404)
		h.want(h.get(reader, "/admin/log/"+at+"/proof"), 409)

		boss := h.Person("boss", "", "", admin.RightLog)
		h.want(h.get(boss, "/admin/log?kind=plan.urge"), 200, at, away)
		h.lacks(h.get(boss, "/admin/log?subject=plan_task:1"), away)
		h.lacks(h.get(boss, "/admin/log?agency=GL.D09"), at)
		h.want(h.get(boss, "/admin/log?who=first.admin&kind=plan.urge"), 200, at, "Bỏ lọc: Người thực hiện: first.admin")
		h.want(h.get(boss, "/admin/log?who=reader&kind=plan.urge"), 200, "Không có mục nào phù hợp")
		h.want(h.get(boss, "/admin/log?from=14/10/2026&to=14/10/2026&kind=plan.urge"), 200, at)
		h.want(h.get(boss, "/admin/log?to=13/10/2026&kind=plan.urge"), 200, "Không có mục nào phù hợp")
		h.want(h.get(boss, "/admin/log?who=khong.co"), 422, "#f-who")
		h.want(h.get(boss, "/admin/log?from=hom+qua"), 422, "#f-from")
		h.want(h.get(boss, "/admin/log?agency=Khong+co"), 422, "#f-agency")
		h.want(h.get(boss, "/admin/log?after=x"), 404)
	})
}

func TestLog_pagesByKeyWithoutAGap(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		boss := h.Person("boss", "", "", admin.RightLog)
		seen := map[string]bool{}
		for range 70 {
			h.record(audit.Entry{Kind: "plan.urge", Subject: "plan_task:x", Agency: h.home})
		}
		path := "/admin/log?kind=plan.urge"
		for path != "" {
			body := h.get(boss, path).Body.String()
			for part := range strings.SplitSeq(body, `href="/admin/log/`) {
				if id, _, ok := strings.Cut(part, `"`); ok && len(id) == 36 {
					seen[id] = true
				}
			}
			_, rest, more := strings.Cut(body, `href="/admin/log?after=`)
			path = ""
			if key, _, _ := strings.Cut(rest, `"`); more {
				path = "/admin/log?after=" + strings.ReplaceAll(key, "&amp;", "&")
			}
		}
		if len(seen) != 70 {
			t.Errorf("the pages show %d entries of 70", len(seen))
		}
	})
}

func TestProof_isCheckedOffLineAndRefusedWhenAWordChanged(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		reader := h.Person("reader", h.home, h.home, admin.RightLog)
		h.want(h.get(reader, "/admin/checkpoints"), 200, "Chưa có mốc nào")
		id := h.record(audit.Entry{Kind: "plan.urge", Subject: "plan_task:1", Agency: h.home, After: map[string]string{"text": "Đôn đốc lần một"}})
		h.seal()
		h.want(h.get(reader, "/admin/log/"+id), 200, "Tệp bằng chứng", "cchc-audit-proof/1")
		w := h.get(reader, "/admin/log/"+id+"/proof")
		h.want(w, 200)
		if got := w.Header().Get("Content-Disposition"); !strings.HasPrefix(got, "attachment") {
			t.Errorf("the proof is shown, not handed over: %s", got)
		}
		file := w.Body.String()
		must(t, audit.VerifyProof([]byte(file), strings.TrimSpace(h.get(reader, "/admin/checkpoints/key").Body.String())))
		h.want(h.get(reader, "/admin/checkpoints"), 200, "Mốc niêm phong gần nhất", h.keys.Public[:12])
		h.want(h.post(reader, "/admin/checkpoints/check", "proof", file), 200, "Tệp đúng.")
		h.want(h.post(reader, "/admin/checkpoints/check", "proof", strings.Replace(file, "lần một", "lần hai", 1)), 422, "#f-proof", "khác với nội dung đã ghi")
		h.want(h.post(reader, "/admin/checkpoints/check", "proof", "{}"), 422, "không đúng định dạng")
		h.want(h.post(reader, "/admin/checkpoints/check", "proof", " "), 422, "Chưa dán nội dung")
	})
}

func TestDelegations_areGivenToAColleagueAndEnded(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		giver := h.Person("giver", h.home, h.home, "plan.view", "plan.edit", identity.RightDelegate)
		other := h.Person("other", h.home, h.home)
		away := h.Person("away", h.abroad, h.abroad)
		w := h.get(giver, "/delegations/new?q=oth")
		h.want(w, 200, "OTHER", "plan.edit")
		h.lacks(w, "AWAY", `value="identity.delegate"`)
		h.want(h.post(giver, "/delegations", "to_account", other.AccountID, "rights", "plan.view", "from", "14/10/2026", "to", "ba mươi"), 422, "#f-to")
		h.want(h.post(giver, "/delegations", "to_account", other.AccountID, "from", "14/10/2026", "to", "20/10/2026"), 422, "#f-reason", "#f-rights")
		h.want(h.post(giver, "/delegations", "to_account", away.AccountID, "rights", "plan.view", "to", "20/10/2026", "reason", "họp"), 422, "#f-to_account")
		h.want(h.post(giver, "/delegations", "to_account", other.AccountID, "rights", "plan.edit", "to", "20/10/2026", "reason", "đi công tác"), 303)
		if !h.Actor(other.AccountID).Has("plan.edit") {
			t.Error("the colleague cannot act")
		}
		w = h.get(giver, "/delegations")
		h.want(w, 200, "Giao cho OTHER", "14/10/2026 đến 20/10/2026", "Đang có hiệu lực")
		h.want(h.get(other, "/delegations"), 200, "Nhận từ GIVER", "đi công tác")
		_, rest, _ := strings.Cut(w.Body.String(), `href="/delegations/`)
		for strings.HasPrefix(rest, "new") {
			_, rest, _ = strings.Cut(rest, `href="/delegations/`)
		}
		id, _, _ := strings.Cut(rest, "/end")
		h.want(h.get(away, "/delegations/"+id+"/end"), 404)
		h.want(h.post(away, "/delegations/"+id+"/end"), 404)
		h.want(h.get(giver, "/delegations/"+id+"/end"), 200, "Kết thúc ủy quyền?", "OTHER")
		h.want(h.get(h.Admin(), "/delegations/"+id+"/end?account="+giver.AccountID), 200, "GIVER")
		h.want(h.post(giver, "/delegations/"+id+"/end"), 303)
		h.want(h.post(giver, "/delegations/"+id+"/end"), 422, "đã kết thúc")
		if h.Actor(other.AccountID).Has("plan.edit") {
			t.Error("the colleague can still act")
		}
		h.want(h.get(h.Admin(), "/admin/accounts/"+giver.AccountID), 200, "Giao cho OTHER", "Thu hồi ngày 14/10/2026")
	})
}
