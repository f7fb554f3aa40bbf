package app

import (
	"context"
	"encoding/json"
	"time"

	"cchc/internal/audit"
	"cchc/internal/db"
	"cchc/internal/dossier"
	"cchc/internal/event"
	"cchc/internal/i18n"
	"cchc/internal/interlink"
	"cchc/internal/procedure"
)

// groupsOf tells the room of groups what the catalogue defines.
type groupsOf struct{ procedures *procedure.Service }

// Find reads the definition of a day.
func (g groupsOf) Find(tx *db.Tx, key, day string) (interlink.Definition, error) {
	got, err := g.procedures.Group(tx, key, day)
	return definition(got), err
}

// Open lists the definitions of a day.
func (g groupsOf) Open(tx *db.Tx, day string) (list []interlink.Definition, err error) {
	all, err := g.procedures.GroupsOn(tx, day)
	for _, one := range all {
		list = append(list, definition(one))
	}
	return list, err
}

func definition(g procedure.Group) interlink.Definition {
	d := interlink.Definition{Key: g.Key, Name: g.Name, Basis: g.Basis, Leads: g.Leads, Amount: int(g.Promise.Amount), Unit: g.Promise.Unit, Known: g.Promise.Known}
	for _, m := range g.Members {
		d.Members = append(d.Members, interlink.Member{Key: m.Key, Name: m.Name, Authority: m.Authority, Ours: m.Ours, Together: m.Together, Needs: m.Needs})
	}
	return d
}

// memberDossiers receives and stops the dossiers of members in the name of the program.
type memberDossiers struct{ dossiers *dossier.Service }

// Receive takes one member dossier.
func (m memberDossiers) Receive(tx *db.Tx, who audit.Who, now time.Time, f interlink.Filing) (id, code string, err error) {
	channel := dossier.Counter
	if f.Online {
		channel = dossier.Online
	}
	d, err := m.dossiers.Take(tx, who, now, dossier.Receipt{Procedure: f.Procedure, Channel: channel, Receiving: f.Receiving, Competent: f.Competent, Group: f.Group, Content: f.Content, At: now,
		Applicant: dossier.Party{Kind: f.Applicant.Kind, Name: f.Applicant.Name, IDKind: f.Applicant.IDKind, IDNumber: f.Applicant.IDNumber, Phone: f.Applicant.Phone, Email: f.Applicant.Email, Address: f.Applicant.Address}})
	return d.ID, d.Code, err
}

// Stop ends a member dossier.
func (m memberDossiers) Stop(tx *db.Tx, who audit.Who, now time.Time, id, document, reason string) error {
	_, err := m.dossiers.Do(tx, who, now, id, dossier.Act{Move: "stop", Document: document, Reason: reason})
	return err
}

// buildInterlink makes the room that runs groups of procedures and lets it follow what
// happens to their dossiers.
func (a *App) buildInterlink() *interlink.Service {
	vi := i18n.WithLang(context.Background(), i18n.Vi)
	s := &interlink.Service{DB: a.db, Clock: a.clock, Log: a.log, Groups: groupsOf{a.rooms.procedure}, Dossiers: memberDossiers{a.rooms.dossier},
		Words: func(key string, args ...any) string { return i18n.T(vi, key, args...) }}
	a.bus.On(event.DossierMoved{}.Kind(), "interlink", func(tx *db.Tx, body []byte) error {
		var said event.DossierMoved
		if err := json.Unmarshal(body, &said); err != nil {
			return err
		}
		return s.Follow(tx, said)
	})
	return s
}
