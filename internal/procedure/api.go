package procedure

import (
	"context"
	"net/url"

	"cchc/internal/api"
	"cchc/internal/calendar"
	"cchc/internal/ui"
)

type listInput struct {
	Q       string `query:"q" maxLength:"200" example:"karaoke" doc:"Words of the name, field or code; marks may be left out, all words count."`
	Field   string `query:"field" maxLength:"200" doc:"Only this field."`
	Level   string `query:"level" enum:"province,commune,both,central" doc:"Only what this level of government receives."`
	Service string `query:"service" enum:"full,partial,information" doc:"Only this level of online service."`
	api.Paging
}

type procedureBody struct {
	Key          string         `json:"key" example:"karaoke-new" doc:"The name between programs; never changes."`
	Code         string         `json:"code,omitempty" example:"1.001029" doc:"National code; absent while unknown."`
	Name         string         `json:"name"`
	Field        string         `json:"field,omitempty"`
	Level        Level          `json:"level,omitempty" enum:"province,commune,both,central"`
	Kind         Kind           `json:"kind" enum:"single,group,feedback"`
	State        State          `json:"state" enum:"unpublished,published,amended,abolished"`
	ServiceLevel string         `json:"service_level,omitempty" enum:"full,partial,information"`
	Limit        procedureLimit `json:"limit"`
	Sample       bool           `json:"sample" doc:"True: sample data, to be checked against the law before use."`
}

type procedureLimit struct {
	Amount int64         `json:"amount" example:"5"`
	Unit   calendar.Unit `json:"unit,omitempty" enum:"minute,working_hour,working_day,calendar_day"`
	Known  bool          `json:"known" doc:"False: nobody stated the limit; a receipt gives no promise."`
}

func limitOf(l Limit) procedureLimit { return procedureLimit(l) }

func bodyOf(p Procedure, c Content) procedureBody {
	return procedureBody{Key: p.Key, Code: c.Code, Name: c.Name, Field: c.Field, Level: c.Level, Kind: p.Kind, State: p.State, ServiceLevel: c.ServiceLevel, Limit: limitOf(c.Limit), Sample: p.Sample}
}

type keyInput struct {
	Key string `path:"key" maxLength:"64" example:"karaoke-new" doc:"Key of the procedure."`
}

type oneInput struct {
	Key string `path:"key" maxLength:"64" example:"karaoke-new" doc:"Key of the procedure."`
	On  string `query:"on" example:"2026-10-14" doc:"The version in force on this day, Vietnam time; without it today."`
}

type procedureWhole struct {
	procedureBody
	Version      int64            `json:"version_no" doc:"Number of the version."`
	VersionID    string           `json:"version_id"`
	From         string           `json:"from" example:"2025-07-01"`
	To           string           `json:"to" example:"9999-12-31" doc:"Last day in force; 9999-12-31 without an end."`
	Decision     string           `json:"decision,omitempty"`
	Authority    string           `json:"authority,omitempty"`
	Applicants   string           `json:"applicants,omitempty"`
	Channels     []string         `json:"channels"`
	Notice       procedureLimit   `json:"supplement_notice"`
	Pays         string           `json:"pays,omitempty" enum:"none,before,after"`
	Results      []string         `json:"results"`
	Bases        []string         `json:"bases"`
	Variants     []procedureCase  `json:"variants"`
	Components   []procedurePaper `json:"components"`
	Fees         []procedureFee   `json:"fees" doc:"Those that count on the day."`
	FeeText      string           `json:"fee_text,omitempty"`
	Steps        []procedureStep  `json:"steps" doc:"Who does what inside the office, in working minutes."`
	WaysMinutes  int              `json:"critical_minutes" doc:"Working minutes of the longest way through the steps; what is unknown counts as nothing."`
	EvidenceMark Mark             `json:"limit_evidence,omitempty" enum:"verified,secondary,memory,design_default,not_verified" doc:"How sure the limit is."`
}

type procedureCase struct {
	Code  string         `json:"code"`
	Name  string         `json:"name"`
	Limit procedureLimit `json:"limit"`
}

type procedurePaper struct {
	Code       string `json:"code"`
	Name       string `json:"name"`
	Variant    string `json:"variant,omitempty"`
	Originals  int    `json:"originals"`
	Certified  int    `json:"certified"`
	Copies     int    `json:"copies"`
	Required   bool   `json:"required"`
	RequiredIf string `json:"required_if,omitempty"`
	Digitise   string `json:"digitise,omitempty" enum:"result,law,management"`
}

type procedureFee struct {
	Variant   string `json:"variant,omitempty"`
	Area      string `json:"area,omitempty"`
	Criterion string `json:"criterion,omitempty"`
	Amount    int64  `json:"amount" doc:"In VND."`
	PerUnit   string `json:"per_unit,omitempty" doc:"The amount is for each of these."`
	Cap       int64  `json:"cap,omitempty" doc:"At most, in VND."`
	From      string `json:"from"`
	To        string `json:"to"`
}

type procedureStep struct {
	No       int    `json:"no"`
	Stage    int    `json:"stage" doc:"The clock stops between stages."`
	Group    string `json:"group" enum:"counter,handler,unit_head,leader,coordinating,outside"`
	Actor    string `json:"actor"`
	Do       string `json:"do"`
	Minutes  int    `json:"minutes"`
	Known    bool   `json:"known"`
	Parallel string `json:"parallel,omitempty"`
	Needs    []int  `json:"needs"`
}

