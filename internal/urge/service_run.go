package urge

import (
	"context"
	"strconv"
	"time"

	"cchc/internal/calendar"
	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/errs"
	"cchc/internal/i18n"
	"cchc/internal/notice"
	"cchc/internal/org"
)

// Walked is what one walk up the ladder did.
type Walked struct {
	Items   int // open items that were looked at
	Steps   int // steps that were acted on
	Digests int // people who got a message
}

// runPage is how many items one transaction looks at.
const runPage = 200

// Run walks the ladder for a day: every step whose day has come is taken once, its lines
// gathered, and each person told of all of them in one message. It may be ended at any
// moment and run again: what was written is not done twice, what was not is done. On a
// day off it does nothing; what a dead server missed is caught up by the highest step.
func (s *Service) Run(ctx context.Context, day string) (done Walked, err error) {
	l, open, err := s.ladderOf(ctx, day)
	if err != nil || !open {
		return done, err
	}
	for _, w := range s.Works {
		for after := (Key{}); ; {
			var page []Item
			steps := 0
			err := s.DB.Write(ctx, func(tx *db.Tx) error {
				steps = 0
				var err error
				if page, err = w.Open(tx, after, runPage); err != nil {
					return err
				}
				people := crowd{tx: tx, day: day, nowMs: s.Clock().UnixMilli(), known: map[string][]string{}}
				for _, i := range page {
					n, err := s.climb(tx, l, people, i, day)
					if err != nil {
						return err
					}
					steps += n
				}
				return nil
			})
			if err != nil {
				return done, err
			}
			done.Items += len(page)
			done.Steps += steps
			if len(page) < runPage {
				break
			}
			after = page[len(page)-1].key()
		}
	}
	if done.Digests, err = s.tellAll(ctx, day); err != nil {
		return done, err
	}
	if err := s.clearCards(ctx, day); err != nil {
		return done, err
	}
	return done, s.DB.Write(ctx, func(tx *db.Tx) error { return markRun(tx, day, s.Clock().UnixMilli()) })
}

// Due runs the ladder for today when it was not walked yet and the working day has
// begun: the hourly job calls it.
func (s *Service) Due(ctx context.Context) error {
	now := s.Clock().In(clock.Vietnam)
	if now.Hour() < firstHour {
		return nil
	}
	day, ran := clock.Day(now), false
	if err := s.DB.Read(ctx, func(tx *db.Tx) (err error) { ran, err = ranOn(tx, day); return err }); err != nil || ran {
		return err
	}
	_, err := s.Run(ctx, day)
	return err
}

// firstHour is when the day's reminders may go out: people find them when they come in.
const firstHour = 7

// ladderOf prepares the ladder of a day; open is false on a day off.
func (s *Service) ladderOf(ctx context.Context, day string) (l *ladder, open bool, err error) {
	if t, err := clock.ParseDay(day); err != nil || clock.Day(t) != day {
		return nil, false, errs.OnField("day", "urge.day_unreadable", "day", day)
	}
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		agency, err := s.Province(tx, day)
		if err != nil {
			return err
		}
		cal, err := calendar.Load(tx, agency)
		if err != nil {
			return err
		}
		rules, err := rulesOn(tx, day)
		l, open = &ladder{rules: rules, cal: cal, today: day, known: map[string][]due{}}, cal.WorkingDay(day)
		return err
	})
	return l, open, err
}

// climb takes the steps of one item that are due, and says how many it acted on.
func (s *Service) climb(tx *db.Tx, l *ladder, people crowd, i Item, day string) (int, error) {
	all := l.steps(i)
	if len(all) == 0 {
		return 0, nil
	}
	taken, err := takenSteps(tx, i.Kind, i.ID)
	if err != nil {
		return 0, err
	}
	act, covered := take(all, taken)
	for _, o := range covered {
		if _, err := addStep(tx, i, o, day, true); err != nil {
			return 0, err
		}
	}
	for _, o := range act {
		fresh, err := addStep(tx, i, o, day, false)
		if err != nil || !fresh {
			return 0, err
		}
		switch o.Act {
		case "letter":
			err = gatherLetter(tx, i, day)
		case "yellow", "red":
			err = s.propose(tx, i, Colour(o.Act), day)
		}
		if err != nil {
			return 0, err
		}
		accounts, err := people.of(i, o.Audience)
		if err != nil {
			return 0, err
		}
		for _, account := range accounts {
			if err := addLine(tx, account, i, o, day); err != nil {
				return 0, err
			}
		}
	}
	return len(act), nil
}

// crowd finds who a step is for; the people of an agency are looked up once a page.
type crowd struct {
	tx    *db.Tx
	day   string
	nowMs int64
	known map[string][]string
}

