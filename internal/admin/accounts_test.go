package admin_test

import (
	"context"
	"strings"
	"testing"

	"cchc/internal/db"
	"cchc/internal/db/dbtest"
	"cchc/internal/identity"
)

func TestAccounts_areFoundWithoutMarksByStateAndByAgency(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		boss := h.Admin()
		w := h.post(boss, "/admin/accounts", "name", "Trần Thị Hạnh", "login", "hanh.tt", "agency", "gl.d07", "lang", "vi")
		h.want(w, 303)
		h.want(h.get(boss, "/admin/accounts?q=hanh"), 200, "Trần Thị Hạnh", "Sở Xây dựng", "Mới mời")
		h.want(h.get(boss, "/admin/accounts?agency=S%E1%BB%9F+X%C3%A2y+d%E1%BB%B1ng&state=invited"), 200, "Trần Thị Hạnh")
		h.lacks(h.get(boss, "/admin/accounts?agency=GL.D09"), "Trần Thị Hạnh")
		h.lacks(h.get(boss, "/admin/accounts?state=active"), "Trần Thị Hạnh")
		h.want(h.get(boss, "/admin/accounts?q=khongcoai"), 200, "Không có tài khoản phù hợp")
		h.want(h.get(boss, "/admin/accounts?agency=khongco"), 422, "Không tìm thấy cơ quan")
		h.want(h.get(boss, w.Header().Get("Location")), 200, "Chưa có vai trò", "hanh.tt")
	})
}

func TestAccounts_aFormComesBackWithEveryFault(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		h.want(h.post(h.Admin(), "/admin/accounts", "name", "", "login", "!", "email", "khong phai thu"), 422,
			"Còn 3 chỗ cần sửa", "#f-name", "#f-login", "#f-email", "khong phai thu")
		h.want(h.post(h.Admin(), "/admin/accounts", "name", "A", "login", "first.admin"), 422, "đã có người dùng")
		h.want(h.post(h.Admin(), "/admin/accounts", "name", "A", "login", "aaa", "agency", "Sở Không Có"), 422, "#f-agency")
	})
}

func TestAccounts_aStaleFormChangesNothing(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		p := h.Person("nguoi", h.home, h.home, "plan.view")
		base := "/admin/accounts/" + p.AccountID
		seen := version(t, h.get(h.Admin(), base+"/edit"))
		h.want(h.post(h.Admin(), base+"/edit", "version", seen, "name", "Tên Mới", "login", "nguoi", "agency", "GL.D07", "lang", "vi"), 303)
		w := h.post(h.Admin(), base+"/edit", "version", seen, "name", "Tên Cũ", "login", "nguoi", "lang", "vi")
		h.want(w, 422, "Người khác vừa sửa")
		if version(t, w) != seen {
			t.Error("the stale form came back with a fresh version: sending it again would overwrite")
		}
		h.want(h.get(h.Admin(), base), 200, "Tên Mới")
		h.want(h.post(h.Admin(), base+"/state/lock", "version", seen, "reason", "nghỉ"), 422, "Người khác vừa sửa")
		h.want(h.post(h.Admin(), base+"/edit", "name", "X", "login", "nguoi"), 422, "Biểu mẫu này đã cũ")
	})
}

func TestAccounts_areLockedOnlyWithAReasonAndOpenedAgain(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		p := h.Person("nguoi", h.home, h.home, "plan.view")
		base := "/admin/accounts/" + p.AccountID
		w := h.get(h.Admin(), base+"/state/lock")
		h.want(w, 200, "Khóa tài khoản của NGUOI?")
		h.want(h.post(h.Admin(), base+"/state/lock", "version", version(t, w)), 422, "Chưa nêu lý do")
		h.want(h.post(h.Admin(), base+"/state/lock", "version", version(t, w), "reason", "nghỉ thai sản"), 303)
		h.want(h.get(h.Admin(), base), 200, "Bị khóa", "Tài khoản không đăng nhập được")
		w = h.get(h.Admin(), base+"/state/unlock")
		h.want(h.post(h.Admin(), base+"/state/unlock", "version", version(t, w)), 303)
		h.want(h.get(h.Admin(), base), 200, "Đang dùng")
		h.want(h.get(h.Admin(), base+"/state/enter"), 404)
		own := "/admin/accounts/" + h.Admin().AccountID
		h.want(h.post(h.Admin(), own+"/state/lock", "version", version(t, h.get(h.Admin(), own+"/edit")), "reason", "x"), 422, "Không tự làm việc này")
	})
}

func TestSlip_showsTheLinkOnceAndTheLinkWorks(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		w := h.post(h.Admin(), "/admin/accounts", "name", "Lê Văn Nam", "login", "nam.lv", "agency", "GL.D07")
		base := w.Header().Get("Location")
		h.lacks(h.get(h.Admin(), base+"/link"), "/link/ey", `class="qrcode"`)
		w = h.post(h.Admin(), base+"/link")
		h.want(w, 200, "Phiếu cấp tài khoản", `class="qrcode"`, "nam.lv", "10:00, 14/10/2026")
		if w.Header().Get("Cache-Control") != "no-store" {
			t.Error("the slip may be kept by the browser")
		}
		_, rest, found := strings.Cut(w.Body.String(), "<p>/link/")
		if !found {
			t.Fatal("no link on the slip")
		}
		token, _, _ := strings.Cut(rest, "<")
		if _, err := h.FinishReset(context.Background(), token, "a long enough secret", "127.0.0.1"); err != nil {
			t.Fatal(err)
		}
		h.want(h.get(h.Admin(), base), 200, "Đang dùng")
	})
}

