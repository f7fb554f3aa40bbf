package payment

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"cchc/internal/api"
	"cchc/internal/db"
	"cchc/internal/db/dbtest"
	"cchc/internal/errs"
	"cchc/internal/identity"
	"cchc/internal/ui"
)

// desk asks the room's pages as somebody.
type desk struct {
	h  *house
	rt *ui.Router
	as *context.Context
}

func newDesk(h *house) desk {
	as := context.Background()
	rt := ui.NewRouter(ui.Config{Clock: h.clock, Log: slog.New(slog.DiscardHandler)})
	rt.Use(func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			next.ServeHTTP(w, r.WithContext(identity.With(r.Context(), identity.From(as))))
		})
	})
	programs := api.New(rt, h.d, h.clock, api.Config{Version: "test"})
	Operations(programs, h.Service)
	Mount(rt, h.Service)
	programs.Ready()
	return desk{h, rt, &as}
}

func (d desk) ask(as context.Context, method, path, kind string, body io.Reader, head ...string) *httptest.ResponseRecorder {
	*d.as = as
	r := httptest.NewRequest(method, "http://127.0.0.1:8080"+path, body)
	r.RemoteAddr = "127.0.0.1:9"
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	for i := 0; i+1 < len(head); i += 2 {
		r.Header.Set(head[i], head[i+1])
	}
	w := httptest.NewRecorder()
	d.rt.ServeHTTP(w, r)
	return w
}

func (d desk) get(as context.Context, path string) *httptest.ResponseRecorder {
	return d.ask(as, http.MethodGet, path, "", nil)
}

func (d desk) post(as context.Context, path string, pairs ...string) *httptest.ResponseRecorder {
	q := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		q.Add(pairs[i], pairs[i+1])
	}
	return d.ask(as, http.MethodPost, path, "application/x-www-form-urlencoded", strings.NewReader(q.Encode()))
}

