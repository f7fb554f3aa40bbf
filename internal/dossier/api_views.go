package dossier

import (
	"context"
	"net/url"
	"strconv"

	"cchc/internal/api"
	"cchc/internal/errs"
)

type dossierOutput struct {
	api.ETag
	Body dossierBody
}

type dossierBody struct {
	Code          string              `json:"code"`
	Procedure     string              `json:"procedure"`
	ProcedureCode string              `json:"procedure_code,omitempty" doc:"National code."`
	ProcedureName string              `json:"procedure_name"`
	VersionID     string              `json:"procedure_version"`
	Variant       string              `json:"variant,omitempty"`
	Channel       Channel             `json:"channel" enum:"counter,online,post"`
	State         State               `json:"state"`
	Step          int                 `json:"step,omitempty"`
	Receiving     string              `json:"receiving_agency"`
	Competent     string              `json:"competent_agency"`
	Returning     string              `json:"returning_agency"`
	Applicant     dossierPartyBody    `json:"applicant"`
	Submitter     *dossierPartyBody   `json:"submitter,omitempty"`
	Content       string              `json:"content,omitempty"`
	SubmittedAt   *string             `json:"submitted_at,omitempty"`
	ReceptionDue  *string             `json:"reception_due_at,omitempty"`
	AnsweredAt    *string             `json:"answered_at,omitempty"`
	ReceivedAt    *string             `json:"received_at"`
	OriginalDue   *string             `json:"original_due_at" doc:"Promised at receipt; never changes."`
	ClockDue      *string             `json:"clock_due_at" doc:"By the limit and the pauses alone."`
	DueAt         *string             `json:"due_at" doc:"What the applicant was told last."`
	PausedAt      *string             `json:"paused_at,omitempty" doc:"Since when the clock stands."`
	FinishedAt    *string             `json:"finished_at"`
	ReturnedAt    *string             `json:"returned_at"`
	Late          bool                `json:"late"`
	LateByClock   bool                `json:"late_by_clock"`
	Supplements   int                 `json:"supplements"`
	SupplyUntil   string              `json:"supply_until,omitempty"`
	Apologised    bool                `json:"apologised"`
	Transferred   string              `json:"transferred,omitempty" enum:"nonboundary,by_reorganisation"`
	Corrected     bool                `json:"corrected"`
	PaidOnline    bool                `json:"paid_online"`
	Papers        []dossierPaperOut   `json:"papers"`
	Steps         []dossierStepBody   `json:"steps"`
	Pauses        []dossierPauseBody  `json:"pauses"`
	Results       []dossierResultOut  `json:"results"`
	Opinions      []dossierOpinionOut `json:"opinions"`
	Moves         []string            `json:"moves" doc:"What the caller may do now."`
	Version       int64               `json:"version"`
}

type dossierPaperOut struct {
	No        int    `json:"no"`
	Component string `json:"component,omitempty"`
	Name      string `json:"name"`
	Originals int    `json:"originals"`
	Certified int    `json:"certified"`
	Copies    int    `json:"copies"`
	File      string `json:"file,omitempty"`
	SHA256    string `json:"sha256,omitempty"`
	Digitised int    `json:"digitised"`
	Reused    string `json:"reused_from,omitempty"`
}

type dossierStepBody struct {
	No        int     `json:"no"`
	Turn      int     `json:"turn"`
	Actor     string  `json:"actor"`
	Do        string  `json:"do"`
	EnteredAt *string `json:"entered_at"`
	StartedAt *string `json:"started_at"`
	DoneAt    *string `json:"done_at"`
	DueAt     *string `json:"due_at"`
	End       string  `json:"end,omitempty" enum:"done,redone,back"`
}

type dossierPauseBody struct {
	Kind string  `json:"kind" enum:"supplement,payment,stage"`
	From *string `json:"from"`
	To   *string `json:"to"`
}

type dossierResultOut struct {
	Kind       string  `json:"kind" enum:"approved,rejected,correction"`
	Number     string  `json:"number"`
	Day        string  `json:"day"`
	Title      string  `json:"title,omitempty"`
	Code       string  `json:"code,omitempty"`
	File       string  `json:"file,omitempty"`
	SHA256     string  `json:"sha256,omitempty"`
	SignedAt   *string `json:"signed_at"`
	ReturnedAt *string `json:"returned_at"`
	Way        string  `json:"way,omitempty"`
	Waybill    string  `json:"waybill,omitempty"`
}

type dossierOpinionOut struct {
	Agency   string  `json:"agency"`
	Question string  `json:"question"`
	AskedAt  *string `json:"asked_at"`
	DueAt    *string `json:"due_at"`
	GivenAt  *string `json:"given_at"`
	Answer   string  `json:"answer,omitempty"`
}

