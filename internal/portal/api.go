package portal

import (
	"context"
	"time"

	"cchc/internal/api"
	"cchc/internal/calendar"
	"cchc/internal/clock"
	"cchc/internal/ui"
)

type dueInput struct {
	Start  string   `query:"start" required:"true" example:"2026-08-28T15:00" doc:"When the work began: ISO 8601; without a zone it is Vietnam's time (+07:00)."`
	Amount int      `query:"amount" required:"true" minimum:"0" example:"5" doc:"How many units."`
	Unit   string   `query:"unit" required:"true" enum:"minute,working_hour,working_day,calendar_day" example:"working_day" doc:"What the amount is counted in."`
	Pause  []string `query:"pause,explode" doc:"A pause FROM/TO during which the clock stands still; may be repeated."`
	Agency string   `query:"agency" example:"GL.D02" doc:"Code of the agency whose working hours count; without it the province's usual hours."`
}

type dueOutput struct{ Body dueBody }

type dueBody struct {
	Due   string          `json:"due" format:"date-time" example:"2026-09-09T15:00:00+07:00" doc:"When the work is due, in Vietnam's time."`
	Steps []calendar.Step `json:"steps" doc:"Each day of the count, in order."`
}

// Operations opens the room's operations for programs.
func Operations(a *api.API, s *Service) {
	a.Tag("calendar", "Working time: when a deadline falls, and why.")
	api.Register(a, api.Op{
		ID: "getDueTime", Method: "GET", Path: "/api/v1/calendar/due", Right: ui.Public, Tag: "calendar",
		Summary:     "Count a deadline in working time",
		Description: "Counts from the start through working hours, days off, make-up days and pauses, and explains each day.",
		Errors:      []int{422},
	}, func(ctx context.Context, in *dueInput) (*dueOutput, error) {
		req := DueRequest{Amount: in.Amount, Unit: calendar.Unit(in.Unit), Agency: in.Agency}
		var err error
		if req.Start, err = ParseMoment("start", in.Start); err != nil {
			return nil, err
		}
		for _, p := range in.Pause {
			span, err := ParsePause(p)
			if err != nil {
				return nil, err
			}
			req.Pauses = append(req.Pauses, span)
		}
		ans, err := s.Due(ctx, req)
		if err != nil {
			return nil, err
		}
		return &dueOutput{dueBody{Due: ans.Due.In(clock.Vietnam).Format(time.RFC3339), Steps: ans.Steps}}, nil
	})
}