// TestPages_leadFromADossierToTheClosedDay walks the way of a cashier and of their head by
// pages alone.
func TestPages_leadFromADossierToTheClosedDay(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d).withBook(1, 50)
		bank, platform := h.gateway(BankNotice, "X", Transfer), h.gateway(Platform, "U", OnlineProvince)
		w := newDesk(h)
		page := func(as context.Context, path string, holds ...string) string {
			t.Helper()
			got := w.get(as, path)
			body := got.Body.String()
			if got.Code != http.StatusOK {
				t.Fatalf("%s answers %d", path, got.Code)
			}
			for _, x := range holds {
				if !strings.Contains(body, x) {
					t.Errorf("%s lacks %q", path, x)
				}
			}
			if strings.Contains(body, ">payment.") || strings.Contains(body, "\"payment.") {
				t.Errorf("%s shows a key without words", path)
			}
			return body
		}
		moved := func(got *httptest.ResponseRecorder) string {
			t.Helper()
			if got.Code != http.StatusSeeOther {
				t.Fatalf("%d: %s", got.Code, got.Body.String())
			}
			return got.Header().Get("Location")
		}
		refused := func(got *httptest.ResponseRecorder, status int, words string) {
			t.Helper()
			if got.Code != status || !strings.Contains(got.Body.String(), words) {
				t.Errorf("%d, want %d with %q", got.Code, status, words)
			}
		}
		page(h.cashier, "/payments", "Không có phiếu nào", "Lập phiếu thu")
		page(h.cashier, "/payments/new", "Mã hồ sơ")
		refused(w.get(h.cashier, "/payments/new?dossier=X-9"), 422, "Không có hồ sơ mang mã này")
		page(h.cashier, "/payments/new?dossier=X-261014-0001", "Phí thẩm định", "4.200.000 đồng", "Nguyễn Thị Hoa")
		refused(w.post(h.cashier, "/payments/new", "dossier", "X-261014-0001", "do", "charge", "exempt", "poor"), 422, "giấy tờ chứng minh")
		if got := w.post(h.cashier, "/payments/new", "dossier", "X-261014-0001", "do", "count", "exempt", "poor", "why", "Sổ hộ nghèo"); got.Code != 200 || !strings.Contains(got.Body.String(), ">0 đồng<") {
			t.Errorf("%d", got.Code)
		}
		order := moved(w.post(h.cashier, "/payments/new", "dossier", "X-261014-0001", "do", "charge"))
		body := page(h.cashier, order, "Thu 4.200.000 đồng", "Bốn triệu hai trăm nghìn đồng", "Mã chuyển khoản VietQR", "VietinBank", "Huỷ phiếu")
		token := strings.Split(strings.Split(body, "/pay/")[1], "\"")[0]
		// The payer's page.
		if pay := page(context.Background(), "/pay/"+token, "Chưa nộp", "4.200.000 đồng", "Nộp trực tuyến", "qrcode"); strings.Contains(pay, "Hoa") {
			t.Error("the public page names the payer")
		}
		refused(w.get(context.Background(), "/pay/guess"), 404, "")
		if to := moved(w.post(context.Background(), "/pay/"+token+"/start", "gateway", platform.ID)); to != "/pay/"+token+"#go" {
			t.Error(to)
		}
		page(context.Background(), "/pay/"+token+"?vnp_ResponseCode=00", "Đang chờ kết quả", "https://pay.example.vn/pay?vnp_Amount=420000000", "Xem kết quả")
		// Another dossier is paid in cash.
		second := moved(w.post(h.second, "/payments/new", "dossier", "X-261014-0002", "do", "charge"))
		page(h.second, second+"/collect", "4.200.000 đồng", "Tiền mặt")
		refused(w.post(h.second, second+"/collect", "version", "1", "way", "transfer"), 422, "số chứng từ")
		refused(w.post(h.second, second+"/collect", "version", "9", "way", "cash"), 409, "Người khác vừa thay đổi")
		moved(w.post(h.second, second+"/collect", "version", "1", "way", "cash"))
		body = page(h.second, second, "Đã nộp đủ", "Biên lai số 0000001")
		receipt := "/payments/receipts/" + strings.Split(strings.Split(body, "/payments/receipts/")[1], "\"")[0]
		page(h.second, receipt, "Mẫu số: 01BLP2-001", "Bằng chữ: Bốn triệu hai trăm nghìn đồng", "Trần Văn Bình", "Huỷ và lập lại")
		page(h.second, receipt+"/reissue", "Người nộp")
		refused(w.post(h.second, receipt+"/reissue", "version", "1", "payer", "Trần Văn Bính"), 422, "lý do")
		fresh := moved(w.post(h.second, receipt+"/reissue", "version", "1", "payer", "Trần Văn Bính", "reason", "Sai dấu"))
		page(h.second, fresh, "0000002", "Trần Văn Bính")
		page(h.second, receipt, "Biên lai đã huỷ")
		// An order taken back.
		third := moved(w.post(h.cashier, "/payments/new", "dossier", "X-261014-0003", "do", "charge"))
		page(h.cashier, third+"/cancel", "Lý do")
		moved(w.post(h.cashier, third+"/cancel", "version", "1", "reason", "Lập nhầm"))
		page(h.cashier, third, "Lập nhầm")
		// Money for the cancelled order waits for a person.
		var o Order
		h.must(d.Read(t.Context(), func(tx *db.Tx) (err error) {
			o, err = findOrder(tx, "id", strings.TrimPrefix(third, "/payments/orders/"))
			return err
		}))
		in := theirs{platform, testSecret}.result(o, "4", o.Due, "00")
		if got := w.get(context.Background(), "/gateways/"+platform.ID+"/notice?"+in.Query.Encode()); got.Body.String() != `{"Message":"Order already confirmed","RspCode":"02"}` {
			t.Error(got.Body.String())
		}
		note := told(testSecret, map[string]any{"id": "FT9", "account": "0011001932418", "direction": "in", "amount": 5000, "content": "khong ro"})
		if got := w.ask(context.Background(), "POST", "/gateways/"+bank.ID+"/notice", "application/json", bytes.NewReader(note.Body), "X-Signature", note.Header("X-Signature")); got.Code != 200 || !strings.Contains(got.Body.String(), "no_order") {
			t.Error(got.Code, got.Body.String())
		}
		page(h.head, "/payments?state=paid&day=14/10/2026&q=binh", "Trần Văn Bình", "Giao dịch cần xử lý")
		body = page(h.head, "/payments/movements", "FT9", "Nộp thừa", "Chưa rõ phiếu")
		surplus := ""
		for _, part := range strings.Split(body, "/payments/movements/")[1:] {
			m := "/payments/movements/" + strings.Split(part, "\"")[0]
			if one := page(h.head, m, "Hoàn tiền"); strings.Contains(one, "Nộp thừa") {
				surplus = m
			} else {
				refused(w.post(h.head, m+"/match", "version", "1", "code", "X-0"), 422, "Không có phiếu thu này")
			}
		}
		refused(w.post(h.head, surplus+"/refund", "version", "1", "way", "online_province", "reason", "Nộp sau khi huỷ"), 422, "đánh dấu xác nhận")
		moved(w.post(h.head, surplus+"/refund", "version", "1", "way", "online_province", "reason", "Nộp sau khi huỷ", "sure", "yes"))
		page(h.head, surplus, "Đã hoàn")
		// The end of the day.
		page(h.second, "/payments/closings/new", "4.200.000 đồng", "2, từ số 0000001 đến số 0000002")
		refused(w.post(h.second, "/payments/closings/new", "agency", h.id["X"], "counted", ""), 422, "tiền mặt đã đếm")
		refused(w.post(h.second, "/payments/closings/new", "agency", h.id["X"], "counted", "4.000.000"), 422, "lý do chênh lệch")
		closing := moved(w.post(h.second, "/payments/closings/new", "agency", h.id["X"], "counted", "4.200.000"))
		page(h.second, closing, "Chờ xác nhận")
		page(h.head, closing, "Đã kiểm đếm, xác nhận")
		moved(w.post(h.head, closing+"/confirm", "version", "1"))
		page(h.head, "/payments/closings", "Đã xác nhận", "4.200.000")
		// Comparing with the platform.
		page(h.head, "/payments/statements", "Chưa đối soát ngày nào")
		h.must(d.Write(t.Context(), func(tx *db.Tx) error { // the province's gateway is compared by the province
			_, err := tx.Exec(`UPDATE payment_gateway SET agency_id = $1`, h.id["X"])
			return err
		}))
		page(h.head, "/payments/statements/new", "Cổng mẫu")
		statement := moved(w.upload(h.head, "/payments/statements/new", "gateway", platform.ID, "day", "14/10/2026", "Sao kê\nMã giao dịch;Số tiền;Nội dung\n4;4.200.000;x\n8;50.000,00;\nTổng;;\n"))
		body = page(h.head, statement, "Sổ của ta không có", "Khớp", "1 chỗ lệch")
		line := strings.Split(strings.Split(body, "?line=")[1], "#")[0]
		page(h.head, statement+"?line="+line, "Vì sao giao dịch 8 lệch")
		moved(w.post(h.head, statement+"/explain", "version", "1", "line", line, "why", "Cổng báo muộn"))
		page(h.head, statement, "Cổng báo muộn", "0 chỗ lệch")
		refused(w.upload2(h.head, "gateway", platform.ID, "day", "14/10/2026", "a;b\n1;2\n"), 422, "Không tìm thấy cột")
		for _, list := range []string{"/payments", "/payments/movements", "/payments/closings", statement} {
			if got := w.get(h.head, list+"?as=csv"); got.Code != 200 || !strings.HasPrefix(got.Header().Get("Content-Type"), "text/csv") {
				t.Errorf("%s as a file: %d", list, got.Code)
			}
		}
	})
}

