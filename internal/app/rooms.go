package app

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"cchc/internal/account"
	"cchc/internal/admin"
	"cchc/internal/api"
	"cchc/internal/applicant"
	"cchc/internal/calendar"
	"cchc/internal/citizen"
	"cchc/internal/counter"
	"cchc/internal/db"
	"cchc/internal/desk"
	"cchc/internal/directive"
	"cchc/internal/directory"
	"cchc/internal/dossier"
	"cchc/internal/dossier/pages"
	"cchc/internal/identity"
	"cchc/internal/inbox"
	"cchc/internal/indicator"
	"cchc/internal/interlink"
	"cchc/internal/job"
	"cchc/internal/mining"
	"cchc/internal/notice"
	"cchc/internal/org"
	"cchc/internal/payment"
	"cchc/internal/plan"
	"cchc/internal/portal"
	"cchc/internal/procedure"
	procedurepages "cchc/internal/procedure/pages"
	"cchc/internal/quality"
	"cchc/internal/report"
	"cchc/internal/search"
	"cchc/internal/slip"
	"cchc/internal/ui"
	"cchc/internal/urge"
	"cchc/internal/views"
)

// rooms is every room with what connects it to the others.
type rooms struct {
	rights    *identity.Rights
	identity  *identity.Service
	notice    *notice.Service
	agencies  *org.Directory
	calendar  *calendar.Book
	inbox     *inbox.Registry
	plan      *plan.Service
	portal    *portal.Service
	report    *report.Service
	urge      *urge.Service
	directive *directive.Service
	procedure *procedure.Service
	interlink *interlink.Service
	payment   *payment.Service
	counter   *counter.Service
	applicant *applicant.Service
	dossier   *dossier.Service
	quality   *quality.Service
	desk      *desk.Service
}

// roomRights is what each room declares: its rights, and the roles that hold them when
// a province begins. An administrator changes both afterwards.
var roomRights = []struct {
	codes []string
	roles map[string][]string
}{
	{plan.Rights, plan.RoleRights},
	{admin.Rights, admin.RoleRights},
	{directory.Rights, directory.RoleRights},
	{report.Rights, report.RoleRights},
	{urge.Rights, urge.RoleRights},
	{directive.Rights, directive.RoleRights},
	{procedure.Rights, procedure.RoleRights},
	{interlink.Rights, interlink.RoleRights},
	{payment.Rights, payment.RoleRights},
	{counter.Rights, counter.RoleRights},
	{applicant.Rights, applicant.RoleRights},
	{dossier.Rights, dossier.RoleRights},
	{slip.Rights, slip.RoleRights},
	{mining.Rights, mining.RoleRights},
	{quality.Rights, quality.RoleRights},
}

// declaredRights collects what the rooms declare.
func declaredRights() *identity.Rights {
	rights := identity.NewRights()
	for _, room := range roomRights {
		rights.AddCodes(room.codes...)
		for role, codes := range room.roles {
			rights.Default(role, codes...)
		}
	}
	return rights
}

// build makes the rooms in the order of their floors and connects them: rights,
// indicators, what is owed, hand-overs, jobs. Nothing runs yet; Serve starts the work.
func (a *App) build(ctx context.Context) error {
	r := &a.rooms
	if err := a.buildPeople(); err != nil {
		return err
	}
	r.agencies = org.NewDirectory(a.log, a.clock)
	r.calendar = calendar.NewBook(a.log, a.clock)

	r.plan = plan.New(a.db, a.clock, a.log, r.notice)
	r.agencies.Register(plan.WorkKind, r.plan)
	r.inbox = inbox.NewRegistry()
	r.inbox.Add("plan", r.plan)
	r.inbox.Add("plan_decisions", plan.Decisions{Service: r.plan})
	a.figures.Add(r.plan.Indicators()...)
	a.figures.AddCounters(r.plan.Counters()...)

	r.desk = &desk.Service{DB: a.db, Clock: a.clock, Inbox: r.inbox}
	r.portal = &portal.Service{DB: a.db, Clock: a.clock, Figures: a.homeFigures}
	r.report = &report.Service{
		DB: a.db, Clock: a.clock, Figures: a.figures, Log: a.log,
		CurrentPlan: r.currentPlan, Counts: a.planCounts, Issuer: a.reportIssuer,
		UrgeURL: func(_, id string) string { return "/plan/assignments/" + id + "/urge" },
	}
	r.urge = a.buildUrge()
	r.directive = a.buildDirective()
	a.figures.Add(r.directive.Indicators()...)
	r.procedure = a.buildProcedure()
	r.dossier = a.buildDossier()
	r.interlink = a.buildInterlink()
	a.figures.Add(r.procedure.Indicators()...)
	var err error
	if r.payment, err = a.buildPayment(); err != nil {
		return err
	}
	a.figures.Add(r.payment.Indicators()...)
	a.figures.AddCounters(r.payment.Counters()...)
	r.quality = a.buildQuality()
	r.counter = a.buildCounter()
	a.figures.Add(r.counter.Indicators()...)
	r.applicant = a.buildApplicant()
	a.figures.Add(r.applicant.Indicators()...)
	r.plan.MeasureBy(a.figures)
	r.plan.ReportFrom(r.identity)
	a.schedule()
	if err := r.payment.Sync(ctx); err != nil {
		return err
	}
	return r.identity.Sync(ctx)
}

