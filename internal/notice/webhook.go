package notice

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"syscall"
	"time"
)

// errPrivate refuses an address inside the house.
var errPrivate = errors.New("notice: the webhook's name leads to a private address")

// carrierNAT is shared address space (RFC 6598): inside, though not "private" by name.
var carrierNAT = netip.MustParsePrefix("100.64.0.0/10")

// publicAddress says whether an address is out on the internet.
func publicAddress(ip netip.Addr) bool {
	ip = ip.Unmap()
	return ip.IsGlobalUnicast() && !ip.IsPrivate() && !ip.IsLoopback() && !ip.IsLinkLocalUnicast() && !carrierNAT.Contains(ip) &&
		!(ip.Is4() && ip.As4()[0] == 0) && !netip.MustParsePrefix("64:ff9b::/96").Contains(ip) && !netip.MustParsePrefix("2002::/16").Contains(ip)
}

// webhookClient looks at the address that is really dialled, after the name was
// resolved: a name that answers differently the second time gains nothing (DNS
// rebinding). It follows no redirect and no proxy.
func webhookClient(allowPrivate bool) *http.Client {
	d := &net.Dialer{Timeout: 10 * time.Second, Control: func(_, address string, _ syscall.RawConn) error {
		ap, err := netip.ParseAddrPort(address)
		if err != nil {
			return err
		}
		if !allowPrivate && !publicAddress(ap.Addr()) {
			return errPrivate
		}
		return nil
	}}
	return &http.Client{
		Timeout:       30 * time.Second,
		Transport:     &http.Transport{DialContext: d.DialContext, DisableKeepAlives: true, TLSHandshakeTimeout: 10 * time.Second},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// sendWebhook posts {"id","kind","phone","text","url"} to the gateway for SMS or Zalo.
// X-Cchc-Signature is "t=<seconds>,v1=<hex of HMAC-SHA256(secret, t "." body)>": the
// gateway refuses a wrong one, an old t, and an Idempotency-Key that it knows.
func (s *Service) sendWebhook(ctx context.Context, l letter) outcome {
	sum := sha256.Sum256([]byte(l.Key))
	id := hex.EncodeToString(sum[:16])
	body, err := json.Marshal(map[string]string{"id": id, "kind": l.kind, "phone": l.to.Phone, "text": l.title, "url": l.url})
	if err != nil {
		return outcome{Failed, "not_composed"}
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, l.set.WebhookURL, bytes.NewReader(body))
	if err != nil {
		return outcome{Failed, "address"}
	}
	t := strconv.FormatInt(s.clock().Unix(), 10)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Idempotency-Key", id)
	r.Header.Set("X-Cchc-Signature", fmt.Sprintf("t=%s,v1=%s", t, sign(l.set.WebhookSecret, t, body)))
	answer, err := webhookClient(l.set.WebhookPrivate).Do(r)
	switch {
	case errors.Is(err, errPrivate):
		return outcome{Failed, "private_address"}
	case err != nil:
		var dial *net.OpError
		if errors.As(err, &dial) && dial.Op == "dial" {
			return outcome{Waiting, "unreachable"}
		}
		return outcome{MaybeSent, "no_reply"}
	}
	defer answer.Body.Close()
	io.Copy(io.Discard, io.LimitReader(answer.Body, 64<<10)) // what it says does not matter, only the code
	code := strconv.Itoa(answer.StatusCode)
	switch {
	case answer.StatusCode >= 200 && answer.StatusCode < 300:
		return outcome{Sent, code}
	case answer.StatusCode >= 500, answer.StatusCode == http.StatusTooManyRequests, answer.StatusCode == http.StatusRequestTimeout:
		return outcome{Waiting, code}
	}
	return outcome{Failed, code}
}

func sign(secret, t string, body []byte) string {
	h := hmac.New(sha256.New, []byte(secret))
	h.Write([]byte(t + "."))
	h.Write(body)
	return hex.EncodeToString(h.Sum(nil))
}