type oneOutput struct {
	api.ETag
	Body procedureWhole
}

type procedureVersion struct {
	No           int64  `json:"no"`
	ID           string `json:"id"`
	From         string `json:"from" example:"2025-07-01"`
	To           string `json:"to" example:"9999-12-31"`
	Decision     string `json:"decision,omitempty"`
	DecisionDay  string `json:"decision_day,omitempty"`
	PublishedDay string `json:"published_day,omitempty"`
	Digest       string `json:"sha256" doc:"Of the content, which never changes once published."`
}

// Operations opens the catalogue for programs. It is public, as the law asks.
func Operations(a *api.API, s *Service) {
	a.Tag("procedures", "The catalogue of administrative procedures: what is needed, how long it takes, what it costs, in which version.")
	op := func(id, path, summary, description string) api.Op {
		return api.Op{ID: id, Method: "GET", Path: path, Right: ui.Public, Summary: summary, Description: description, Tag: "procedures"}
	}
	api.Register(a, op("listProcedures", "/api/v1/procedures", "List the procedures in force today, by name", "Words are matched without marks. Whoever is signed in and keeps the catalogue is shown the same list here."),
		func(ctx context.Context, in *listInput) (*api.List[procedureBody], error) {
			after, err := in.Cursor(2)
			if err != nil {
				return nil, err
			}
			q := Query{Words: in.Q, Field: in.Field, Level: Level(in.Level), Online: in.Service}
			rows, err := s.Public(ctx, q, after, in.Limit+1)
			if err != nil {
				return nil, err
			}
			items := make([]procedureBody, 0, len(rows))
			at := map[string][]string{}
			for _, r := range rows {
				items = append(items, bodyOf(r.Procedure, r.Current.Content))
				at[r.Key] = r.Cursor()
			}
			filters := url.Values{}
			for name, v := range map[string]string{"q": in.Q, "field": in.Field, "level": in.Level, "service": in.Service} {
				if v != "" {
					filters.Set(name, v)
				}
			}
			return api.NewList(in.Paging, "/api/v1/procedures", filters, items, func(b procedureBody) []string { return at[b.Key] }), nil
		})
	api.Register(a, op("getProcedure", "/api/v1/procedures/{key}", "Read a procedure as it counts on a day", "The version in force on the day, with papers, fees, cases and the steps inside the office."),
		func(ctx context.Context, in *oneInput) (*oneOutput, error) {
			p, v, err := s.On(ctx, in.Key, in.On)
			if err != nil {
				return nil, err
			}
			return &oneOutput{api.Tag(v.Version), wholeOf(p, v, orToday(in.On, s.Today()))}, nil
		})
	api.Register(a, op("listProcedureVersions", "/api/v1/procedures/{key}/versions", "The published versions of a procedure, newest first", ""),
		func(ctx context.Context, in *keyInput) (*api.List[procedureVersion], error) {
			v, err := s.Open(ctx, in.Key)
			if err != nil {
				return nil, err
			}
			items := []procedureVersion{}
			for _, one := range v.Published() {
				items = append(items, procedureVersion{one.No, one.ID, one.From, one.To, one.Decision, one.DecisionDay, one.PublishedDay, one.Digest})
			}
			return api.NewList(api.Paging{}, "/api/v1/procedures/"+in.Key+"/versions", nil, items, nil), nil
		})
}

func orToday(day, today string) string {
	if day == "" {
		return today
	}
	return day
}

func wholeOf(p Procedure, v Version, day string) procedureWhole {
	c := v.Content
	b := procedureWhole{procedureBody: bodyOf(p, c), Version: v.No, VersionID: v.ID, From: v.From, To: v.To, Decision: v.Decision, Authority: c.Authority, Applicants: c.Applicants,
		Channels: orEmpty(c.Channels), Notice: limitOf(c.SupplementNotice), Pays: c.Pays, Results: orEmpty(c.Results), Bases: orEmpty(c.Bases), FeeText: c.FeeText,
		Variants: []procedureCase{}, Components: []procedurePaper{}, Fees: []procedureFee{}, Steps: []procedureStep{}, WaysMinutes: wayMinutes(c), EvidenceMark: c.Evidence["limit"].Mark}
	for _, x := range c.Variants {
		b.Variants = append(b.Variants, procedureCase{x.Code, x.Name, limitOf(x.Limit)})
	}
	for _, x := range c.Components {
		b.Components = append(b.Components, procedurePaper{x.Code, x.Name, x.Variant, x.Originals, x.Certified, x.Copies, x.Required, x.RequiredIf, x.Digitise})
	}
	for _, f := range c.Fees {
		if f.From <= day && day <= f.To {
			b.Fees = append(b.Fees, procedureFee{f.Variant, f.Area, f.Criterion, f.Amount, f.PerUnit, f.Cap, f.From, f.To})
		}
	}
	for _, x := range c.Steps {
		b.Steps = append(b.Steps, procedureStep{x.No, x.Stage, string(x.Group), x.Actor, x.Do, x.Minutes, x.Known, x.Parallel, orEmpty(x.Needs)})
	}
	return b
}

func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}