// upload posts a form with a file.
func (d desk) upload(as context.Context, path string, parts ...string) *httptest.ResponseRecorder {
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	for i := 0; i+1 < len(parts)-1; i += 2 {
		_ = m.WriteField(parts[i], parts[i+1])
	}
	f, _ := m.CreateFormFile("file", "sao-ke.csv")
	_, _ = io.WriteString(f, parts[len(parts)-1])
	_ = m.Close()
	return d.ask(as, http.MethodPost, path, m.FormDataContentType(), &b)
}

func (d desk) upload2(as context.Context, parts ...string) *httptest.ResponseRecorder {
	return d.upload(as, "/payments/statements/new", parts...)
}

func TestSettingsPages_keepAccountsBooksAndExemptions(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		w := newDesk(h)
		x := h.id["X"]
		for _, c := range []struct {
			path  string
			pairs []string
		}{
			{"/payments/settings/gateways/new", []string{"version", "0", "kind", "bank_notice", "agency", x, "name", "Kho bạc", "way", "transfer", "bin", "970405", "account_no", "3716 1234", "account_name", "UBND", "secret", testSecret, "active", "yes"}},
			{"/payments/settings/books/new", []string{"agency", x, "form", "F", "serial", "AA-26E", "from_no", "1", "to_no", "50"}},
			{"/payments/settings/exemptions/new", []string{"name", "Người khuyết tật nặng", "percent", "100", "basis", "NQ 12", "from_day", "01/01/2026", "to_day", "", "verified", "yes"}},
		} {
			if got := w.get(h.admin, c.path); got.Code != 200 {
				t.Errorf("%s: %d", c.path, got.Code)
			}
			if got := w.post(h.admin, c.path, "kind", "bank_notice"); got.Code != 422 {
				t.Errorf("an empty form of %s: %d", c.path, got.Code)
			}
			if got := w.post(h.admin, c.path, c.pairs...); got.Code != 303 {
				t.Errorf("%s: %d %s", c.path, got.Code, got.Body)
			}
			if got := w.get(h.cashier, c.path); got.Code != 403 {
				t.Errorf("a cashier at %s: %d", c.path, got.Code)
			}
		}
		body := w.get(h.admin, "/payments/settings?agency="+x).Body.String()
		for _, want := range []string{"Kho bạc", "37161234", "AA-26E", "Người khuyết tật nặng", "Chưa kiểm chứng", "Đã kiểm chứng", "Ngừng dùng"} {
			if !strings.Contains(body, want) {
				t.Errorf("the settings lack %q", want)
			}
		}
		if strings.Contains(body, testSecret) {
			t.Error("a secret came back")
		}
		gateway := strings.Split(strings.Split(body, "settings/gateways/0")[1], "\"")[0]
		if one := w.get(h.admin, "/payments/settings/gateways/0"+gateway).Body.String(); strings.Contains(one, testSecret) || !strings.Contains(one, "/notice") {
			t.Error("the gateway's page")
		}
		book := strings.Split(strings.Split(body, "settings/books/0")[1], "\"")[0]
		if got := w.post(h.admin, "/payments/settings/books/0"+book, "version", "1", "agency", x, "active", "no"); got.Code != 303 {
			t.Errorf("%d", got.Code)
		}
	})
}

