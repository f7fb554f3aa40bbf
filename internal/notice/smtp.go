package notice

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/mail"
	"net/smtp"
	"net/textproto"
	"strconv"
)

// sendSMTP speaks to the mail server. Until the last dot is sent nothing has gone and a
// broken line means "again"; after it only a reply says what happened.
func (s *Service) sendSMTP(ctx context.Context, l letter) outcome {
	text, err := compose(l, s.clock())
	if err != nil {
		return outcome{Failed, "not_composed"}
	}
	from, err := mail.ParseAddress(l.set.MailFrom)
	if err != nil {
		return outcome{Failed, "sender"}
	}
	c, err := s.dialSMTP(ctx, l.set)
	if err != nil {
		return outcome{Waiting, "unreachable"}
	}
	defer c.Close()
	if l.set.SMTPUser != "" {
		// net/smtp sends a password only over TLS, or to this machine.
		if err := c.Auth(smtp.PlainAuth("", l.set.SMTPUser, l.set.SMTPPassword, l.set.SMTPHost)); err != nil {
			return outcome{Waiting, "sign_in"} // ours to mend, not the message's fault
		}
	}
	if err := c.Mail(from.Address); err != nil {
		return verdict(err, "sender")
	}
	if err := c.Rcpt(l.to.Email); err != nil {
		return verdict(err, "recipient")
	}
	w, err := c.Data()
	if err != nil {
		return verdict(err, "data")
	}
	if _, err := w.Write(text); err != nil {
		return verdict(err, "cut_off")
	}
	if err := w.Close(); err != nil {
		if o := verdict(err, ""); o.result != "" {
			return o // the server answered: it did not take it
		}
		return outcome{MaybeSent, "no_reply"}
	}
	c.Quit() // it is sent whatever comes after
	return outcome{Sent, "250"}
}

// dialSMTP connects with the security that the settings demand: starttls that the
// server does not offer is refused, never skipped.
func (s *Service) dialSMTP(ctx context.Context, set Settings) (*smtp.Client, error) {
	config := &tls.Config{MinVersion: tls.VersionTLS12}
	if s.opt.TLS != nil {
		config = s.opt.TLS.Clone()
	}
	config.ServerName = set.SMTPHost
	address := net.JoinHostPort(set.SMTPHost, strconv.Itoa(set.SMTPPort))
	var conn net.Conn
	var err error
	if set.SMTPSecurity == "tls" {
		conn, err = (&tls.Dialer{Config: config}).DialContext(ctx, "tcp", address)
	} else {
		conn, err = (&net.Dialer{}).DialContext(ctx, "tcp", address)
	}
	if err != nil {
		return nil, err
	}
	if deadline, ok := ctx.Deadline(); ok {
		conn.SetDeadline(deadline)
	}
	c, err := smtp.NewClient(conn, set.SMTPHost)
	if err != nil {
		conn.Close()
		return nil, err
	}
	if set.SMTPSecurity == "starttls" {
		if err := c.StartTLS(config); err != nil {
			c.Close()
			return nil, err
		}
	}
	return c, nil
}

// verdict reads the server's refusal: 5xx is for ever, 4xx for now. Without a reply it
// is the word given, and "again".
func verdict(err error, word string) outcome {
	var reply *textproto.Error
	if !errors.As(err, &reply) {
		return outcome{Waiting, word}
	}
	if reply.Code >= 500 {
		return outcome{Failed, strconv.Itoa(reply.Code)}
	}
	return outcome{Waiting, strconv.Itoa(reply.Code)}
}
