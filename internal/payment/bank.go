package payment

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strings"
	"time"
)

// bank takes notices of transfers (thông báo biến động số dư): a JSON body signed by
// HMAC-SHA-256 in the header X-Signature. The order is found by the reference that the
// transfer's words carry; what carries none is kept for a person to match.
type bank struct {
	setup  GatewaySetup
	secret []byte
}

// bankNotice is the body of a call.
type bankNotice struct {
	ID        string `json:"id"`
	Account   string `json:"account"`
	Direction string `json:"direction"` // "in"; what leaves the account is none of our business
	Amount    int64  `json:"amount"`
	Content   string `json:"content"`
	At        string `json:"at"` // RFC 3339
}

// Redirect has nowhere to lead: the payer scans the code with any banking app.
func (bank) Redirect(Order, string, string, time.Time) (string, bool) { return "", false }

// Read checks and reads a notice of a transfer to our account.
func (b bank) Read(in Incoming) (n Notice, err error) {
	mac := hmac.New(sha256.New, b.secret)
	mac.Write(in.Body)
	given, err := hex.DecodeString(strings.TrimPrefix(strings.ToLower(in.Header("X-Signature")), "sha256="))
	if err != nil || len(b.secret) == 0 || !hmac.Equal(given, mac.Sum(nil)) {
		return n, badSignature()
	}
	var said bankNotice
	if err := json.Unmarshal(in.Body, &said); err != nil || said.ID == "" || said.Direction != "in" || said.Account != b.setup.AccountNo ||
		said.Amount <= 0 || said.Amount > mostDong {
		return n, unreadable()
	}
	n = Notice{Ref: FindRef(said.Content), Reference: said.ID, Amount: said.Amount, Success: true}
	if at, err := time.Parse(time.RFC3339, said.At); err == nil {
		n.At = at
	}
	return n, nil
}

// Answer is 200 for whatever we have kept: the bank must not send it again.
func (bank) Answer(o Outcome) Answer {
	status := 200
	switch o {
	case BadSignature:
		status = 401
	case Unreadable:
		status = 422
	}
	body, _ := json.Marshal(map[string]string{"result": string(o)})
	return Answer{Status: status, Type: "application/json", Body: body}
}
