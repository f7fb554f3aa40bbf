package quality

import (
	"context"

	"cchc/internal/api"
	"cchc/internal/decimal"
)

type qualityInput struct {
	Agency string `query:"agency" required:"true" maxLength:"64" example:"GL.X001" doc:"Code of the agency; all below it counts too."`
	Period string `query:"period" required:"true" maxLength:"10" example:"2026-Q3" doc:"A month (2026-09), a quarter (2026-Q3) or a year (2026)."`
}

type qualityLine struct {
	Code        string   `json:"code" example:"2.1"`
	Group       string   `json:"group" enum:"openness,progress,online,payment,digitised,satisfaction"`
	Standing    Standing `json:"standing" enum:"counted,no_case,no_source,no_weight" doc:"Only what is counted gives points; the others are outside the total, never 0."`
	Numerator   int64    `json:"numerator"`
	Denominator int64    `json:"denominator"`
	Rate        string   `json:"rate,omitempty" example:"96.50" doc:"Percent, rounded half up."`
	Points      string   `json:"points,omitempty" example:"19.30"`
	Max         string   `json:"max,omitempty" example:"20"`
	Full        string   `json:"full,omitempty" example:"80" doc:"Percent from which points are full; absent when they rise up to 100."`
	Unverified  bool     `json:"unverified" doc:"The weight or the threshold comes from a secondary source."`
	Figure      string   `json:"figure" example:"dossier.index_in_time_rate" doc:"Code of the figure that is read."`
	Official    string   `json:"official,omitempty" example:"19.25" doc:"What the national portal says."`
	Why         string   `json:"why,omitempty" example:"ours_more" doc:"What most likely makes the official value differ."`
}

type qualitySum struct {
	Group  string `json:"group" doc:"Empty for the total."`
	Points string `json:"points,omitempty" example:"17.55"`
	Most   string `json:"most" example:"18.00" doc:"What the counted lines could give."`
	Whole  string `json:"whole" example:"18.00" doc:"What the group gives by the decision."`
}

type qualityIndexOutput struct {
	Body struct {
		Agency string        `json:"agency" example:"GL.X001"`
		Period string        `json:"period" example:"2026-Q3"`
		Frozen string        `json:"frozen,omitempty" doc:"SHA-256 of the table that was frozen; the lines here are those of today."`
		Lines  []qualityLine `json:"lines"`
		Sums   []qualitySum  `json:"sums"`
	}
}

type qualityFormOutput struct {
	Body struct {
		Agency    string `json:"agency" example:"GL.X001"`
		Period    string `json:"period" example:"2026-Q3"`
		Received  int64  `json:"received" doc:"Always solved and in process together."`
		Online    int64  `json:"online"`
		Offline   int64  `json:"offline" doc:"At the counter and by post."`
		Carried   int64  `json:"carried" doc:"From the period before."`
		Solved    int64  `json:"solved"`
		Early     int64  `json:"early"`
		OnTime    int64  `json:"on_time" doc:"With those that wait for the applicant at the end, and those withdrawn or closed."`
		Late      int64  `json:"late"`
		InProcess int64  `json:"in_process"`
		InTime    int64  `json:"in_time"`
		Overdue   int64  `json:"overdue"`
	}
}

// Operations opens the room for programs: the same methods as the pages.
func Operations(a *api.API, s *Service) {
	a.Tag("quality", "How well the one-stop shop serves: the service index and form II.06a.")
	op := func(id, path, summary string) api.Op {
		return api.Op{ID: id, Method: "GET", Path: path, Right: RightView, Summary: summary, Tag: "quality"}
	}
	api.Register(a, op("getServiceIndex", "/api/v1/quality/index", "Read the service index of an agency in a period"),
		func(ctx context.Context, in *qualityInput) (*qualityIndexOutput, error) {
			id, err := s.agencyID(ctx, in.Agency)
			if err != nil {
				return nil, err
			}
			v, err := s.Index(ctx, id, in.Period)
			if err != nil {
				return nil, err
			}
			return indexBody(v), nil
		})
	api.Register(a, op("getResultForm", "/api/v1/quality/form", "Read form II.06a/VPCP/KSTT of an agency in a period"),
		func(ctx context.Context, in *qualityInput) (*qualityFormOutput, error) {
			id, err := s.agencyID(ctx, in.Agency)
			if err != nil {
				return nil, err
			}
			f, err := s.Form(ctx, id, in.Period)
			if err != nil {
				return nil, err
			}
			out := &qualityFormOutput{}
			b := &out.Body
			b.Agency, b.Period, b.Received, b.Online, b.Offline, b.Carried = f.Agency.Code, f.Period.Code, f.Received, f.Online, f.Offline, f.Carried
			b.Solved, b.Early, b.OnTime, b.Late, b.InProcess, b.InTime, b.Overdue = f.Solved, f.Early, f.OnTime, f.Late, f.InProcess, f.InTime, f.Overdue
			return out, nil
		})
}

func indexBody(v IndexView) *qualityIndexOutput {
	out := &qualityIndexOutput{}
	b := &out.Body
	b.Agency, b.Period = v.Agency.Code, v.Period.Code
	if v.Frozen != nil {
		b.Frozen = v.Frozen.Digest
	}
	for _, l := range v.Values {
		line := qualityLine{Code: l.Code, Group: l.Group, Standing: l.Standing, Numerator: l.Fact.Numerator, Denominator: l.Fact.Denominator, Rate: l.Rate, Points: l.Points, Max: l.Max, Full: l.Full,
			Unverified: l.Doubt, Figure: l.Figure}
		if o, found := v.Official[l.Code]; found {
			line.Official = decimal.FromScaled(o.Points, 2).Fixed(2)
			line.Why = l.Why(line.Official)
		}
		b.Lines = append(b.Lines, line)
	}
	for _, g := range v.Sums {
		b.Sums = append(b.Sums, qualitySum{g.Name, g.Points, g.Most, g.Whole})
	}
	return out
}