func bodyOf(v View) dossierBody {
	b := dossierBody{Code: v.Code, Procedure: v.Procedure, ProcedureCode: v.ProcedureCode, ProcedureName: v.ProcedureName, VersionID: v.Terms.VersionID, Variant: v.Terms.Variant,
		Channel: v.Channel, State: v.State, Step: v.Step, Receiving: v.ReceivingCode, Competent: v.CompetentCode, Returning: v.ReturningCode, Applicant: dossierPartyBody(v.Owner),
		Content: v.Content, SubmittedAt: instant(v.SubmittedMs), ReceptionDue: instant(v.ReceptionDueMs), AnsweredAt: instant(v.AnsweredMs), ReceivedAt: instant(v.ReceivedMs),
		OriginalDue: instant(v.OriginalDueMs), ClockDue: instant(v.ClockDueMs), DueAt: instant(v.DueMs), PausedAt: instant(v.PausedMs), FinishedAt: instant(v.FinishedMs),
		ReturnedAt: instant(v.ReturnedMs), Late: v.LateNow, LateByClock: v.LateByRule, Supplements: v.Supplements, SupplyUntil: v.SupplyUntil, Apologised: v.ApologisedMs != 0,
		Transferred: v.Transferred, Corrected: v.CorrectedMs != 0, PaidOnline: v.PaidOnline, Papers: []dossierPaperOut{}, Steps: []dossierStepBody{}, Pauses: []dossierPauseBody{}, Results: []dossierResultOut{},
		Opinions: []dossierOpinionOut{}, Moves: []string{}, Version: v.Version}
	if v.Submitter != nil {
		p := dossierPartyBody(*v.Submitter)
		b.Submitter = &p
	}
	for _, p := range v.Papers {
		b.Papers = append(b.Papers, dossierPaperOut{p.No, p.Component, p.Name, p.Originals, p.Certified, p.Copies, p.File, p.SHA256, p.Digitised, p.ReusedCode})
	}
	for _, r := range v.Runs {
		b.Steps = append(b.Steps, dossierStepBody{r.No, r.Turn, r.Actor, r.Do, instant(r.EnteredMs), instant(r.StartedMs), instant(r.DoneMs), instant(r.DueMs), r.End})
	}
	for _, p := range v.Pauses {
		b.Pauses = append(b.Pauses, dossierPauseBody{p.Kind, instant(p.FromMs), instant(p.ToMs)})
	}
	for _, r := range v.Results {
		b.Results = append(b.Results, dossierResultOut{r.Kind, r.Number, r.Day, r.Title, r.Code, r.File, r.SHA256, instant(r.AtMs), instant(r.ReturnedMs), r.Way, r.Waybill})
	}
	for _, o := range v.Opinions {
		b.Opinions = append(b.Opinions, dossierOpinionOut{o.AgencyName, o.Question, instant(o.AskedMs), instant(o.DueMs), instant(o.GivenMs), o.Answer})
	}
	for _, move := range MoveNames() {
		if v.Can[move] {
			b.Moves = append(b.Moves, move)
		}
	}
	return b
}

type dossierTimelineInput struct {
	Code string `path:"code" maxLength:"80" example:"GL.X001-261014-0001" doc:"Code of the dossier."`
	api.Paging
}

type dossierEntryBody struct {
	No        int     `json:"no"`
	Move      string  `json:"move" example:"advance"`
	From      State   `json:"from"`
	To        State   `json:"to"`
	Step      int     `json:"step,omitempty"`
	At        *string `json:"at"`
	By        string  `json:"by,omitempty" doc:"Name of the officer as it was shown then."`
	Reason    string  `json:"reason,omitempty"`
	Document  string  `json:"document,omitempty"`
	DueBefore *string `json:"due_before,omitempty" doc:"Set where the move changed the due time."`
	DueAfter  *string `json:"due_after,omitempty"`
}

func timelineFor(ctx context.Context, s *Service, in *dossierTimelineInput) (*api.List[dossierEntryBody], error) {
	after := 0
	cursor, err := in.Cursor(1)
	if err != nil {
		return nil, err
	}
	if len(cursor) == 1 {
		if after, err = strconv.Atoi(cursor[0]); err != nil {
			return nil, errs.New(errs.Invalid, "api.cursor_unreadable")
		}
	}
	list, err := s.Timeline(ctx, in.Code, after, in.Limit+1)
	items := make([]dossierEntryBody, 0, len(list))
	for _, e := range list {
		items = append(items, dossierEntryBody{e.No, e.Move, e.From, e.To, e.Step, instant(e.AtMs), e.Name, e.Reason, e.Document, instant(e.DueBefore), instant(e.DueAfter)})
	}
	path := "/api/v1/dossiers/" + url.PathEscape(in.Code) + "/timeline"
	return api.NewList(in.Paging, path, nil, items, func(e dossierEntryBody) []string { return []string{strconv.Itoa(e.No)} }), err
}

type publicOutput struct{ Body publicDossierBody }

type publicDossierBody struct {
	Code      string               `json:"code"`
	Procedure string               `json:"procedure_name"`
	State     State                `json:"state"`
	Applicant string               `json:"applicant" example:"N*** V** A*" doc:"Masked."`
	IDNumber  string               `json:"id_number,omitempty" example:"*********234" doc:"Masked."`
	Receiving string               `json:"receiving_agency"`
	Competent string               `json:"competent_agency"`
	Returning string               `json:"returning_agency"`
	Received  *string              `json:"received_at"`
	DueAt     *string              `json:"due_at"`
	Original  *string              `json:"original_due_at"`
	PausedAt  *string              `json:"paused_at,omitempty"`
	Finished  *string              `json:"finished_at"`
	Late      bool                 `json:"late"`
	Apology   bool                 `json:"apologised"`
	Events    []publicDossierEvent `json:"events" doc:"What the applicant may know, oldest first."`
}

type publicDossierEvent struct {
	At   *string `json:"at"`
	Move string  `json:"move" example:"receive"`
	To   State   `json:"state"`
}

func publicOf(p Public) publicDossierBody {
	b := publicDossierBody{Code: p.Code, Procedure: p.ProcedureName, State: p.State, Applicant: p.Applicant, IDNumber: p.IDNumber, Receiving: p.Receiving, Competent: p.Competent,
		Returning: p.Returning, Received: instant(p.ReceivedMs), DueAt: instant(p.DueMs), Original: instant(p.OriginalDueMs), PausedAt: instant(p.PausedMs), Finished: instant(p.FinishedMs),
		Late: p.Late, Apology: p.Apologised, Events: []publicDossierEvent{}}
	for _, e := range p.Events {
		b.Events = append(b.Events, publicDossierEvent{instant(e.AtMs), e.Move, e.To})
	}
	return b
}
