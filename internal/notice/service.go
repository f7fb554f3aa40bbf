package notice

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"cchc/internal/audit"
	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/job"
)

// Service sends and lists notices.
type Service struct {
	db    *db.DB
	clock clock.Clock
	log   *audit.Log
	queue *job.Queue
	seal  sealer
	opt   Options
}

// Options are what app decides.
type Options struct {
	Key     []byte                                                             // 32 bytes from the keys folder
	BaseURL string                                                             // "https://cchc.example.vn": begins links in mails
	Book    func(tx *db.Tx, account string) (a Address, found bool, err error) // where a person is reached; found only for active and invited ones
	TLS     *tls.Config                                                        // for the mail server; nil: the system's roots
}

// New makes the service and registers its jobs on q.
func New(d *db.DB, c clock.Clock, log *audit.Log, q *job.Queue, opt Options) (*Service, error) {
	seal, err := newSealer(opt.Key)
	if err != nil {
		return nil, err
	}
	s := &Service{db: d, clock: c, log: log, queue: q, seal: seal, opt: opt}
	job.Register(q, func(ctx context.Context, _ *job.Run, j deliverJob) error { return s.Deliver(ctx, j.ID) })
	job.Register(q, func(ctx context.Context, _ *job.Run, _ dueJob) error { return s.DeliverDue(ctx) })
	q.Every("notice.due", time.Minute, func(time.Time) job.Args { return dueJob{} })
	return s, nil
}

// deliverJob wakes one delivery at once; dueJob sweeps up whatever is due, so a delivery
// does not depend on its job: rows are the truth, jobs only wake.
type deliverJob struct{ ID string }

func (deliverJob) Kind() string { return "notice.deliver" }

type dueJob struct{}

func (dueJob) Kind() string { return "notice.due" }

// Send tells one person one thing, in the sender's transaction. A second Send with the
// same key does nothing, whoever calls it and whatever happened in between.
func (s *Service) Send(tx *db.Tx, n Notice) error {
	if n.Key == "" || n.To == "" || n.Kind == "" {
		return fmt.Errorf("notice: a key, a person and a kind are needed, got %q %q %q", n.Key, n.To, n.Kind)
	}
	m := Message{ID: db.NewID(), Key: n.Key, To: n.To, Kind: n.Kind, Subject: n.Subject, URL: n.URL, Args: n.Args, Created: s.clock()}
	sealed := ""
	closed := maps.Clone(n.Extra)
	if len(n.Secret) > 0 {
		closed = n.Secret
	}
	if len(closed) > 0 {
		plain, err := json.Marshal(closed)
		if err != nil {
			return err
		}
		sealed = s.seal.seal(m.ID, string(plain))
	}
	fresh, err := insertMessage(tx, m, sealed, len(n.Secret) > 0)
	if err != nil || !fresh {
		return err
	}
	return s.plan(tx, m, len(n.Secret) > 0)
}

// plan makes the deliveries of a message. What carries a secret goes by mail, at once:
// its link lives an hour, and whoever asked for it is awake.
func (s *Service) plan(tx *db.Tx, m Message, secret bool) error {
	set, err := s.settings(tx)
	if err != nil {
		return err
	}
	if set.Mail == MailOff && set.WebhookURL == "" {
		return nil
	}
	to, found, err := s.opt.Book(tx, m.To)
	if err != nil || !found {
		return err
	}
	if set.Mail != MailOff && to.Email != "" {
		switch {
		case secret:
			err = s.deliverLater(tx, delivery{key: "mail:" + m.Key, messageID: m.ID, account: m.To, channel: channelMail, due: m.Created})
		case slices.Contains(set.DigestKinds, m.Kind):
			at, day := set.nextDigest(m.Created)
			if err = insertDigestItem(tx, m.ID, m.To, day); err == nil {
				err = s.deliverLater(tx, delivery{key: "digest:" + m.To + ":" + day, account: m.To, channel: channelMail, due: at})
			}
		default:
			err = s.deliverLater(tx, delivery{key: "mail:" + m.Key, messageID: m.ID, account: m.To, channel: channelMail, due: set.afterQuiet(m.Created)})
		}
		if err != nil {
			return err
		}
	}
	if set.WebhookURL != "" && to.Phone != "" && !secret && slices.Contains(set.WebhookKinds, m.Kind) {
		return s.deliverLater(tx, delivery{key: "webhook:" + m.Key, messageID: m.ID, account: m.To, channel: channelWebhook, due: set.afterQuiet(m.Created)})
	}
	return nil
}

// deliverLater makes the row and wakes a job when it is due; a key that is there is left alone.
func (s *Service) deliverLater(tx *db.Tx, d delivery) error {
	d.id = db.NewID()
	fresh, err := insertDelivery(tx, d, s.clock().UnixMilli())
	if err != nil || !fresh {
		return err
	}
	return s.queue.Insert(tx, deliverJob{d.id}, job.At(d.due))
}

// List lists a person's messages, newest first, older than the message with id after
// ("" = from the newest). Limit 1..200, else 50.
func (s *Service) List(tx *db.Tx, account, after string, limit int) ([]Message, error) {
	return listMessages(tx, account, after, bounded(limit))
}

// Unread counts a person's unread messages, to 100: beyond that the page says "99+".
func (s *Service) Unread(tx *db.Tx, account string) (int, error) { return countUnread(tx, account) }

// MarkRead marks one message read, or with id "" all of them. Another person's message
// is left alone, silently: its id says nothing.
func (s *Service) MarkRead(tx *db.Tx, account, id string) error {
	return markRead(tx, account, id, s.clock().UnixMilli())
}

// Deliveries lists what was sent or is to be sent, newest first: for the administrator's
// log and the demonstration's outbox. The caller has checked the right.
func (s *Service) Deliveries(tx *db.Tx, f DeliveryFilter) ([]Delivery, error) {
	f.Limit = bounded(f.Limit)
	return listDeliveries(tx, f)
}

// Attempts lists every try of one delivery, first to last.
func (s *Service) Attempts(tx *db.Tx, deliveryID string) ([]Attempt, error) {
	return attemptsOf(tx, deliveryID)
}

func bounded(limit int) int {
	if limit < 1 || limit > 200 {
		return 50
	}
	return limit
}
