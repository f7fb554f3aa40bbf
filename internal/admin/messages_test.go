package admin_test

import (
	"context"
	"strconv"
	"strings"
	"testing"

	"cchc/internal/admin"
	"cchc/internal/db"
	"cchc/internal/db/dbtest"
	"cchc/internal/notice"
)

func TestJobs_whatFailedForGoodIsRunAgainAndRecorded(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		boss := h.Person("boss", "", "", admin.RightJobs, admin.RightLog)
		h.want(h.get(boss, "/admin/jobs"), 200, "Không có việc nào hỏng")
		must(t, d.Write(context.Background(), func(tx *db.Tx) error { return h.jobs.Insert(tx, broken{"r1"}) }))
		if err := h.jobs.Drain(context.Background()); err == nil {
			t.Fatal("the job did not fail")
		}
		dead, err := h.jobs.Dead(context.Background(), 10)
		must(t, err)
		if len(dead) != 1 {
			t.Fatalf("%d dead jobs", len(dead))
		}
		id := strconv.FormatInt(dead[0].ID, 10)
		h.want(h.get(boss, "/admin/jobs"), 200, "test.broken "+id, "Chạy lại", "admin.page_unknown")
		h.want(h.post(boss, "/admin/jobs/"+id+"/replay"), 303)
		h.want(h.post(boss, "/admin/jobs/"+id+"/replay"), 404)
		h.want(h.get(boss, "/admin/log?kind=admin.job_replay"), 200, "Chạy lại một việc nền", "BOSS")
	})
}

// outbox puts the mails of the house aside instead of sending them, as a demonstration.
func (h *house) outbox() {
	h.t.Helper()
	h.s.Demo = true
	must(h.t, h.d.Write(context.Background(), func(tx *db.Tx) error {
		x, err := h.s.Notice.Settings(tx)
		if err != nil {
			return err
		}
		x.Mail, x.QuietFrom, x.QuietTo = notice.MailOutbox, "00:00", "00:00"
		return h.s.Notice.SetSettings(tx, h.Admin().Who(), x, x.Version)
	}))
}

func TestMessages_aTestIsSentListedAndReadInTheOutbox(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		boss := h.Person("boss", "", "", admin.RightMessages)
		h.want(h.get(boss, "/admin/messages"), 200, "Chưa có tin nào")
		h.outbox()
		h.want(h.get(boss, "/admin/outbox"), 200, "Chưa có thư nào")
		h.want(h.post(boss, "/admin/messages/test"), 303)
		must(t, h.s.Notice.DeliverDue(context.Background()))
		w := h.get(boss, "/admin/messages?state=sent&channel=mail")
		h.want(w, 200, "Tin thử của thiết lập", "Đã gửi", "giữ trong hộp thư trình diễn", "lan@so.example.vn")
		_, rest, _ := strings.Cut(w.Body.String(), `href="/admin/messages/0`)
		id, _, _ := strings.Cut(rest, `"`)
		h.want(h.get(boss, "/admin/messages/0"+id), 200, "Lần 1", "Nếu bạn đọc được tin này")
		h.want(h.get(boss, "/admin/outbox"), 200, "Nếu bạn đọc được tin này")
		h.want(h.get(boss, "/admin/messages?state=failed"), 200, "Chưa có tin nào")
		h.s.Demo = false
		h.lacks(h.get(boss, "/admin/messages/0"+id), "Nếu bạn đọc được tin này")
		h.want(h.get(boss, "/admin/outbox"), 404)
	})
}

func TestSending_keepsSecretsAndRefusesFaultsAndStaleForms(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		boss := h.Person("boss", "", "", admin.RightMessages)
		page := "/admin/messages/settings"
		seen := version(t, h.get(boss, page))
		good := []string{"version", seen, "mail", "smtp", "smtp_host", "mail.example.vn", "smtp_port", "587", "smtp_security", "starttls", "smtp_user", "cchc",
			"smtp_password", "rất bí mật", "mail_from", "cchc@tinh.example.vn", "quiet_from", "21:00", "quiet_to", "06:00", "digest_at", "16:30"}
		bad := append(append([]string{}, good...), "webhook_url", "http://gw.example.vn")
		h.want(h.post(boss, page, append([]string{"version", seen, "mail", "smtp"}, "quiet_from", "9 giờ", "quiet_to", "06:00", "digest_at", "16:30")...), 422, "#f-smtp_host", "#f-quiet_from")
		h.want(h.post(boss, page, bad...), 422, "#f-webhook_url", "#f-webhook_secret")
		h.want(h.post(boss, page, good...), 303)
		h.want(h.post(boss, page, good...), 422, "Người khác vừa sửa thiết lập")
		w := h.get(boss, page)
		h.want(w, 200, "mail.example.vn")
		h.lacks(w, "rất bí mật")
		outbox := []string{"version", version(t, w), "mail", "outbox", "smtp_port", "587", "quiet_from", "21:00", "quiet_to", "06:00", "digest_at", "16:30"}
		h.want(h.post(boss, page, outbox...), 422, "chỉ có ở bản trình diễn")
		h.s.Demo = true
		good[1] = version(t, w)
		h.want(h.post(boss, page, good...), 422, "không gửi thư hay tin nhắn ra ngoài")
		h.want(h.post(boss, page, outbox...), 303)
	})
}

func TestNotices_areOnesOwnAndReadByOpening(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		lan, nam := h.Person("lan", h.home, h.home), h.Person("nam", h.home, h.home)
		h.want(h.get(lan, "/notices"), 200, "Chưa có thông báo")
		for _, key := range []string{"a", "b"} {
			must(t, d.Write(context.Background(), func(tx *db.Tx) error {
				return h.s.Notice.Send(tx, notice.Notice{Key: key, To: lan.AccountID, Kind: "admin.test", Subject: "plan_task:1", URL: "/plan/tasks/1"})
			}))
		}
		w := h.get(lan, "/notices")
		h.want(w, 200, "Tin thử của thiết lập", "chưa đọc", `<span class="count">2</span>`)
		h.lacks(h.get(nam, "/notices"), "Tin thử của thiết lập", `<span class="count">`)
		_, rest, _ := strings.Cut(w.Body.String(), `action="/notices/0`)
		id, _, _ := strings.Cut(rest, "/open")
		h.want(h.post(nam, "/notices/0"+id+"/open"), 404)
		w = h.post(lan, "/notices/0"+id+"/open")
		h.want(w, 303)
		if to := w.Header().Get("Location"); to != "/plan/tasks/1" {
			t.Errorf("opening a notice leads to %s", to)
		}
		h.want(h.get(lan, "/notices"), 200, `<span class="count">1</span>`)
		h.want(h.post(lan, "/notices/read"), 303)
		h.lacks(h.get(lan, "/notices"), `<span class="count">`, "chưa đọc")
	})
}
