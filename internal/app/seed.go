package app

import (
	"context"
	"crypto/rand"

	"cchc/internal/audit"
	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/directive"
	"cchc/internal/errs"
	"cchc/internal/i18n"
	"cchc/internal/identity"
	"cchc/internal/notice"
	"cchc/internal/org"
	"cchc/internal/plan"
	"cchc/internal/procedure"
)

// seeder is who made the demonstration's data, as the audit log names it.
var seeder = audit.System("command:demo")

// seed makes the demonstration province: both directories of agencies, the shipped
// calendar, people with their roles, and the plans. It runs once; a folder that was
// left half-made by a killed process goes on where it stopped.
func (a *App) seed(ctx context.Context) error {
	r := &a.rooms
	err := a.db.Write(ctx, func(tx *db.Tx) error {
		if _, err := r.agencies.ImportShipped(tx, seeder); err != nil {
			return err
		}
		if err := r.calendar.ApplyShipped(tx, seeder, "dữ liệu mẫu"); err != nil {
			return err
		}
		set, err := r.notice.Settings(tx)
		if err != nil || set.Mail == notice.MailOutbox {
			return err
		}
		version := set.Version
		set.Mail = notice.MailOutbox // mails are shown, never sent
		return r.notice.SetSettings(tx, seeder, set, version)
	})
	if err != nil {
		return err
	}
	if err := a.seedPeople(ctx); err != nil {
		return err
	}
	if err := a.db.Write(ctx, func(tx *db.Tx) error { return a.seedHeads(tx) }); err != nil {
		return err
	}
	_, err = plan.Seed(ctx, plan.Seeding{DB: a.db, Files: a.files, Log: func(c clock.Clock) *audit.Log { return audit.New(a.keys, c) }})
	if err != nil {
		return err
	}
	if err := a.seedDirectives(ctx); err != nil {
		return err
	}
	if err := procedure.Seed(ctx, a.rooms.procedure); err != nil {
		return err
	}
	if err := a.seedDossiers(ctx); err != nil {
		return err
	}
	if err := a.seedPayment(ctx); err != nil {
		return err
	}
	if err := a.seedCounter(ctx); err != nil {
		return err
	}
	if err := a.seedApplicant(ctx); err != nil {
		return err
	}
	if err := a.seedQuality(ctx); err != nil {
		return err
	}
	if _, err := a.rooms.plan.MeasureLive(ctx); err != nil {
		return err
	}
	return a.seedUrging(ctx)
}

