package payment

import (
	"crypto/hmac"
	"crypto/sha512"
	"encoding/hex"
	"encoding/json"
	"net/url"
	"strconv"
	"strings"
	"time"

	"cchc/internal/clock"
)

// platform speaks the protocol that the country's payment platforms have in common: the
// payer's browser is sent to a page with parameters of one prefix, sorted, URL-encoded
// and signed by HMAC-SHA-512; the result comes as a call of the same shape, server to
// server, and is answered by {"RspCode","Message"}. Amounts are in hundredths of a đồng.
// What the browser brings back afterwards is not believed: only the call counts.
type platform struct {
	setup  GatewaySetup
	secret []byte
}

const (
	platformTime    = "20060102150405"
	platformVersion = "2.1.0"
	platformDone    = "00"
	platformExpires = 15 * time.Minute
)

// Redirect makes the address of the platform's page.
func (p platform) Redirect(o Order, back, from string, now time.Time) (string, bool) {
	if p.setup.PayURL == "" || len(p.secret) == 0 {
		return "", false
	}
	q := url.Values{}
	for name, value := range map[string]string{
		"Version": platformVersion, "Command": "pay", "TmnCode": p.setup.Merchant, "Amount": strconv.FormatInt(o.Due*100, 10), "CurrCode": "VND",
		"TxnRef": o.Code, "OrderInfo": plainContent(o.Ref), "OrderType": "other", "Locale": "vn", "ReturnUrl": back, "IpAddr": from,
		"CreateDate": now.In(clock.Vietnam).Format(platformTime), "ExpireDate": now.Add(platformExpires).In(clock.Vietnam).Format(platformTime),
	} {
		q.Set(p.setup.Prefix+name, value)
	}
	signed := q.Encode() // sorted by name, as the signature wants it
	return p.setup.PayURL + "?" + signed + "&" + p.setup.Prefix + "SecureHash=" + p.sign(signed), true
}

func (p platform) sign(s string) string {
	mac := hmac.New(sha512.New, p.secret)
	mac.Write([]byte(s))
	return hex.EncodeToString(mac.Sum(nil))
}

// Read checks and reads a call about a payment.
func (p platform) Read(in Incoming) (n Notice, err error) {
	own := url.Values{}
	for name, values := range in.Query {
		rest, ours := strings.CutPrefix(name, p.setup.Prefix)
		if ours && rest != "SecureHash" && rest != "SecureHashType" && len(values) == 1 {
			own.Set(name, values[0])
		}
	}
	given := strings.ToLower(in.Query.Get(p.setup.Prefix + "SecureHash"))
	if len(p.secret) == 0 || !hmac.Equal([]byte(given), []byte(p.sign(own.Encode()))) {
		return n, badSignature()
	}
	get := func(name string) string { return own.Get(p.setup.Prefix + name) }
	amount, err := strconv.ParseInt(get("Amount"), 10, 64)
	n = Notice{Code: get("TxnRef"), Reference: get("TransactionNo"), Amount: amount / 100, Success: get("ResponseCode") == platformDone &&
		(get("TransactionStatus") == "" || get("TransactionStatus") == platformDone)}
	if err != nil || amount%100 != 0 || n.Code == "" || n.Amount <= 0 || n.Amount > mostDong || n.Success && n.Reference == "" {
		return n, unreadable()
	}
	// The moment is only informative; without a readable one the day of arrival counts.
	if at, err := time.ParseInLocation(platformTime, get("PayDate"), clock.Vietnam); err == nil {
		n.At = at
	}
	return n, nil
}

// Answer writes the codes that such platforms act upon: all but 00 and 02 make them
// call again.
func (p platform) Answer(o Outcome) Answer {
	code, words := "99", "Unknown error"
	switch o {
	case Settled, Failed:
		code, words = "00", "Confirm Success"
	case NoOrder:
		code, words = "01", "Order not found"
	case Known:
		code, words = "02", "Order already confirmed"
	case WrongAmount:
		code, words = "04", "Invalid amount"
	case BadSignature:
		code, words = "97", "Invalid checksum"
	}
	body, _ := json.Marshal(map[string]string{"RspCode": code, "Message": words})
	return Answer{Status: 200, Type: "application/json", Body: body}
}
