package admin

import (
	"context"
	"net/http"
	"regexp"
	"strconv"
	"strings"

	"cchc/internal/i18n"
	"cchc/internal/notice"
	"cchc/internal/ui"
)

const messagesURL = "/admin/messages"

func crumbMessages(r *http.Request) ui.Crumb {
	return ui.Crumb{Text: word(r, "admin.menu.messages"), URL: messagesURL}
}

func (h *web) messages(w http.ResponseWriter, r *http.Request) error {
	f := ui.Query(r)
	q := MessageQuery{State: f.Text("state"), Channel: f.Text("channel"), Before: f.Raw("before")}
	l, err := h.admin.Messages(r.Context(), q)
	if err != nil {
		return err
	}
	return h.page(w, r, messagesURL, word(r, "admin.menu.messages"), 0, messagesPage(l, h.admin.Demo))
}

func (q MessageQuery) url(state, channel, before string) string {
	return address(messagesURL, "state", state, "channel", channel, "before", before)
}

func (l MessageList) next() string {
	if l.Next == "" {
		return ""
	}
	return l.Query.url(l.Query.State, l.Query.Channel, l.Next)
}

func messageChips(ctx context.Context, q MessageQuery) []ui.ChipLink {
	chips := []ui.ChipLink{{Text: i18n.T(ctx, "admin.messages.all"), URL: messagesURL, On: q.State == "" && q.Channel == ""}}
	for _, s := range []string{notice.Waiting, notice.MaybeSent, notice.Sent, notice.Failed} {
		chips = append(chips, ui.ChipLink{Text: i18n.T(ctx, "state.notice."+s), URL: q.url(s, q.Channel, ""), On: q.State == s})
	}
	for _, c := range []string{"mail", "webhook"} {
		chips = append(chips, ui.ChipLink{Text: i18n.T(ctx, "admin.channel."+c), URL: q.url(q.State, c, ""), On: q.Channel == c})
	}
	return chips
}

var sendTones = map[string]string{notice.Waiting: ui.Wait, notice.Trying: ui.Info, notice.MaybeSent: ui.Soon, notice.Sent: ui.OK, notice.Failed: ui.Late}

// resultWords says what the wire answered: a reply code of the mail server stays as it is.
func resultWords(ctx context.Context, result string) string {
	return orCode(ctx, "admin.result."+result, result)
}

func messageTable(ctx context.Context, l MessageList) ui.Table {
	t := ui.Table{Caption: i18n.T(ctx, "admin.messages.caption"), HeadCol: 1, Columns: []ui.Column{
		{Head: i18n.T(ctx, "admin.col.made")}, {Head: i18n.T(ctx, "admin.col.message")}, {Head: i18n.T(ctx, "admin.col.to")},
		{Head: i18n.T(ctx, "admin.col.state")}, {Head: i18n.T(ctx, "admin.col.tries"), Numeric: true},
	}}
	for _, d := range l.Rows {
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{
			{Text: i18n.Time(ctx, d.Created), Mute: true},
			{Text: titleOf(ctx, d), URL: messagesURL + "/" + d.ID, Sub: i18n.T(ctx, "admin.channel."+d.Channel)},
			{Text: l.accountName(d.AccountID), Sub: d.Address},
			{Body: ui.State(sendTones[d.State], i18n.T(ctx, "state.notice."+d.State)), Sub: resultWords(ctx, d.Result)},
			ui.Txt(strconv.Itoa(d.Attempts)),
		}})
	}
	return t
}

// titleOf is the message in one line; before the first try it is not written yet.
func titleOf(ctx context.Context, d notice.Delivery) string {
	if d.Title == "" {
		return i18n.T(ctx, "admin.messages.unwritten")
	}
	return d.Title
}

