package directory

import (
	"context"
	"net/url"

	"cchc/internal/api"
	"cchc/internal/calendar"
	"cchc/internal/errs"
	"cchc/internal/org"
	"cchc/internal/ui"
)

type agenciesInput struct {
	api.Paging
	On   string `query:"on" maxLength:"10" example:"2026-10-14" doc:"The day on which the agencies exist (YYYY-MM-DD); without it today. Names and parents are those of that day."`
	Kind string `query:"kind" enum:"province,department,central_agency,district,commune,service_centre,public_unit,company,other" example:"department" doc:"Only this kind"`
	Q    string `query:"q" maxLength:"100" example:"so noi vu" doc:"Any part of a name, old name or code; marks do not matter"`
}

type agencyItem struct {
	Code       string   `json:"code" example:"GL.D02"`
	Name       string   `json:"name" doc:"As it was called on the day"`
	ShortName  string   `json:"short_name"`
	Kind       org.Kind `json:"kind" example:"department"`
	ParentName string   `json:"parent_name"`
	ValidFrom  string   `json:"valid_from" example:"2025-07-01" doc:"First day; 0001-01-01 when it is not known"`
	ValidTo    string   `json:"valid_to" example:"9999-12-31" doc:"Last day; 9999-12-31 while it exists"`
	Sample     bool     `json:"sample" doc:"Sample data, to be checked before real use"`
	key        []string
}

type agencyInput struct {
	Code string `path:"code" maxLength:"60" example:"GL.D02" doc:"Any code that the agency carries or carried"`
}

type agencyOutput struct{ Body agencyBody }

type agencyBody struct {
	Code         string       `json:"code" example:"GL.D02"`
	Name         string       `json:"name"`
	ShortName    string       `json:"short_name"`
	Kind         org.Kind     `json:"kind" example:"department"`
	ParentCode   string       `json:"parent_code" doc:"Empty at the top"`
	ValidFrom    string       `json:"valid_from" example:"2025-07-01"`
	ValidTo      string       `json:"valid_to" example:"9999-12-31"`
	Sample       bool         `json:"sample" doc:"Sample data, to be checked before real use"`
	Head         string       `json:"head" doc:"Who heads it today; empty when nobody is recorded"`
	Names        []org.Alias  `json:"names" doc:"Names and codes through time"`
	Successors   []successorB `json:"successors"`
	Predecessors []successorB `json:"predecessors"`
}

type successorB struct {
	Code  string `json:"code" example:"GL.D02"`
	Name  string `json:"name"`
	Field string `json:"field" doc:"Field of work; empty for all"`
	Day   string `json:"day" example:"2025-07-01"`
}

type daysInput struct {
	Year int `query:"year" required:"true" minimum:"1900" maximum:"2199" example:"2026" doc:"The year"`
}

type daysOutput struct{ Body daysBody }

type daysBody struct {
	Year      int       `json:"year" example:"2026"`
	Confirmed bool      `json:"confirmed" doc:"An officer has compared the year with the announcement"`
	Working   []int     `json:"working" doc:"Working days of each month, January first"`
	Days      []dayItem `json:"days" doc:"Days that are not what their weekday says"`
}

type dayItem struct {
	Day     string           `json:"day" example:"2026-09-02"`
	Kind    calendar.DayKind `json:"kind" example:"day_off"`
	Name    string           `json:"name"`
	Basis   string           `json:"basis" doc:"The document that says so"`
	SwapDay string           `json:"swap_day" doc:"The day worked instead, or the day off worked for"`
	Agency  string           `json:"agency" doc:"Name of the agency for which it holds; empty for all"`
	Sample  bool             `json:"sample" doc:"Sample data, to be checked before real use"`
}