// buildPeople makes accounts and messages, which need each other: a one-time link is
// sent as a notice, and a notice asks where a person is reached.
func (a *App) buildPeople() error {
	r := &a.rooms
	r.rights = declaredRights()
	key, err := secretKey(a.cfg.keysDir())
	if err != nil {
		return err
	}
	r.notice, err = notice.New(a.db, a.clock, a.log, a.jobs, notice.Options{
		Key: key, BaseURL: a.cfg.baseURL(),
		Book: func(tx *db.Tx, account string) (notice.Address, bool, error) {
			c, found, err := r.identity.Contact(tx, account)
			return notice.Address{Name: c.Name, Email: c.Email, Phone: c.Phone, Lang: c.Lang}, found, err
		},
	})
	if err != nil {
		return err
	}
	r.identity, err = identity.New(a.db, a.clock, a.log, r.rights, identity.Options{
		Key: key, Demo: a.demo() && loopback(a.cfg.Listen), Secure: a.cfg.secure(), BaseURL: a.cfg.baseURL(), Queue: a.jobs,
		Mail: func(tx *db.Tx, m identity.Message) error {
			return r.notice.Send(tx, notice.Notice{Key: m.Key, To: m.To, Kind: m.Kind, Subject: m.Subject, Args: m.Args, Secret: m.Secret})
		},
	})
	return err
}

// collectArgs asks for the files that no record names to be removed.
type collectArgs struct{}

// Kind names the job.
func (collectArgs) Kind() string { return "file.collect" }

// mergeArgs asks for the search index to be tidied in small steps.
type mergeArgs struct{}

// Kind names the job.
func (mergeArgs) Kind() string { return "search.merge" }

const mergeSteps = 20

// measureArgs asks for today's value of the targets that an indicator measures.
type measureArgs struct{}

// Kind names the job.
func (measureArgs) Kind() string { return "plan.measure" }

// schedule names the work that repeats and belongs to no room.
func (a *App) schedule() {
	indicator.Schedule(a.jobs, a.db)
	job.Register(a.jobs, func(ctx context.Context, _ *job.Run, _ collectArgs) error {
		_, err := a.files.Collect(ctx, a.clock())
		return err
	})
	a.jobs.Every("file.collect", 6*time.Hour, func(time.Time) job.Args { return collectArgs{} })
	job.Register(a.jobs, func(ctx context.Context, _ *job.Run, _ mergeArgs) error {
		_, err := search.Merge(ctx, a.db, mergeSteps)
		return err
	})
	a.jobs.Every("search.merge", time.Minute, func(time.Time) job.Args { return mergeArgs{} })
	job.Register(a.jobs, func(ctx context.Context, _ *job.Run, _ measureArgs) error {
		_, err := a.rooms.plan.MeasureLive(ctx)
		return err
	})
	a.jobs.Every("plan.measure", 6*time.Hour, func(time.Time) job.Args { return measureArgs{} })
}

// currentPlan finds the provincial plan of a year that the reader may see: Plans gives
// it first.
func (r *rooms) currentPlan(ctx context.Context, year int) (report.Plan, bool, error) {
	plans, err := r.plan.Plans(ctx, year)
	if err != nil || len(plans) == 0 {
		return report.Plan{}, false, err
	}
	p := plans[0]
	return report.Plan{ID: p.ID, Title: p.Title, URL: "/plan/" + p.ID}, true, nil
}