func (c crowd) of(i Item, audience []string) (accounts []string, err error) {
	seen := map[string]bool{}
	for _, who := range audience {
		list, err := c.group(i, who)
		if err != nil {
			return nil, err
		}
		for _, a := range list {
			if !seen[a] {
				seen[a] = true
				accounts = append(accounts, a)
			}
		}
	}
	return accounts, nil
}

func (c crowd) group(i Item, who string) ([]string, error) {
	if who == toOfficer {
		if i.Officer == "" {
			return nil, nil
		}
		if active, err := isActive(c.tx, i.Officer); err != nil || !active {
			return nil, err
		}
		return []string{i.Officer}, nil
	}
	agency, role := i.Agency, "focal_point"
	if who == toFollower {
		agency, role = i.Follower, "secretariat"
	}
	key := who + " " + agency
	if list, ok := c.known[key]; ok {
		return list, nil
	}
	var list []string
	var err error
	if who == toHead {
		h, found, fault := org.Head(c.tx, agency, c.day)
		if err = fault; found && h.AccountID != "" {
			list = []string{h.AccountID}
		} else if err == nil { // no holder with an account: whoever has the role
			list, err = withRole(c.tx, agency, "agency_head", c.nowMs)
		}
	} else {
		list, err = withRole(c.tx, agency, role, c.nowMs)
	}
	c.known[key] = list
	return list, err
}

// tellAll sends each person who has new lines one message for the day.
func (s *Service) tellAll(ctx context.Context, day string) (told int, err error) {
	for after := ""; ; {
		var people []string
		err := s.DB.Read(ctx, func(tx *db.Tx) (err error) { people, err = waitingFor(tx, after, runPage); return err })
		if err != nil || len(people) == 0 {
			return told, err
		}
		for _, account := range people {
			sent := false
			if err := s.DB.Write(ctx, func(tx *db.Tx) (err error) { sent, err = s.tellOne(tx, account, day); return err }); err != nil {
				return told, err
			}
			if sent {
				told++
			}
		}
		after = people[len(people)-1]
	}
}

// digestShown is how many items the message itself lists; its page has them all.
const digestShown = 15

func (s *Service) tellOne(tx *db.Tx, account, day string) (bool, error) {
	lines, err := unsentLines(tx, account)
	if err != nil || len(lines) == 0 {
		return false, err
	}
	id := db.NewID()
	fresh, err := addDigest(tx, id, account, day, len(lines), s.Clock().UnixMilli())
	if err != nil || !fresh { // today's message is out: the rest waits for tomorrow
		return false, err
	}
	owed := onceEach(lines)
	links, err := s.linksOf(tx, account, owed)
	if err != nil {
		return false, err
	}
	return true, s.Tell.Send(tx, notice.Notice{Key: "urge.digest:" + account + ":" + day, To: account, Kind: "urge.digest", Subject: "urge_digest:" + id,
		URL: "/urge/digests/" + id, Args: map[string]string{"n": strconv.Itoa(len(owed)), "day": shownDay(day), "list": listOf(owed), "links": ""}, Extra: links})
}

// linksOf writes the links with which the person can report on the first lines of a
// digest without signing in; nil when nothing of it can be reported on so. They open
// doors, so they travel in the mail alone and are not kept.
func (s *Service) linksOf(tx *db.Tx, account string, lines []Line) (map[string]string, error) {
	if s.Links == nil {
		return nil, nil
	}
	text := ""
	for i, l := range lines {
		if i == digestShown {
			break
		}
		path, err := s.Links.Link(tx, account, l.Kind, l.Item)
		if err != nil {
			return nil, err
		}
		if path != "" {
			text += "\n" + l.Code + ": " + s.BaseURL + path
		}
	}
	if text == "" {
		return nil, nil
	}
	words := i18n.T(i18n.WithLang(context.Background(), i18n.Vi), "urge.notice.links")
	return map[string]string{"links": "\n\n" + words + text}, nil
}

// onceEach leaves one line of each thing owed: several steps taken on one day, as after a
// pause of the server, are still one thing to do.
func onceEach(lines []Line) []Line {
	seen := map[string]bool{}
	var out []Line
	for _, l := range lines {
		if !seen[l.Kind+l.Item] {
			seen[l.Kind+l.Item] = true
			out = append(out, l)
		}
	}
	return out
}

// listOf writes the first lines of a digest for a message, the most pressing first.
func listOf(lines []Line) string {
	text := ""
	for i, l := range lines {
		if i == digestShown {
			break
		}
		text += "\n- " + l.Code + ": " + l.Title
		if l.Due != NoDay {
			text += " (" + shownDay(l.Due) + ")"
		}
	}
	return text
}

// shownDay writes a day as letters do.
func shownDay(day string) string {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day
	}
	return t.Format("02/01/2006")
}
