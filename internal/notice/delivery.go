package notice

import "time"

const (
	channelMail    = "mail"
	channelWebhook = "webhook"
)

// States of a delivery: see migration 0260.
const (
	Waiting   = "waiting"
	Trying    = "trying"
	MaybeSent = "maybe_sent"
	Sent      = "sent"
	Failed    = "failed"
)

// Delivery is one sending of one message, or of one day's digest, by one channel.
type Delivery struct {
	ID, Key, MessageID, AccountID string // MessageID "" for a digest
	Channel, Transport, State     string
	Result                        string // of the last try: "250", "451", "unreachable" …
	Address, Title, Body          string // Body only in the outbox
	Attempts                      int
	Due, Created, Done            time.Time // Done is zero while it is not over
}

// DeliveryFilter narrows a list; empty fields do not.
type DeliveryFilter struct {
	State, Channel, Transport, AccountID string
	Before                               string // id of the last one seen
	Limit                                int
}

// Attempt is one try at the wire (lần gửi). Ended is zero when the program died before
// it knew: the message may have gone.
type Attempt struct {
	ID, Result   string
	Begun, Ended time.Time
}

// delivery is a new row.
type delivery struct {
	id, key, messageID, account, channel string
	due                                  time.Time
}

// How often and how long a delivery is tried.
const (
	lease       = 5 * time.Minute // longer than any conversation may take
	mostTries   = 8
	firstPause  = time.Minute
	longestWait = 4 * time.Hour
)

// pause is how long to wait after the n-th try: one minute, then four times as long each time.
func pause(n int) time.Duration {
	p := firstPause
	for i := 1; i < n && p < longestWait; i++ {
		p *= 4
	}
	return min(p, longestWait)
}

// outcome is what the wire said.
type outcome struct {
	state  string // Sent, Waiting (try again), MaybeSent (try again, it may have gone) or Failed (never)
	result string // short and without personal data: a reply code or one word
}