// seedDirectives lets the province's office and the chairman give the demonstration's
// orders, as they would.
func (a *App) seedDirectives(ctx context.Context) error {
	var as [2]context.Context
	err := a.db.Read(ctx, func(tx *db.Tx) error {
		for i, login := range []string{"vpubnd", "chutich"} {
			actor, found, err := a.rooms.identity.ActorByLogin(tx, login)
			if err != nil {
				return err
			}
			if !found {
				return errs.New(errs.NotFound, "app.account_unknown", "login", login)
			}
			as[i] = identity.With(ctx, actor)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return directive.Seed(a.rooms.directive, as[0], as[1], func(code string) (id string, err error) {
		err = a.db.Read(ctx, func(tx *db.Tx) error {
			o, found, err := org.FindByCode(tx, code, clock.Day(a.clock()))
			if err == nil && !found {
				err = errs.New(errs.NotFound, "app.agency_unknown", "code", code)
			}
			id = o.ID
			return err
		})
		return id, err
	})
}

// seedUrging walks the ladder of reminders on the last working day before the scene
// opens: what stood still until then shows as letters that wait and cards proposed.
func (a *App) seedUrging(ctx context.Context) error {
	_, err := a.rooms.urge.Run(ctx, sceneEve)
	return err
}

// sceneEve is the working day before the demonstration's clock begins.
const sceneEve = "2026-10-13"

// seedPeople makes the demonstration's accounts. The first administrator gets in as at a
// real start, by the command line, and makes the others. Nobody knows their passwords:
// one click signs in, or demo prints fresh ones.
func (a *App) seedPeople(ctx context.Context) error {
	ident := a.rooms.identity
	vi := i18n.WithLang(ctx, i18n.Vi)
	for _, p := range demoAccounts {
		var acc identity.Account
		var found bool
		read := func(tx *db.Tx) (err error) { acc, found, err = ident.AccountByLogin(tx, p.login); return err }
		if err := a.db.Read(ctx, read); err != nil {
			return err
		}
		if found && acc.State == identity.Active {
			continue
		}
		var err error
		switch {
		case found: // a killed process left it without a password
		case p.role == identity.RoleAdmin:
			_, err = ident.FirstAdministrator(ctx, p.login, roleName(vi, p.role))
		default:
			err = a.db.Write(ctx, func(tx *db.Tx) error { return a.seedAccount(tx, p.login, p.role, p.agency) })
		}
		if err == nil && !found {
			err = a.db.Read(ctx, read)
		}
		if err == nil {
			err = ident.SetPassword(ctx, seeder, acc.ID, rand.Text(), false)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// seedAccount makes one account and gives it its role, as the administrator would.
func (a *App) seedAccount(tx *db.Tx, login, role, agency string) error {
	ident := a.rooms.identity
	admin, found, err := ident.ActorByLogin(tx, demoAccounts[0].login)
	if err != nil {
		return err
	}
	if !found {
		return errs.New(errs.NotFound, "app.account_unknown", "login", demoAccounts[0].login)
	}
	// example.com belongs to nobody: the outbox shows what would be sent there.
	in := identity.AccountInput{Login: login, Name: demoNames[login], Email: login + "@example.com"}
	if agency != "" {
		o, found, err := org.FindByCode(tx, agency, clock.Day(a.clock()))
		if err != nil {
			return err
		}
		if !found {
			return errs.New(errs.NotFound, "app.agency_unknown", "code", agency)
		}
		in.AgencyID = o.ID
	}
	acc, err := ident.CreateAccount(tx, admin, in)
	if err != nil {
		return err
	}
	scope := in.AgencyID
	if provinceWide[role] {
		scope = ""
	}
	_, err = ident.Grant(tx, admin, identity.GrantInput{AccountID: acc.ID, Role: role, AgencyID: scope})
	return err
}

// provinceWide are the roles that act over all agencies, wherever their holder sits.
var provinceWide = map[string]bool{
	identity.RoleChairman: true, identity.RoleSecretariat: true, identity.RoleOffice: true, identity.RoleAuditor: true,
	identity.RoleProcedureAdmin: true,
}

// demoNames are posts, not persons: nobody real stands behind an account.
var demoNames = map[string]string{
	"admin": "Quản trị viên", "chutich": "Chủ tịch UBND tỉnh", "noivu": "Chuyên viên Sở Nội vụ", "vpubnd": "Chuyên viên Văn phòng UBND tỉnh",
	"soxd.truong": "Giám đốc Sở Xây dựng", "soxd.cv": "Chuyên viên Sở Xây dựng", "tuyphuoc": "Chủ tịch UBND xã Tuy Phước",
	"kiemtoan": "Kiểm toán viên", "congdan": "Công dân", "motcua": "Cán bộ một cửa phường Quy Nhơn",
	"thutuc": "Quản trị thủ tục hành chính", "thuphi": "Cán bộ thu phí phường Quy Nhơn", "giamdoc": "Giám đốc Trung tâm hành chính công Quy Nhơn",
	"thuly": "Chuyên viên thụ lý Sở Văn hóa, Thể thao và Du lịch", "lanhdao": "Phó Giám đốc Sở Văn hóa, Thể thao và Du lịch",
}

// headAccounts are the heads among the accounts, by agency code.
var headAccounts = map[string]string{"GL.UBND": "chutich", "GL.D07": "soxd.truong", "GL.X033": "tuyphuoc"}

// seedHeads gives every agency a head for as long as it stands, named by the post.
func (a *App) seedHeads(tx *db.Tx) error {
	for _, day := range []string{"2022-01-01", clock.Day(a.clock())} {
		agencies, err := org.List(tx, day)
		if err != nil {
			return err
		}
		for _, o := range agencies {
			if _, found, err := org.Head(tx, o.ID, day); err != nil || found {
				if err != nil {
					return err
				}
				continue
			}
			from := o.ValidFrom
			if from < "2021-01-01" {
				from = "2021-01-01"
			}
			title := org.HeadTitle(o.Name)
			head := org.Appointment{AgencyID: o.ID, PostTitle: title, PersonName: title + " " + o.Name, FromDay: from}
			if login := headAccounts[o.Code]; login != "" {
				acc, found, err := a.rooms.identity.AccountByLogin(tx, login)
				if err != nil {
					return err
				}
				if found {
					head.AccountID = acc.ID
				}
			}
			if _, err := a.rooms.agencies.SetHead(tx, seeder, head); err != nil {
				return err
			}
		}
	}
	return nil
}

func roleName(ctx context.Context, role string) string { return i18n.T(ctx, "role."+role) }
