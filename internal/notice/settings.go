package notice

import (
	"encoding/json"
	"net/mail"
	"net/url"
	"slices"
	"strings"
	"time"

	"cchc/internal/audit"
	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/errs"
)

// Ways to send mail.
const (
	MailOff    = "off"
	MailOutbox = "outbox" // kept and shown, never sent: the demonstration
	MailSMTP   = "smtp"
)

// Settings say how messages leave the program (thiết lập gửi tin).
type Settings struct {
	Mail         string `json:"mail"`          // off, outbox, smtp
	SMTPHost     string `json:"smtp_host"`     // name or address
	SMTPPort     int    `json:"smtp_port"`     // 587 with starttls, 465 with tls
	SMTPSecurity string `json:"smtp_security"` // starttls (demanded, not tried), tls, none
	SMTPUser     string `json:"smtp_user"`
	SMTPPassword string `json:"smtp_password,omitempty"` // sealed at rest; "" from a form keeps the old one
	MailFrom     string `json:"mail_from"`

	WebhookURL     string   `json:"webhook_url"`              // gateway for SMS or Zalo; "" = none
	WebhookSecret  string   `json:"webhook_secret,omitempty"` // signs the body; sealed; "" keeps the old one
	WebhookKinds   []string `json:"webhook_kinds"`            // kinds worth a text message
	WebhookPrivate bool     `json:"webhook_private"`          // the gateway stands inside the province's own network

	QuietFrom   string   `json:"quiet_from"` // "21:00", Vietnam; equal to QuietTo = never quiet
	QuietTo     string   `json:"quiet_to"`   // "06:00"
	DigestAt    string   `json:"digest_at"`  // "16:30"
	DigestKinds []string `json:"digest_kinds"`
	Version     int64    `json:"-"`
}

func defaults() Settings {
	return Settings{Mail: MailOff, SMTPPort: 587, SMTPSecurity: "starttls", QuietFrom: "21:00", QuietTo: "06:00", DigestAt: "16:30"}
}

// check names every fault at once.
func (x Settings) check() error {
	var faults errs.List
	if !slices.Contains([]string{MailOff, MailOutbox, MailSMTP}, x.Mail) {
		faults = append(faults, errs.OnField("mail", "notice.mail_unknown"))
	}
	if x.Mail == MailSMTP {
		if x.SMTPHost == "" || strings.ContainsAny(x.SMTPHost, " /\r\n") || x.SMTPPort < 1 || x.SMTPPort > 65535 {
			faults = append(faults, errs.OnField("smtp_host", "notice.smtp_host_bad"))
		}
		if !slices.Contains([]string{"starttls", "tls", "none"}, x.SMTPSecurity) {
			faults = append(faults, errs.OnField("smtp_security", "notice.smtp_security_bad"))
		}
		if from, err := mail.ParseAddress(x.MailFrom); err != nil || strings.ContainsAny(from.Address, "\r\n") {
			faults = append(faults, errs.OnField("mail_from", "notice.mail_from_bad"))
		}
	}
	if x.WebhookURL != "" {
		u, err := url.Parse(x.WebhookURL)
		if err != nil || u.Host == "" || u.User != nil || u.Scheme != "https" && !(u.Scheme == "http" && x.WebhookPrivate) {
			faults = append(faults, errs.OnField("webhook_url", "notice.webhook_bad"))
		}
		if x.WebhookSecret == "" {
			faults = append(faults, errs.OnField("webhook_secret", "notice.webhook_secret_missing"))
		}
	}
	for field, at := range map[string]string{"quiet_from": x.QuietFrom, "quiet_to": x.QuietTo, "digest_at": x.DigestAt} {
		if _, err := time.Parse("15:04", at); err != nil {
			faults = append(faults, errs.OnField(field, "notice.hour_bad"))
		}
	}
	return faults.Err()
}

// Settings reads the settings without their secrets.
func (s *Service) Settings(tx *db.Tx) (Settings, error) {
	x, err := s.settings(tx)
	x.SMTPPassword, x.WebhookSecret = "", ""
	return x, err
}

// SetSettings changes the settings; version is that of the ones read. The caller has
// checked the right (room admin).
func (s *Service) SetSettings(tx *db.Tx, who audit.Who, x Settings, version int64) error {
	old, err := s.settings(tx)
	if err != nil {
		return err
	}
	if x.SMTPPassword == "" {
		x.SMTPPassword = old.SMTPPassword
	}
	if x.WebhookSecret == "" {
		x.WebhookSecret = old.WebhookSecret
	}
	if err := x.check(); err != nil {
		return err
	}
	stored := x
	stored.SMTPPassword, stored.WebhookSecret = s.seal.seal("smtp", x.SMTPPassword), s.seal.seal("webhook", x.WebhookSecret)
	text, err := json.Marshal(stored)
	if err != nil {
		return err
	}
	changed, err := updateSettings(tx, string(text), version)
	if err != nil {
		return err
	}
	if changed == 0 {
		return errs.New(errs.Conflict, "notice.changed_meanwhile")
	}
	for _, secrets := range []*Settings{&old, &x} {
		secrets.SMTPPassword, secrets.WebhookSecret = "", ""
	}
	return s.log.Record(tx, who, audit.Entry{Kind: "notice.settings", Subject: "notice_setting:sending", Before: old, After: x})
}

func (s *Service) settings(tx *db.Tx) (Settings, error) {
	text, version, err := readSettings(tx)
	if err != nil {
		return Settings{}, err
	}
	x := defaults()
	if err := json.Unmarshal([]byte(text), &x); err != nil {
		return x, err
	}
	x.Version = version
	if x.SMTPPassword, err = s.seal.open("smtp", x.SMTPPassword); err != nil {
		return x, err
	}
	x.WebhookSecret, err = s.seal.open("webhook", x.WebhookSecret)
	return x, err
}

// afterQuiet is t, or the end of the quiet hours in which t falls (Vietnam's time).
func (x Settings) afterQuiet(t time.Time) time.Time {
	from, to, local := minuteOf(x.QuietFrom), minuteOf(x.QuietTo), t.In(clock.Vietnam)
	at := local.Hour()*60 + local.Minute()
	midnight := time.Date(local.Year(), local.Month(), local.Day(), 0, 0, 0, 0, clock.Vietnam)
	end := midnight.Add(time.Duration(to) * time.Minute)
	switch {
	case from == to:
		return t
	case from < to && at >= from && at < to, from > to && at < to:
		return end.UTC()
	case from > to && at >= from:
		return end.AddDate(0, 0, 1).UTC()
	}
	return t
}

// nextDigest is the moment of the digest that takes what happens at t, and its day.
func (x Settings) nextDigest(t time.Time) (at time.Time, day string) {
	local := t.In(clock.Vietnam)
	at = time.Date(local.Year(), local.Month(), local.Day(), 0, minuteOf(x.DigestAt), 0, 0, clock.Vietnam)
	if !at.After(t) {
		at = at.AddDate(0, 0, 1)
	}
	return x.afterQuiet(at.UTC()), clock.Day(at)
}

func minuteOf(hour string) int {
	t, err := time.Parse("15:04", hour)
	if err != nil {
		return 0
	}
	return t.Hour()*60 + t.Minute()
}
