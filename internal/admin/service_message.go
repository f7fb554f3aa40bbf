package admin

import (
	"context"
	"slices"

	"cchc/internal/db"
	"cchc/internal/errs"
	"cchc/internal/identity"
	"cchc/internal/notice"
)

// MessageQuery narrows the log of sending.
type MessageQuery struct{ State, Channel, Before string }

// MessageList is one page of what was sent or is to be sent.
type MessageList struct {
	names
	Query MessageQuery
	Rows  []notice.Delivery
	Next  string
}

// Messages lists sendings, newest first.
func (s *Service) Messages(ctx context.Context, q MessageQuery) (l MessageList, err error) {
	return s.deliveries(ctx, q, "")
}

// Outbox lists the mails that a demonstration keeps instead of sending them. Elsewhere
// there is none: a mail may hold a link that opens somebody's account.
func (s *Service) Outbox(ctx context.Context, before string) (MessageList, error) {
	if !s.Demo {
		return MessageList{}, errs.New(errs.NotFound, "admin.outbox_demo_only")
	}
	return s.deliveries(ctx, MessageQuery{Before: before}, "outbox")
}

func (s *Service) deliveries(ctx context.Context, q MessageQuery, transport string) (l MessageList, err error) {
	err = s.read(ctx, func(tx *db.Tx, a identity.Actor) (err error) {
		l = MessageList{Query: q}
		if err := s.province(tx, a, RightMessages); err != nil {
			return err
		}
		f := notice.DeliveryFilter{State: q.State, Channel: q.Channel, Transport: transport, Before: q.Before, Limit: pageSize + 1}
		if l.Rows, err = s.Notice.Deliveries(tx, f); err != nil {
			return err
		}
		if len(l.Rows) > pageSize {
			l.Rows = l.Rows[:pageSize]
			l.Next = l.Rows[pageSize-1].ID
		}
		ids := make([]string, len(l.Rows))
		for i, d := range l.Rows {
			ids[i] = d.AccountID
			if !s.Demo {
				l.Rows[i].Body = ""
			}
		}
		l.account, err = people(tx, ids)
		return err
	})
	return l, err
}

// MessagePage is one sending with every try.
type MessagePage struct {
	names
	notice.Delivery
	Tries []notice.Attempt
}

// Message opens one sending.
func (s *Service) Message(ctx context.Context, id string) (p MessagePage, err error) {
	err = s.read(ctx, func(tx *db.Tx, a identity.Actor) (err error) {
		p = MessagePage{}
		if err := s.province(tx, a, RightMessages); err != nil {
			return err
		}
		// Ids are listed downwards: the first one before id+"0" is id itself, if it is there.
		rows, err := s.Notice.Deliveries(tx, notice.DeliveryFilter{Before: id + "0", Limit: 1})
		if err != nil {
			return err
		}
		if len(rows) == 0 || rows[0].ID != id {
			return errs.New(errs.NotFound, "admin.message_unknown")
		}
		if p.Delivery = rows[0]; !s.Demo {
			p.Body = ""
		}
		if p.Tries, err = s.Notice.Attempts(tx, id); err != nil {
			return err
		}
		p.account, err = people(tx, []string{p.AccountID})
		return err
	})
	return p, err
}

// Sending is the settings of sending with the kinds of message to choose from.
type Sending struct {
	notice.Settings
	Kinds []string
	Demo  bool
}

// Sending reads the settings, without their secrets.
func (s *Service) Sending(ctx context.Context) (x Sending, err error) {
	err = s.read(ctx, func(tx *db.Tx, a identity.Actor) (err error) {
		x = Sending{Demo: s.Demo}
		if err := s.province(tx, a, RightMessages); err != nil {
			return err
		}
		if x.Settings, err = s.Notice.Settings(tx); err != nil {
			return err
		}
		if x.Kinds, err = messageKinds(tx); err != nil {
			return err
		}
		x.Kinds = append(append(x.Kinds, x.DigestKinds...), x.WebhookKinds...)
		slices.Sort(x.Kinds)
		x.Kinds = slices.Compact(x.Kinds)
		return nil
	})
	return x, err
}

// SetSending changes the settings. A demonstration sends nothing out of the house, and
// only a demonstration keeps mails to be read.
func (s *Service) SetSending(ctx context.Context, x notice.Settings, version int64) error {
	return s.write(ctx, func(tx *db.Tx, a identity.Actor) error {
		if err := s.province(tx, a, RightMessages); err != nil {
			return err
		}
		switch {
		case s.Demo && (x.Mail == notice.MailSMTP || x.WebhookURL != ""):
			return errs.OnField("mail", "admin.demo_sends_nothing")
		case !s.Demo && x.Mail == notice.MailOutbox:
			return errs.OnField("mail", "admin.outbox_demo_only")
		}
		return s.Notice.SetSettings(tx, a.Who(), x, version)
	})
}

// SendTest sends a message to the actor, to see whether the settings work.
func (s *Service) SendTest(ctx context.Context) error {
	return s.write(ctx, func(tx *db.Tx, a identity.Actor) error {
		if err := s.province(tx, a, RightMessages); err != nil {
			return err
		}
		return s.Notice.Send(tx, notice.Notice{Key: "admin.test:" + db.NewID(), To: a.AccountID, Kind: "admin.test", Subject: "identity_account:" + a.AccountID,
			URL: "/admin/messages"})
	})
}