func (h *web) message(w http.ResponseWriter, r *http.Request) error {
	p, err := h.admin.Message(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	return h.page(w, r, messagesURL, titleOf(r.Context(), p.Delivery), 0, messagePage(p), crumbMessages(r))
}

func triesOf(ctx context.Context, p MessagePage) (steps []ui.Step) {
	for i, a := range p.Tries {
		tone := ui.Neutral
		if i == len(p.Tries)-1 {
			tone = sendTones[p.State]
		}
		result := resultWords(ctx, a.Result)
		if a.Result == "" {
			result = i18n.T(ctx, "admin.message.no_result")
		}
		steps = append(steps, ui.Step{Tone: tone, Icon: "send", Title: i18n.T(ctx, "admin.message.try", "n", i+1), At: i18n.Time(ctx, a.Begun), Text: result})
	}
	return steps
}

func (h *web) outbox(w http.ResponseWriter, r *http.Request) error {
	l, err := h.admin.Outbox(r.Context(), r.URL.Query().Get("before"))
	if err != nil {
		return err
	}
	return h.page(w, r, messagesURL, word(r, "admin.outbox.title"), 0, outboxPage(l), crumbMessages(r))
}

func (l MessageList) outboxNext() string {
	if l.Next == "" {
		return ""
	}
	return address("/admin/outbox", "before", l.Next)
}

func (h *web) sending(w http.ResponseWriter, r *http.Request) error {
	x, err := h.admin.Sending(r.Context())
	if err != nil {
		return err
	}
	pairs := []string{"mail", x.Mail, "smtp_host", x.SMTPHost, "smtp_port", strconv.Itoa(x.SMTPPort), "smtp_security", x.SMTPSecurity, "smtp_user", x.SMTPUser,
		"mail_from", x.MailFrom, "webhook_url", x.WebhookURL, "quiet_from", x.QuietFrom, "quiet_to", x.QuietTo, "digest_at", x.DigestAt}
	if x.WebhookPrivate {
		pairs = append(pairs, "webhook_private", "yes")
	}
	for name, kinds := range map[string][]string{"webhook_kinds": x.WebhookKinds, "digest_kinds": x.DigestKinds} {
		for _, k := range kinds {
			pairs = append(pairs, name, k)
		}
	}
	return h.showSending(w, r, x, ui.NewForm(pairs...), x.Version)
}

func (h *web) showSending(w http.ResponseWriter, r *http.Request, x Sending, f *ui.Form, version int64) error {
	return h.page(w, r, messagesURL, word(r, "admin.sending.title"), f.Status(), sendingForm(x, f, version), crumbMessages(r))
}

func (h *web) setSending(w http.ResponseWriter, r *http.Request) error {
	f, err := ui.ReadForm(r)
	if err != nil {
		return err
	}
	x := notice.Settings{Mail: f.Text("mail"), SMTPHost: f.Text("smtp_host"), SMTPPort: int(f.Int("smtp_port")), SMTPSecurity: f.Text("smtp_security"),
		SMTPUser: f.Text("smtp_user"), SMTPPassword: f.Raw("smtp_password"), MailFrom: f.Text("mail_from"), WebhookURL: f.Text("webhook_url"),
		WebhookSecret: f.Raw("webhook_secret"), WebhookKinds: f.All("webhook_kinds"), WebhookPrivate: f.Bool("webhook_private"),
		QuietFrom: f.Text("quiet_from"), QuietTo: f.Text("quiet_to"), DigestAt: f.Text("digest_at"), DigestKinds: f.All("digest_kinds")}
	version := f.Version()
	if err = f.Err(); err == nil {
		err = h.admin.SetSending(r.Context(), x, version)
	}
	if err != nil {
		if !f.Keep(err) {
			return err
		}
		now, err := h.admin.Sending(r.Context())
		if err != nil {
			return err
		}
		return h.showSending(w, r, now, f, version)
	}
	ui.Flash(w, r, "admin.sending.done")
	return ui.Back(w, r, messagesURL+"/settings")
}

func (h *web) sendTest(w http.ResponseWriter, r *http.Request) error {
	if err := h.admin.SendTest(r.Context()); err != nil {
		return err
	}
	ui.Flash(w, r, "admin.sending.tested")
	return ui.Back(w, r, messagesURL)
}

var gap = regexp.MustCompile(`\{[a-z_:]+\}`)

// messageChoices names kinds of message by their titles, values left open.
func messageChoices(ctx context.Context, kinds []string) []ui.Choice {
	out := make([]ui.Choice, len(kinds))
	for i, k := range kinds {
		part, what, _ := strings.Cut(k, ".")
		words := gap.ReplaceAllString(orCode(ctx, part+".notice."+what, k), "…")
		out[i] = ui.Choice{Value: k, Text: roomName(ctx, k) + ": " + words}
	}
	return out
}

func mailChoices(ctx context.Context, demo bool) []ui.Choice {
	all := []string{notice.MailOff, notice.MailSMTP}
	if demo {
		all = []string{notice.MailOff, notice.MailOutbox}
	}
	out := make([]ui.Choice, len(all))
	for i, m := range all {
		out[i] = ui.Choice{Value: m, Text: i18n.T(ctx, "admin.mail."+m), Hint: i18n.T(ctx, "admin.mail."+m+".hint")}
	}
	return out
}
