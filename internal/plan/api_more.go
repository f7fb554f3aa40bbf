package plan

import (
	"context"
	"slices"

	"cchc/internal/identity"
)

type dayInput struct {
	ID string `path:"id" maxLength:"64" doc:"Id of the record."`
	On string `query:"on" example:"2026-09-30" doc:"The day, Vietnam time; without it today."`
}

type targetBody struct {
	ID       string `json:"id"`
	Code     string `json:"code" example:"CT24"`
	Area     int    `json:"area"`
	Name     string `json:"name"`
	Operator string `json:"operator" enum:">=,<=,="`
	Aim      string `json:"aim" example:"95" doc:"Decimal text, in the unit."`
	Unit     string `json:"unit"`
	Year     int    `json:"year"`
	Value    string `json:"value,omitempty" example:"91.25" doc:"The latest measured value; absent while nothing was measured."`
	AsOf     string `json:"as_of,omitempty" example:"2026-09-30"`
	Source   string `json:"source,omitempty" enum:"live,manual"`
	Document string `json:"document,omitempty" doc:"What proves a value entered by hand."`
	Met      *bool  `json:"met,omitempty"`
}

func targetOf(r TargetRow) targetBody {
	t := targetBody{ID: r.Target.ID, Code: r.Target.Code, Area: r.Target.Area, Name: r.Target.Name, Operator: r.Target.Operator, Aim: r.Target.Value, Unit: r.Target.Unit, Year: r.Target.Year}
	if r.measured() {
		t.Value, t.AsOf, t.Source, t.Document, t.Met = r.Last.Value, r.Last.Day, string(r.Last.Source), r.Last.Document, &r.Met
	}
	return t
}

type targetsOutput struct {
	Body struct {
		Items []targetBody `json:"items"`
	}
}

type versionBody struct {
	Version   int    `json:"version" doc:"1 is the plan as it was issued."`
	Amendment string `json:"amendment,omitempty"`
	Number    string `json:"number" example:"122/KH-UBND"`
	Day       string `json:"day" example:"2021-12-20"`
	Reason    string `json:"reason,omitempty"`
	Added     int    `json:"added" doc:"Tasks, as far as the caller sees them."`
	Changed   int    `json:"changed"`
	Cancelled int    `json:"cancelled"`
}

type versionsOutput struct {
	Body struct {
		Items []versionBody `json:"items"`
	}
}

// tasksFor lists tasks to whoever asks: a visitor gets what is published of an issued
// plan, of all agencies.
func (s *Service) tasksFor(ctx context.Context, in *StatusQuery) ([]TaskRow, error) {
	if identity.From(ctx).SignedIn() {
		return s.TaskRecords(ctx, in.ID, FigureTotal, in.On, in.filter())
	}
	rows, err := s.PublicTasks(ctx, in.ID, in.On)
	return slices.DeleteFunc(rows, func(r TaskRow) bool {
		return in.Area != 0 && r.Facts.Area != in.Area || in.Task != "" && r.Task.ID != in.Task
	}), err
}
