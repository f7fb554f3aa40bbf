package identity

import (
	"context"
	"time"

	qrcode "github.com/skip2/go-qrcode"

	"cchc/internal/audit"
	"cchc/internal/db"
	"cchc/internal/errs"
)

// linkLife is how long a one-time link works.
const linkLife = time.Hour

// Link is a one-time link (liên kết dùng một lần): for a mail, or handed over on paper.
type Link struct {
	Token   string
	URL     string // with Options.BaseURL in front
	Expires time.Time
}

// LinkPath is where the page that takes the token lives.
const LinkPath = "/link/"

// ChangePassword sets a new password after the current one, signs out everywhere else,
// and gives this session a new token.
func (s *Service) ChangePassword(ctx context.Context, a Actor, current, fresh string) error {
	if err := person(a); err != nil {
		return err
	}
	if _, err := s.passwordAgain(ctx, a, current); err != nil {
		return err
	}
	if current == fresh {
		return errs.OnField("password", "identity.password_same")
	}
	if err := CheckPassword(a.Login, fresh); err != nil {
		return err
	}
	hash, err := s.hashes.hash(ctx, fresh)
	if err != nil {
		return err
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		if err := setPassword(tx, a.AccountID, hash, s.clock().UnixMilli(), false); err != nil {
			return err
		}
		if err := s.signOutEverywhere(tx, a.AccountID, ""); err != nil {
			return err
		}
		return s.record(tx, a, "identity.password_change", a.AccountID, a.AgencyID, nil, nil, "")
	})
	if err != nil {
		return err
	}
	_, err = s.enter(ctx, a.AccountID, a.From)
	return err
}

// Invite makes the link by which the person of an invited account chooses a password;
// for any other it is a reset. The administrator gets it too, to hand it over on paper
// where there is no mail: the sheet carries QR(link.URL).
func (s *Service) Invite(tx *db.Tx, a Actor, accountID string) (Link, error) {
	if err := person(a); err != nil {
		return Link{}, err
	}
	acc, err := s.manage(tx, a, accountID, RightManage)
	if err != nil {
		return Link{}, err
	}
	if acc.State != Invited && acc.State != Active {
		return Link{}, errs.New(errs.Conflict, "identity.account_stopped")
	}
	return s.link(tx, a.Who(), acc)
}

// FirstAdministrator makes (or finds) an account that administers the whole province,
// and a link to enter. It is for the command line, where no one is signed in.
func (s *Service) FirstAdministrator(ctx context.Context, login, name string) (link Link, err error) {
	if err := s.Sync(ctx); err != nil {
		return Link{}, err
	}
	who := audit.System("command:user_add")
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		acc, found, err := accountByLogin(tx, CleanLogin(login))
		if err != nil {
			return err
		}
		if !found {
			if acc, err = s.create(tx, who, AccountInput{Login: login, Name: name}); err != nil {
				return err
			}
		}
		if acc.State != Invited && acc.State != Active {
			return errs.New(errs.Conflict, "identity.account_stopped")
		}
		everywhere, err := hasGrant(tx, acc.ID, RoleAdmin, s.clock().UnixMilli())
		if err != nil {
			return err
		}
		if !everywhere {
			if _, err := s.grant(tx, Actor{AccountID: who.Account, Name: who.Name}, acc, GrantInput{AccountID: acc.ID, Role: RoleAdmin}); err != nil {
				return err
			}
		}
		link, err = s.link(tx, who, acc)
		return err
	})
	return link, err
}

// NeedsAdministrator says whether nobody can administer the province yet.
func (s *Service) NeedsAdministrator(tx *db.Tx) (bool, error) {
	n, err := countHolders(tx, RightManage, s.clock().UnixMilli())
	return n == 0, err
}

// link makes a token; earlier ones of the account stop working.
func (s *Service) link(tx *db.Tx, who audit.Who, acc Account) (Link, error) {
	purpose, kind := "reset", "identity.reset"
	if acc.State == Invited {
		purpose, kind = "invite", "identity.invite"
	}
	now := s.clock()
	l := Link{Token: newToken(), Expires: now.Add(linkLife)}
	l.URL = s.opt.BaseURL + LinkPath + l.Token
	if err := dropLinks(tx, acc.ID, now.UnixMilli()); err != nil {
		return Link{}, err
	}
	if err := insertLink(tx, tokenHash(l.Token), acc.ID, purpose, who.Account, now.UnixMilli(), l.Expires.UnixMilli()); err != nil {
		return Link{}, err
	}
	if s.opt.Mail != nil && acc.Email != "" {
		m := Message{Key: kind + ":" + tokenHash(l.Token)[:16], To: acc.ID, Kind: kind, Subject: "identity_account:" + acc.ID,
			Args: map[string]string{"name": acc.Name, "login": acc.Login}, Secret: map[string]string{"link": l.URL}}
		if err := s.opt.Mail(tx, m); err != nil {
			return Link{}, err
		}
	}
	return l, s.log.Record(tx, who, audit.Entry{Kind: "identity.link_make", Subject: "identity_account:" + acc.ID, Agency: acc.AgencyID, After: map[string]string{"purpose": purpose}})
}