func TestGrants_areGivenByAgencyAndDayAndTakenBack(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		p := h.Person("nguoi", h.home, h.home)
		base := "/admin/accounts/" + p.AccountID
		h.want(h.get(h.Admin(), base+"/grants/new"), 200, "GL.D07", "Chuyên viên")
		h.want(h.post(h.Admin(), base+"/grants", "role", "officer", "agency", "GL.D07", "from", "32/10/2026"), 422, "#f-from")
		h.want(h.post(h.Admin(), base+"/grants", "role", "", "agency", "GL.D07"), 422, "#f-role")
		h.want(h.post(h.Admin(), base+"/grants", "role", "officer", "agency", "GL.D07", "to", "1/1/2026"), 422, "#f-to")
		h.want(h.post(h.Admin(), base+"/grants", "role", "officer", "agency", "GL.D07", "from", "1/11/2026", "to", "31/12/2026"), 303)
		w := h.get(h.Admin(), base)
		h.want(w, 200, "Chuyên viên", "01/11/2026 đến 31/12/2026", "Chưa đến ngày", "Sở Xây dựng và đơn vị trực thuộc")
		_, rest, _ := strings.Cut(w.Body.String(), base+"/grants/")
		for strings.HasPrefix(rest, "new") {
			_, rest, _ = strings.Cut(rest, base+"/grants/")
		}
		grant, _, _ := strings.Cut(rest, "/revoke")
		h.want(h.get(h.Admin(), base+"/grants/"+grant+"/revoke"), 200, "Thu hồi vai trò")
		h.want(h.get(h.Admin(), base+"/grants/none/revoke"), 404)
		h.want(h.post(h.Admin(), base+"/grants/none/revoke"), 404)
		h.want(h.post(h.Admin(), base+"/grants/"+grant+"/revoke"), 303)
		h.want(h.post(h.Admin(), base+"/grants/"+grant+"/revoke"), 422, "đã kết thúc")
		h.want(h.get(h.Admin(), base), 200, "Thu hồi ngày 14/10/2026")
	})
}

func TestSecondFactor_ofOneselfIsNotResetHere(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		p := h.Person("nguoi", h.home, h.home, "plan.view")
		own, other := "/admin/accounts/"+h.Admin().AccountID, "/admin/accounts/"+p.AccountID
		h.want(h.post(h.Admin(), own+"/second-factor", "reason", "mất máy"), 422, "Không tự đặt lại")
		h.want(h.post(h.Admin(), other+"/second-factor"), 422, "Chưa nêu lý do")
		h.want(h.post(h.Admin(), other+"/second-factor", "reason", "mất máy"), 303)
		h.want(h.get(h.Admin(), other+"/sessions"), 200, "Đăng xuất NGUOI")
		h.want(h.post(h.Admin(), other+"/sessions"), 303)
		h.want(h.get(h.Admin(), other+"/sign-ins"), 200, "Chưa đăng nhập lần nào")
	})
}

func TestRoles_areShownToReadersAndChangedByTheProvinceOnly(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		reader := h.Person("reader", h.home, h.home, identity.RightView)
		h.want(h.get(reader, "/admin/roles"), 200, "Quản trị hệ thống", "Quản lý tài khoản và phân quyền", "Xem nhật ký")
		w := h.get(reader, "/admin/roles/admin")
		h.want(w, 200, "Quản lý tài khoản và phân quyền")
		h.lacks(w, `type="checkbox"`)
		h.want(h.get(reader, "/admin/roles/none"), 404)
		h.want(h.post(reader, "/admin/roles/officer", "version", "1"), 403)
		local := h.Person("local", h.home, h.home, identity.RightView, identity.RightRoles)
		h.want(h.post(local, "/admin/roles/officer", "version", "1", "rights", "plan.view"), 403)

		boss := h.Admin()
		w = h.get(boss, "/admin/roles/officer")
		h.want(h.post(boss, "/admin/roles/officer", "version", version(t, w), "rights", "plan.view"), 303)
		h.want(h.post(boss, "/admin/roles/officer", "version", version(t, w), "rights", "plan.edit"), 422, "Người khác vừa sửa", `value="plan.edit" checked`)
		h.want(h.get(boss, "/admin/roles/officer"), 200, `value="plan.view" checked`)
		h.want(h.post(boss, "/admin/roles", "code", "ca.truc", "name", "Cán bộ trực", "rights", "plan.view"), 303)
		h.want(h.get(boss, "/admin/roles"), 200, "Cán bộ trực", "Do tỉnh đặt")
		h.want(h.post(boss, "/admin/roles", "code", "ca.truc", "name", "Khác"), 422, "Mã vai trò đã có")
		h.want(h.post(boss, "/admin/roles/admin", "version", version(t, h.get(boss, "/admin/roles/admin"))), 422, "không còn ai quản trị")
	})
}
