package admin

import (
	"context"

	"cchc/internal/db"
	"cchc/internal/errs"
	"cchc/internal/identity"
	"cchc/internal/notice"
)

// NoticeList is one page of the actor's own notices (thông báo).
type NoticeList struct {
	Rows   []notice.Message
	Unread int // to 100
	Next   string
}

// Notices lists what the actor was told, newest first.
func (s *Service) Notices(ctx context.Context, after string) (l NoticeList, err error) {
	err = s.read(ctx, func(tx *db.Tx, a identity.Actor) (err error) {
		l = NoticeList{}
		if l.Rows, err = s.Notice.List(tx, a.AccountID, after, pageSize+1); err != nil {
			return err
		}
		if len(l.Rows) > pageSize {
			l.Rows = l.Rows[:pageSize]
			l.Next = l.Rows[pageSize-1].ID
		}
		l.Unread, err = s.Notice.Unread(tx, a.AccountID)
		return err
	})
	return l, err
}

// Unread counts the actor's unread notices, to 100; 0 for a visitor.
func (s *Service) Unread(ctx context.Context) (n int, err error) {
	a := identity.From(ctx)
	if !a.SignedIn() {
		return 0, nil
	}
	err = s.DB.Read(ctx, func(tx *db.Tx) error { n, err = s.Notice.Unread(tx, a.AccountID); return err })
	return n, err
}

// ReadNotice marks one of the actor's notices read and returns the address it leads
// to, "" for none.
func (s *Service) ReadNotice(ctx context.Context, id string) (url string, err error) {
	err = s.write(ctx, func(tx *db.Tx, a identity.Actor) error {
		// Ids are listed downwards: the first one before id+"0" is id itself, if it is there.
		rows, err := s.Notice.List(tx, a.AccountID, id+"0", 1)
		if err != nil {
			return err
		}
		if len(rows) == 0 || rows[0].ID != id {
			return errs.New(errs.NotFound, "admin.notice_unknown")
		}
		url = rows[0].URL
		return s.Notice.MarkRead(tx, a.AccountID, id)
	})
	return url, err
}

// ReadNotices marks all of the actor's notices read.
func (s *Service) ReadNotices(ctx context.Context) error {
	return s.write(ctx, func(tx *db.Tx, a identity.Actor) error { return s.Notice.MarkRead(tx, a.AccountID, "") })
}