type resetJob struct{ Login string }

func (resetJob) Kind() string { return "identity.reset" }

// StartReset mails a reset link to the person of that name, if there is one who can
// receive it. The answer and its time are the same for every name: a job does the rest.
func (s *Service) StartReset(ctx context.Context, login, from string) error {
	login = CleanLogin(login)
	if len(login) > 64 || s.opt.Queue == nil {
		return nil
	}
	if _, err := s.attempt(ctx, "reset "+login, from, func(*db.Tx) (candidate, error) { return candidate{}, nil }); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error { return s.opt.Queue.Insert(tx, resetJob{login}) })
}

func (s *Service) reset(ctx context.Context, j resetJob) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		acc, found, err := accountByLogin(tx, j.Login)
		if err != nil || !found || acc.Email == "" || s.opt.Mail == nil || acc.State != Invited && acc.State != Active {
			return err
		}
		_, err = s.link(tx, audit.System("job:identity.reset"), acc)
		return err
	})
}

// CheckLink says whose a link is while it works; the page greets them by login.
func (s *Service) CheckLink(tx *db.Tx, token string) (Account, error) {
	acc, found, err := accountByLink(tx, tokenHash(token), s.clock().UnixMilli())
	if err == nil && (!found || acc.State != Invited && acc.State != Active) {
		err = errs.New(errs.NotFound, "identity.link_over")
	}
	return acc, err
}

// FinishReset sets the password by a link, which then is used up; a password that is
// refused leaves the link as it was. An invited account becomes active; whoever was
// signed in is signed out. A second factor stays on.
func (s *Service) FinishReset(ctx context.Context, token, password, from string) (acc Account, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error { acc, err = s.CheckLink(tx, token); return err })
	if err != nil {
		return Account{}, err
	}
	if err := CheckPassword(acc.Login, password); err != nil {
		return Account{}, err
	}
	hash, err := s.hashes.hash(ctx, password)
	if err != nil {
		return Account{}, err
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		if acc, err = s.CheckLink(tx, token); err != nil {
			return err
		}
		now := s.clock().UnixMilli()
		used, err := useLink(tx, tokenHash(token), now)
		if err != nil || used == 0 {
			return errOr(err, errs.New(errs.NotFound, "identity.link_over"))
		}
		if err := setPassword(tx, acc.ID, hash, now, false); err != nil {
			return err
		}
		if acc.State == Invited {
			if err := s.saved(setState(tx, acc.ID, Active, acc.Version)); err != nil {
				return err
			}
			if err := bumpRights(tx); err != nil {
				return err
			}
		}
		if err := s.signOutEverywhere(tx, acc.ID, ""); err != nil {
			return err
		}
		if err := clearFailures(tx, loginKey(acc.Login)); err != nil {
			return err
		}
		who := audit.Who{Account: acc.ID, Name: acc.Name, Agency: acc.AgencyID, From: from}
		return s.log.Record(tx, who, audit.Entry{Kind: "identity.password_reset", Subject: "identity_account:" + acc.ID, Agency: acc.AgencyID, Before: acc.State, After: Active})
	})
	return acc, err
}

// QR draws a link as a PNG of size pixels a side, for the slip that an administrator hands over.
func QR(url string, size int) ([]byte, error) { return qrcode.Encode(url, qrcode.Medium, size) }

// SetPassword gives an account a password without a link and makes it active: for the
// command line and for the demonstration, where nobody is signed in. mustChange asks
// its person for another one before anything else.
func (s *Service) SetPassword(ctx context.Context, who audit.Who, accountID, password string, mustChange bool) error {
	hash, err := s.hashes.hash(ctx, password)
	if err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		acc, found, err := accountByID(tx, accountID)
		if err != nil || !found {
			return errOr(err, errs.New(errs.NotFound, "identity.account_not_found"))
		}
		if err := CheckPassword(acc.Login, password); err != nil {
			return err
		}
		if err := setPassword(tx, acc.ID, hash, s.clock().UnixMilli(), mustChange); err != nil {
			return err
		}
		if acc.State == Invited {
			if err := s.saved(setState(tx, acc.ID, Active, acc.Version)); err != nil {
				return err
			}
			if err := bumpRights(tx); err != nil {
				return err
			}
		}
		if err := s.signOutEverywhere(tx, acc.ID, ""); err != nil {
			return err
		}
		return s.log.Record(tx, who, audit.Entry{Kind: "identity.password_set", Subject: "identity_account:" + acc.ID, Agency: acc.AgencyID, Before: acc.State, After: Active})
	})
}