// Operations opens the room's operations for programs: public, because what agencies
// there are and when they work is public.
func Operations(a *api.API, s *Service) {
	a.Tag("agencies", "Agencies through time: names, codes, successors.")
	api.Register(a, api.Op{
		ID: "listAgencies", Method: "GET", Path: "/api/v1/agencies", Right: ui.Public, Tag: "agencies",
		Summary: "List the agencies of a day", Description: "The agencies that exist on a day, by kind and then by name.", Errors: []int{400, 422},
	}, func(ctx context.Context, in *agenciesInput) (*api.List[agencyItem], error) { return s.apiList(ctx, in) })
	api.Register(a, api.Op{
		ID: "getAgency", Method: "GET", Path: "/api/v1/agencies/{code}", Right: ui.Public, Tag: "agencies",
		Summary: "Read one agency", Description: "An agency by any code that it ever had, with its names through time, its successors and predecessors.", Errors: []int{404},
	}, func(ctx context.Context, in *agencyInput) (*agencyOutput, error) {
		v, err := s.AgencyByCode(ctx, in.Code)
		return &agencyOutput{agencyWords(v)}, err
	})
	api.Register(a, api.Op{
		ID: "listCalendarDays", Method: "GET", Path: "/api/v1/calendar/days", Right: ui.Public, Tag: "calendar",
		Summary: "List a year's special days", Description: "Days off, make-up days and days that wait for confirmation.", Errors: []int{422},
	}, func(ctx context.Context, in *daysInput) (*daysOutput, error) {
		v, err := s.Year(ctx, in.Year)
		return &daysOutput{yearWords(v)}, err
	})
}

func (s *Service) apiList(ctx context.Context, in *agenciesInput) (*api.List[agencyItem], error) {
	after, err := in.Cursor(3)
	if err != nil {
		return nil, err
	}
	if len(after) == 3 {
		if _, ok := readRank(after[0]); !ok {
			return nil, errs.New(errs.Invalid, "api.cursor_unreadable")
		}
	}
	v, err := s.List(ctx, Filter{Day: in.On, Kind: org.Kind(in.Kind), Query: in.Q, After: after, Limit: in.Limit})
	if err != nil {
		return nil, err
	}
	items := make([]agencyItem, 0, len(v.Rows)+1)
	for _, l := range v.Rows {
		items = append(items, agencyItem{
			Code: l.Code, Name: l.OnName, ShortName: l.ShortName, Kind: l.Kind, ParentName: l.ParentName,
			ValidFrom: l.ValidFrom, ValidTo: l.ValidTo, Sample: l.Sample, key: l.Key(),
		})
	}
	if v.More { // NewList takes a page that is one too long as the sign that there is more
		items = append(items, agencyItem{})
	}
	filters := url.Values{}
	for name, value := range map[string]string{"on": in.On, "kind": in.Kind, "q": in.Q} {
		if value != "" {
			filters.Set(name, value)
		}
	}
	return api.NewList(in.Paging, "/api/v1/agencies", filters, items, func(i agencyItem) []string { return i.key }), nil
}

func agencyWords(v View) agencyBody {
	a := v.Agency
	out := agencyBody{
		Code: a.Code, Name: a.Name, ShortName: a.ShortName, Kind: a.Kind, ParentCode: v.Parent.Code, ValidFrom: a.ValidFrom, ValidTo: a.ValidTo,
		Sample: a.Sample, Head: v.Head.PersonName, Names: []org.Alias{}, Successors: lines(v.Successors), Predecessors: lines(v.Predecessors),
	}
	for _, n := range v.Names {
		if n.Kind != "generated" {
			out.Names = append(out.Names, n)
		}
	}
	return out
}

func lines(all []Succession) []successorB {
	out := []successorB{}
	for _, s := range all {
		out = append(out, successorB{Code: s.Agency.Code, Name: s.Agency.Name, Field: s.Field, Day: s.Day})
	}
	return out
}

func yearWords(v Year) daysBody {
	out := daysBody{Year: v.Year, Confirmed: v.Confirmed, Working: []int{}, Days: []dayItem{}}
	for _, m := range v.Months {
		out.Working = append(out.Working, m.Working)
		for _, d := range m.Days {
			out.Days = append(out.Days, dayItem{Day: d.Day, Kind: d.Kind, Name: d.Name, Basis: d.Basis, SwapDay: d.SwapDay, Agency: v.Names[d.AgencyID], Sample: d.Sample})
		}
	}
	return out
}