// baseURL begins the links that people are sent.
func (c Config) baseURL() string {
	if c.PublicURL != "" {
		return c.PublicURL
	}
	return "http://" + c.Listen
}

// handler opens every door: the pages and the API, behind the session.
func (a *App) handler(log *slog.Logger) (*ui.Router, *api.API) {
	r := &a.rooms
	rt := ui.NewRouter(ui.Config{
		Clock: a.clock, Log: log, Secure: a.cfg.secure(), Dev: a.demo(), Site: a.site, SaveView: views.SavePath,
		Demo: func(context.Context) *ui.Demo {
			if !a.demo() {
				return nil
			}
			return &ui.Demo{Now: a.clock()}
		},
	})
	rt.Use(r.identity.SessionMiddleware)
	programs := api.New(rt, a.db, a.clock, api.Config{Version: Version, Contact: "cchc"})
	portal.Mount(rt, r.portal)
	portal.Operations(programs, r.portal)
	account.Mount(rt, &account.Service{DB: a.db, Clock: a.clock, Identity: r.identity}, a.demoChoices)
	desk.Mount(rt, r.desk)
	plan.Operations(programs, r.plan)
	plan.Mount(rt, r.plan, a.files)
	report.Mount(rt, r.report)
	urge.Mount(rt, r.urge)
	directive.Mount(rt, r.directive)
	procedurepages.Mount(rt, r.procedure)
	procedure.Operations(programs, r.procedure)
	interlink.Mount(rt, r.interlink)
	payment.Mount(rt, r.payment)
	payment.Operations(programs, r.payment)
	counter.Mount(rt, r.counter)
	applicant.Mount(rt, r.applicant)
	views.Mount(rt, &views.Service{DB: a.db, Clock: a.clock, Log: a.log})
	dossier.Operations(programs, r.dossier)
	pages.Mount(rt, pages.Desk{Dossiers: r.dossier, Files: a.files, Offers: a.offers, Slips: slipsOf})
	slip.Mount(rt, a.buildSlip())
	mining.Mount(rt, a.buildMining())
	citizen.Mount(rt, &citizen.Service{Clock: a.clock, Dossiers: publicDossiers{r.dossier}})
	quality.Mount(rt, r.quality)
	quality.Operations(programs, r.quality)
	places := &directory.Service{DB: a.db, Clock: a.clock, Agencies: r.agencies, Calendar: r.calendar, Work: map[string]org.Handover{plan.WorkKind: r.plan, dossier.WorkKind: r.dossier}}
	directory.Mount(rt, places)
	directory.Operations(programs, places)
	admin.Mount(rt, &admin.Service{
		DB: a.db, Clock: a.clock, Identity: r.identity, Log: a.log, PublicKey: a.keys.Public, Jobs: a.jobs, Notice: r.notice,
		Demo: a.demo(), SubjectURL: subjectURL,
	})
	a.mountDemo(rt)
	programs.Ready()
	return rt, programs
}

// subjectURL is the page of a record that the log names, "" when it has none.
func subjectURL(subject string) string {
	table, id, _ := strings.Cut(subject, ":")
	switch table {
	case "plan_plan":
		return "/plan/" + id
	case "plan_task":
		return "/plan/tasks/" + id
	case "plan_assignment":
		return "/plan/assignments/" + id
	case "plan_amendment":
		return "/plan/amendments/" + id
	case "payment_order":
		return "/payments/orders/" + id
	case "payment_receipt":
		return "/payments/receipts/" + id
	case "payment_movement":
		return "/payments/movements/" + id
	case "quality_sheet":
		return "/quality/sheets/" + id
	case "directive_directive":
		return "/directives/" + id
	case "interlink_case":
		return "/interlinks/" + id
	case "procedure_version":
		return "/procedure-versions/" + id
	}
	return ""
}

// demo says whether the folder is a demonstration's.
func (a *App) demo() bool { return !a.start.IsZero() }

// secretKey is the key that seals second factors; it stands beside the log's keys, so
// that a copy of the database alone opens nothing.
func secretKey(dir string) ([]byte, error) {
	path := filepath.Join(dir, "identity.key")
	key, err := os.ReadFile(path)
	if os.IsNotExist(err) {
		return newSecretKey(path)
	}
	if err != nil {
		return nil, fmt.Errorf("key of second factors: %w", err)
	}
	if len(key) != 32 {
		return nil, fmt.Errorf("key of second factors %s: %d bytes instead of 32: restore it from the backup", path, len(key))
	}
	return key, nil
}