func TestOperations_askCollectAndRefuseAStaleVersion(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d).withBook(1, 9)
		w := newDesk(h)
		call := func(as context.Context, method, path, body string, head ...string) *httptest.ResponseRecorder {
			return w.ask(as, method, path, "application/json", strings.NewReader(body), head...)
		}
		got := call(h.cashier, "POST", "/api/v1/payments", `{"dossier":"X-261014-0001"}`, "Idempotency-Key", "payment-key-1")
		code := "X-261014-0001-20261014090000"
		if got.Code != 201 || !strings.Contains(got.Body.String(), code) || got.Header().Get("ETag") != `"1"` {
			t.Fatal(got.Code, got.Body)
		}
		if again := call(h.cashier, "POST", "/api/v1/payments", `{"dossier":"X-261014-0001"}`, "Idempotency-Key", "payment-key-1"); again.Code != 201 {
			t.Error(again.Code, again.Body)
		}
		for _, c := range []struct {
			as    context.Context
			match string
			body  string
			want  int
		}{
			{h.cashier, "", `{"move":"collect","way":"cash"}`, 428}, {h.cashier, `"7"`, `{"move":"collect","way":"cash"}`, 412}, {h.foreign, `"1"`, `{"move":"collect","way":"cash"}`, 404},
			{h.head, `"1"`, `{"move":"collect","way":"cash"}`, 403}, {h.cashier, `"1"`, `{"move":"collect","way":"online_province"}`, 422}, {h.cashier, `"1"`, `{"move":"collect","way":"cash"}`, 200},
			{h.cashier, `"2"`, `{"move":"cancel","reason":"x"}`, 409},
		} {
			if got := call(c.as, "POST", "/api/v1/payments/"+code+"/moves", c.body, "If-Match", c.match); got.Code != c.want {
				t.Errorf("%s with %s: %d %s, want %d", c.body, c.match, got.Code, got.Body, c.want)
			}
		}
		for path, want := range map[string]int{"/api/v1/payments?state=paid&limit=1": 200, "/api/v1/payments/" + code: 200, "/api/v1/payments/none": 404, "/api/v1/payments?after=zz": 400} {
			if got := call(h.head, "GET", path, ""); got.Code != want || want == 200 && !strings.Contains(got.Body.String(), `"state":"paid"`) {
				t.Errorf("%s: %d %s", path, got.Code, got.Body)
			}
		}
		var o Order
		h.must(d.Read(t.Context(), func(tx *db.Tx) (err error) { o, err = findOrder(tx, "code", code); return err }))
		if got := call(context.Background(), "GET", "/api/v1/public/payments/"+o.Token, ""); got.Code != 200 || strings.Contains(got.Body.String(), "Hoa") {
			t.Error(fmt.Sprint(got.Code), got.Body)
		}
	})
}

func TestReadStatement_readsWhatBanksExport(t *testing.T) {
	t.Parallel()
	got, err := ReadStatement([][]string{{"NGÂN HÀNG", "", ""}, {"Số bút toán", "Diễn giải", "Số tiền ghi có"}, {"FT1", "nop phi", "+120,000.00"}, {"FT2", "", "1.000.000"}, {"", "Cộng", "1120000"}})
	if err != nil || len(got) != 2 || got[0].Amount != 120000 || got[0].Note != "nop phi" || got[1].Amount != 1000000 {
		t.Errorf("%+v %v", got, err)
	}
	if _, err := ReadStatement([][]string{{"Reference", "Amount"}, {"1", "mười đồng"}}); errs.CodeOf(err) != "payment.statement_line" {
		t.Error(err)
	}
	if _, err := ReadStatement(nil); err == nil {
		t.Error("an empty list")
	}
}
