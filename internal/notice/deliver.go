package notice

import (
	"context"
	"time"

	"cchc/internal/db"
	"cchc/internal/job"
)

// letter is everything the wire needs, read while the delivery was claimed.
type letter struct {
	Delivery
	attempt string
	set     Settings
	to      Address
	kind    string
	url     string
	title   string
	body    string
}

// DeliverDue delivers what is due and what a dead program left behind.
func (s *Service) DeliverDue(ctx context.Context) error {
	var ids []string
	err := s.db.Write(ctx, func(tx *db.Tx) (err error) {
		if err := markDead(tx, s.clock().UnixMilli()); err != nil {
			return err
		}
		ids, err = dueDeliveries(tx, s.clock().UnixMilli())
		return err
	})
	for _, id := range ids {
		if err == nil {
			err = s.Deliver(ctx, id)
		}
	}
	return err
}

// Deliver takes one delivery to the wire, if it is due and nobody else is at it.
//
// The try is written before the wire is touched and its result after. Whoever finds a
// try without a result knows that the program died in between: the message may have
// gone. It is then sent again, under the same Message-ID (the same Idempotency-Key on a
// webhook), which is made from the key: a mailbox shows such a pair once or as two
// copies of one message, while a warning that never came cannot be told from one that
// nobody owed. At least once, and never silently.
func (s *Service) Deliver(ctx context.Context, id string) error {
	l, claimed, err := s.claim(ctx, id)
	if err != nil || !claimed {
		return err
	}
	return s.settle(ctx, l, s.wire(ctx, l))
}

// claim makes the delivery this worker's for the length of a lease.
func (s *Service) claim(ctx context.Context, id string) (l letter, claimed bool, err error) {
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		l, claimed = letter{attempt: db.NewID()}, false
		now := s.clock()
		n, err := claimDelivery(tx, id, l.attempt, now.UnixMilli(), now.Add(lease).UnixMilli())
		if err != nil || n == 0 {
			return err
		}
		if err := markUnended(tx, id); err != nil {
			return err
		}
		if err := insertAttempt(tx, l.attempt, id, now.UnixMilli()); err != nil {
			return err
		}
		if l.Delivery, _, err = deliveryByID(tx, id); err != nil {
			return err
		}
		claimed = true
		return s.write(tx, &l)
	})
	return l, claimed, err
}

// wire sends by the channel; it runs outside any transaction.
func (s *Service) wire(ctx context.Context, l letter) outcome {
	ctx, cancel := context.WithTimeout(ctx, lease/2)
	defer cancel()
	switch {
	case l.title == "":
		return outcome{Sent, "nothing_unread"} // a digest whose messages were all read meanwhile
	case l.Channel == channelMail && l.to.Email == "", l.Channel == channelWebhook && l.to.Phone == "":
		return outcome{Failed, "no_address"}
	case l.Channel == channelMail && l.set.Mail == MailSMTP:
		return s.sendSMTP(ctx, l)
	case l.Channel == channelMail && l.set.Mail == MailOutbox:
		return outcome{Sent, "outbox"}
	case l.Channel == channelWebhook && l.set.WebhookURL != "":
		return s.sendWebhook(ctx, l)
	}
	return outcome{Failed, "channel_off"}
}

// settle writes the result, if the delivery is still this worker's: after its lease
// another may have taken it over.
func (s *Service) settle(ctx context.Context, l letter, o outcome) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		now := s.clock()
		if err := endAttempt(tx, l.attempt, o.result, now.UnixMilli()); err != nil {
			return err
		}
		over := o.state == Sent || o.state == Failed
		if !over && l.Attempts >= mostTries {
			o.state, over = Failed, true
		}
		x := settled{id: l.ID, attempt: l.attempt, state: o.state, result: o.result, transport: transportOf(l), dueMs: now.UnixMilli(), title: l.title, address: l.to.Email}
		if l.Channel == channelWebhook {
			x.address = l.to.Phone
		}
		if l.Channel == channelMail && l.set.Mail == MailOutbox {
			x.body = l.body
		}
		if over {
			ms := now.UnixMilli()
			x.doneMs = &ms
		} else {
			x.dueMs = now.Add(pause(l.Attempts)).UnixMilli()
		}
		n, err := settleDelivery(tx, x)
		if err != nil || n == 0 {
			return err
		}
		if over {
			if l.Channel == channelWebhook && l.set.Mail != MailOff && l.to.Email != "" {
				return nil // the mail still needs it
			}
			return eraseSecret(tx, l.MessageID)
		}
		return s.queue.Insert(tx, deliverJob{l.ID}, job.At(time.UnixMilli(x.dueMs)))
	})
}

func transportOf(l letter) string {
	switch {
	case l.Channel == channelWebhook:
		return "http"
	case l.set.Mail == MailOutbox:
		return "outbox"
	default:
		return "smtp"
	}
}
