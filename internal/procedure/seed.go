package procedure

import (
	"context"
	"embed"
	"encoding/json"
	"fmt"
	"time"

	"cchc/internal/audit"
	"cchc/internal/db"
	"cchc/internal/errs"
)

//go:embed data/procedures.json data/land-procedures.json data/groups.json data/sample-parts.json
var shipped embed.FS

// sampleParts is what the shipped files do not say, proposed for the demonstration.
type sampleParts struct {
	Field            string   `json:"field"`
	Channels         []string `json:"channels"`
	Sets             int      `json:"sets"`
	Applicants       string   `json:"applicants"`
	ServiceLevel     string   `json:"service_level"`
	Pays             string   `json:"pays"`
	PausesForPayment bool     `json:"pauses_for_payment"`
	ReturnsDocument  bool     `json:"returns_document"`
	Results          []string `json:"results"`
	From             string   `json:"from"`
	Decision         string   `json:"decision"`
	DecisionDay      string   `json:"decision_day"`
	EffectiveDay     string   `json:"effective_day"`
	PublishedDay     string   `json:"published_day"`
}

// seedFrom is the day from which the samples are in force: the merged province.
const seedFrom = "2025-07-01"

// ShippedEntries reads the twelve procedures and the groups that come with the program.
func ShippedEntries() (entries []Entry, groups []Group, err error) {
	for _, name := range []string{"data/procedures.json", "data/land-procedures.json"} {
		raw, err := shipped.ReadFile(name)
		if err != nil {
			return nil, nil, err
		}
		r, err := Read(raw)
		if err != nil {
			return nil, nil, fmt.Errorf("%s: %w", name, err)
		}
		entries = append(entries, r.Entries...)
	}
	raw, err := shipped.ReadFile("data/groups.json")
	if err == nil {
		err = json.Unmarshal(raw, &groups)
	}
	return entries, groups, err
}

// Seed fills an empty catalogue with the shipped procedures: those whose check has
// nothing in the way are published as of 1 July 2025, the others stay drafts for somebody
// to settle. It runs once.
func Seed(ctx context.Context, s *Service) error {
	entries, groups, err := ShippedEntries()
	if err != nil {
		return err
	}
	var parts map[string]sampleParts
	raw, err := shipped.ReadFile("data/sample-parts.json")
	if err == nil {
		err = json.Unmarshal(raw, &parts)
	}
	if err != nil {
		return err
	}
	now := s.Clock()
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		if _, err := findProcedure(tx, entries[0].Key); errs.KindOf(err) != errs.NotFound {
			return err
		}
		for _, g := range groups {
			g.ID = db.NewID()
			if err := g.wellFormed(); err != nil {
				return err
			}
			if err := putGroup(tx, g); err != nil {
				return err
			}
		}
		for _, e := range entries {
			if err := s.seedOne(tx, e, parts[e.Key], now); err != nil {
				return fmt.Errorf("%s: %w", e.Key, err)
			}
		}
		return nil
	})
}

func (s *Service) seedOne(tx *db.Tx, e Entry, p sampleParts, now time.Time) error {
	c := e.Content
	c.Field, c.Channels, c.Sets, c.Applicants, c.ServiceLevel, c.Results = p.Field, p.Channels, p.Sets, p.Applicants, p.ServiceLevel, p.Results
	c.PausesForPayment, c.ReturnsDocument = p.PausesForPayment, p.ReturnsDocument
	if c.Pays == "" {
		c.Pays = p.Pays
	}
	if p.Decision != "" {
		for i := range c.Components { // the sources state no counts; one of each is proposed
			c.Components[i].Originals = 1
		}
		c.Evidence["parts"] = Evidence{Mark: DesignDefault}
	}
	proc := Procedure{ID: db.NewID(), Key: e.Key, Kind: e.Kind, State: Unpublished, Sample: true}
	proc.name(c)
	v := Version{ID: db.NewID(), Procedure: proc.ID, No: 1, State: Draft, To: LastDay, CreatedMs: now.UnixMilli(), Content: c}
	blocked, unknown := Stands(Check(e.Kind, c))
	if p.Decision != "" && !blocked {
		proc.State, v.State, v.From, v.AcceptUnknown = Published, InUse, seedFrom, unknown
		if p.From != "" {
			v.From = p.From
		}
		v.Decision, v.DecisionDay, v.EffectiveDay, v.PublishedDay = p.Decision, p.DecisionDay, p.EffectiveDay, p.PublishedDay
	}
	if err := addProcedure(tx, proc, now.UnixMilli()); err != nil {
		return err
	}
	if err := addVersion(tx, v); err != nil {
		return err
	}
	return s.Log.Record(tx, audit.System("command:demo"), audit.Entry{Kind: "procedure.draft", Subject: "procedure_version:" + v.ID,
		After: map[string]any{"key": proc.Key, "no": v.No, "state": v.State, "from": v.From}})
}
