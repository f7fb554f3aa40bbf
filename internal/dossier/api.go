package dossier

import (
	"context"
	"net/url"
	"strconv"
	"strings"
	"time"

	"cchc/internal/api"
	"cchc/internal/clock"
	"cchc/internal/errs"
	"cchc/internal/ui"
)

// Statuses of HTTP that are kept with an answer.
const (
	statusOK      = 200
	statusCreated = 201
)

type dossierPartyBody struct {
	Kind     string `json:"kind,omitempty" maxLength:"40" example:"citizen" doc:"citizen, business, state or organisation; without it citizen."`
	Name     string `json:"name" maxLength:"400" example:"Nguyen Van An"`
	IDKind   string `json:"id_kind,omitempty" maxLength:"40" example:"citizen_id" doc:"citizen_id, old_id, tax_code or passport; empty when none is known."`
	IDNumber string `json:"id_number,omitempty" maxLength:"40" example:"052088001234" doc:"12 digits, 9 digits, 10 or 13 digits, or a passport."`
	Phone    string `json:"phone,omitempty" maxLength:"40" example:"0905123456"`
	Email    string `json:"email,omitempty" maxLength:"200"`
	Address  string `json:"address,omitempty" maxLength:"600"`
}

func (b dossierPartyBody) party() Party { return Party(b) }

type dossierPaperBody struct {
	Component string `json:"component,omitempty" maxLength:"100" doc:"Code of the component in the procedure; without it name says what the paper is."`
	Name      string `json:"name,omitempty" maxLength:"300"`
	Originals int    `json:"originals,omitempty" minimum:"0" maximum:"1000"`
	Certified int    `json:"certified,omitempty" minimum:"0" maximum:"1000"`
	Copies    int    `json:"copies,omitempty" minimum:"0" maximum:"1000"`
	File      string `json:"file,omitempty" maxLength:"64" doc:"Id of a document that the caller has kept before."`
	Digitised int    `json:"digitised,omitempty" minimum:"0" maximum:"3" doc:"0 not, 1 copied, 2 copied and signed, 3 its data taken out."`
	Reused    string `json:"reused_from,omitempty" maxLength:"80" doc:"Code of the dossier whose paper or result serves again."`
}

func papersIn(list []dossierPaperBody) []PaperInput {
	out := make([]PaperInput, len(list))
	for i, p := range list {
		out[i] = PaperInput{Component: p.Component, Name: p.Name, Originals: p.Originals, Certified: p.Certified, Copies: p.Copies, File: p.File, Digitised: p.Digitised, ReusedFrom: p.Reused}
	}
	return out
}

type receiveDossierInput struct {
	Body struct {
		Procedure  string             `json:"procedure" maxLength:"100" example:"karaoke-new" doc:"Key of the procedure."`
		Variant    string             `json:"variant,omitempty" maxLength:"100" doc:"Variant of the procedure; without it the ordinary case."`
		Channel    string             `json:"channel,omitempty" maxLength:"40" example:"counter" doc:"counter, online or post; without it counter."`
		Receiving  string             `json:"receiving_agency" maxLength:"60" example:"GL.X001" doc:"Code of the agency that receives, of today or earlier."`
		Competent  string             `json:"competent_agency,omitempty" maxLength:"60" example:"GL.D08" doc:"Who decides; without it the receiving agency."`
		Returning  string             `json:"returning_agency,omitempty" maxLength:"60" example:"GL.X001" doc:"Where the result is handed out; without it the receiving agency."`
		Applicant  dossierPartyBody   `json:"applicant"`
		Submitter  *dossierPartyBody  `json:"submitter,omitempty" doc:"Who brings it, when not the owner."`
		Content    string             `json:"content,omitempty" maxLength:"2000"`
		Papers     []dossierPaperBody `json:"papers,omitempty" maxItems:"200"`
		ReceivedAt *string            `json:"received_at,omitempty" example:"2026-10-14T09:00:00+07:00" doc:"When it came; without it now. Times without a zone are Vietnam's."`
		Code       string             `json:"code,omitempty" maxLength:"80" doc:"A number reserved for a counter without network; without it the next of the day."`
	}
}

// dossierReceiptBody answers a receipt or a move.
type dossierReceiptBody struct {
	Code           string  `json:"code" example:"GL.X001-261014-0001"`
	State          State   `json:"state" example:"received"`
	DueAt          *string `json:"due_at" example:"2026-10-21T09:00:00+07:00" doc:"Promised; null when nobody stated a limit, or nothing runs yet."`
	OriginalDueAt  *string `json:"original_due_at" example:"2026-10-21T09:00:00+07:00" doc:"Promised at receipt; never changes."`
	ReceptionDueAt *string `json:"reception_due_at,omitempty" example:"2026-10-14T17:00:00+07:00" doc:"Until when what was sent online must be answered."`
	Version        int64   `json:"version" example:"1"`
}

func receiptOf(d Dossier) dossierReceiptBody {
	return dossierReceiptBody{Code: d.Code, State: d.State, DueAt: instant(d.DueMs), OriginalDueAt: instant(d.OriginalDueMs), ReceptionDueAt: instant(d.ReceptionDueMs), Version: d.Version}
}

// instant writes a moment as programs read it; nil for none.
func instant(ms int64) *string {
	if ms == 0 || ms == Forever {
		return nil
	}
	s := clock.FromMs(ms).In(clock.Vietnam).Format(time.RFC3339)
	return &s
}

// readInstant reads a moment; without a zone it is Vietnam's. Refusal: dossier.time_form.
func readInstant(field, s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	if t, err := time.Parse(time.RFC3339, s); err == nil {
		return t.UTC().Truncate(time.Millisecond), nil
	}
	for _, form := range []string{"2006-01-02T15:04:05", "2006-01-02T15:04", "2006-01-02 15:04"} {
		if t, err := time.ParseInLocation(form, s, clock.Vietnam); err == nil {
			return t.UTC(), nil
		}
	}
	return time.Time{}, errs.OnField(field, "dossier.time_form")
}

type receiptOutput struct {
	api.ETag
	Body dossierReceiptBody
}

type dossierCodeInput struct {
	Code string `path:"code" maxLength:"80" example:"GL.X001-261014-0001" doc:"Code of the dossier."`
}

type listDossiersInput struct {
	Agency string `query:"agency" maxLength:"60" example:"GL.X001" doc:"Code of an agency, of today or earlier: dossiers in which it has a part. Without it all that the caller sees."`
	State  string `query:"state" maxLength:"40" example:"in_process" doc:"Only this state."`
	Q      string `query:"q" maxLength:"200" example:"karaoke" doc:"Words of the code, the applicant's name, the content or the procedure; marks do not matter."`
	api.Paging
}

type listDossiersOutput struct {
	Link string `header:"Link" doc:"The next page (RFC 8288), absent on the last"`
	Body struct {
		Items []dossierLineBody `json:"items" doc:"Newest first."`
		Next  string            `json:"next,omitempty" example:"0199e3f0-7c1e-7d2a-9f10-0a4b5c6d7e8f" doc:"Value of after for the next page; absent on the last"`
		Total *int64            `json:"total,omitempty" example:"37" doc:"Exact to 1000; 1001 stands for more. Absent for a search by words."`
	}
}

type dossierLineBody struct {
	Code       string  `json:"code"`
	Procedure  string  `json:"procedure"`
	Name       string  `json:"procedure_name"`
	Channel    Channel `json:"channel" enum:"counter,online,post"`
	Receiving  string  `json:"receiving_agency"`
	Competent  string  `json:"competent_agency"`
	State      State   `json:"state"`
	Step       int     `json:"step,omitempty" doc:"The step under way."`
	Applicant  string  `json:"applicant"`
	Content    string  `json:"content,omitempty"`
	ReceivedAt *string `json:"received_at"`
	DueAt      *string `json:"due_at"`
	Version    int64   `json:"version"`
}

type moveDossierInput struct {
	Code    string `path:"code" maxLength:"80" example:"GL.X001-261014-0001" doc:"Code of the dossier."`
	IfMatch string `header:"If-Match" example:"\"7\"" doc:"The ETag of the version that was read; version in the body does as well."`
	Body    struct {
		Move     string             `json:"move" maxLength:"60" example:"advance" doc:"receive, refuse, ask_supplement_before_receipt, hand_over, take, advance, send_back, recall, coordinate, give_opinion, ask_supplement, supply, close_no_supplement, ask_payment, pay, approve, reject, hand_to_counter, return_result, withdraw, stop, apologise, correct, transfer, recount, note or digitise."`
		Version  int64              `json:"version,omitempty" minimum:"0" doc:"The version that the caller read."`
		Step     int                `json:"step,omitempty" minimum:"0" maximum:"200" doc:"advance, take: the step that ends or begins; send_back: the step to which it returns."`
		Reason   string             `json:"reason,omitempty" maxLength:"6000"`
		Text     string             `json:"text,omitempty" maxLength:"6000" doc:"Note, question or opinion."`
		Document string             `json:"document,omitempty" maxLength:"400" doc:"Number of the document that says so."`
		Agency   string             `json:"agency,omitempty" maxLength:"60" doc:"Code of the agency asked, or of the new competent one."`
		DueAt    string             `json:"due_at,omitempty" maxLength:"40" example:"2026-10-16T17:00:00+07:00" doc:"Of an opinion or an apology."`
		Until    string             `json:"until,omitempty" maxLength:"10" example:"2026-11-14" doc:"Last day to supply."`
		File     string             `json:"file,omitempty" maxLength:"64"`
		Papers   []dossierPaperBody `json:"papers,omitempty" maxItems:"200"`
		Result   *dossierResultBody `json:"result,omitempty"`
		Way      string             `json:"way,omitempty" maxLength:"40" example:"counter" doc:"return_result: counter, online or post; without it counter."`
		TakenBy  string             `json:"taken_by,omitempty" maxLength:"400"`
		Waybill  string             `json:"waybill,omitempty" maxLength:"400"`
		Paper    int                `json:"paper,omitempty" minimum:"0" maximum:"200" doc:"digitise: number of the paper."`
		Mark     int                `json:"mark,omitempty" minimum:"0" maximum:"3" doc:"digitise: 0 not, 1 copied, 2 copied and signed, 3 its data taken out."`
		Online   bool               `json:"online,omitempty" doc:"pay: paid online."`
	}
}

type dossierResultBody struct {
	Number string `json:"number" maxLength:"400" example:"125/GP-SVHTTDL"`
	Day    string `json:"day,omitempty" maxLength:"10" example:"2026-10-20" doc:"Without it today."`
	Title  string `json:"title,omitempty" maxLength:"400"`
	Code   string `json:"code,omitempty" maxLength:"100" doc:"Kind of result in the national list."`
	File   string `json:"file,omitempty" maxLength:"64" doc:"Id of a document that the caller has kept before."`
}

// act reads the move that a program asks for. Refusal: dossier.version_missing.
func (in *moveDossierInput) act() (Act, error) {
	b := in.Body
	a := Act{Move: b.Move, Version: b.Version, Step: b.Step, Reason: strings.TrimSpace(b.Reason), Text: strings.TrimSpace(b.Text), Document: b.Document, Agency: b.Agency, Until: b.Until,
		File: b.File, Papers: papersIn(b.Papers), Way: b.Way, TakenBy: b.TakenBy, Waybill: b.Waybill, Paper: b.Paper, Mark: b.Mark, Online: b.Online}
	if b.Result != nil {
		a.Result = ResultInput{Number: b.Result.Number, Day: b.Result.Day, Title: b.Result.Title, Code: b.Result.Code, File: b.Result.File}
	}
	if in.IfMatch != "" {
		v, err := (api.IfMatch{IfMatch: in.IfMatch}).Version()
		if err != nil {
			return a, err
		}
		a.Version = v
	}
	if a.Version == 0 {
		return a, errs.OnField("version", "dossier.version_missing")
	}
	var err error
	a.Due, err = readInstant("due_at", b.DueAt)
	return a, err
}

// Operations opens the room for programs: the same methods as the pages.
func Operations(a *api.API, s *Service) {
	a.Tag("dossier", "Dossiers of administrative procedures: receipt, moves, history, and the public look-up.")
	op := func(id, method, path, right, summary string) api.Op {
		return api.Op{ID: id, Method: method, Path: path, Right: right, Summary: summary, Tag: "dossier"}
	}
	receive := op("receiveDossier", "POST", "/api/v1/dossiers", RightReceive, "Receive a dossier at the counter or by post, or take what was sent online")
	receive.Status = statusCreated
	receive.Description = "At the counter and by post the dossier is received: it gets the next number of the receiving agency's day and its due time by the working calendar of the competent agency. Online it waits for its answer within 8 working hours. The procedure is taken in the version in force on the day; later versions never touch the dossier."
	api.Register(a, receive, func(ctx context.Context, in *receiveDossierInput) (*receiptOutput, error) {
		r, err := in.receipt()
		if err != nil {
			return nil, err
		}
		d, err := s.receiveOnce(ctx, r)
		return &receiptOutput{api.Tag(d.Version), receiptOf(d)}, err
	})
	api.Register(a, op("listDossiers", "GET", "/api/v1/dossiers", RightView, "List the dossiers that the caller sees, newest first"),
		func(ctx context.Context, in *listDossiersInput) (*listDossiersOutput, error) {
			return listFor(ctx, s, in)
		})
	get := op("getDossier", "GET", "/api/v1/dossiers/{code}", RightView, "One dossier with its papers, steps, pauses and results")
	get.Description = "The code is the one given at receipt; it never changes, whatever becomes of the agency. moves says what the caller may do now."
	api.Register(a, get, func(ctx context.Context, in *dossierCodeInput) (*dossierOutput, error) {
		v, err := s.get(ctx, in.Code, false)
		return &dossierOutput{api.Tag(v.Version), bodyOf(v)}, err
	})
	move := op("moveDossier", "POST", "/api/v1/dossiers/{code}/moves", RightView, "Make a move: hand over, advance, ask a supplement, sign, return and the others")
	move.Description = "Each move needs its own right over the receiving, competent or returning agency, and the version that was read, in the body or as If-Match. Nobody sets the due time of a dossier anew that they handled, or apologises for it."
	move.Errors = []int{409, 412}
	api.Register(a, move, func(ctx context.Context, in *moveDossierInput) (*receiptOutput, error) {
		act, err := in.act()
		if err != nil {
			return nil, err
		}
		d, err := s.moveOnce(ctx, strings.ToUpper(in.Code), act)
		return &receiptOutput{api.Tag(d.Version), receiptOf(d)}, err
	})
	api.Register(a, op("listDossierEvents", "GET", "/api/v1/dossiers/{code}/timeline", RightView, "The history of a dossier, oldest first: who, what, when, and which due time changed"),
		func(ctx context.Context, in *dossierTimelineInput) (*api.List[dossierEntryBody], error) {
			return timelineFor(ctx, s, in)
		})
	public := op("lookUpDossier", "GET", "/api/v1/public/dossiers/{code}", ui.Public, "Where a dossier stands, for everybody who has its code: names are masked")
	public.Description = "Wrong codes from one address are counted; too many and the address waits."
	public.Errors = []int{429}
	api.Register(a, public, func(ctx context.Context, in *dossierCodeInput) (*publicOutput, error) {
		p, err := s.PublicLookup(ctx, in.Code)
		return &publicOutput{Body: publicOf(p)}, err
	})
}

func (in *receiveDossierInput) receipt() (Receipt, error) {
	b := in.Body
	r := Receipt{Procedure: b.Procedure, Variant: b.Variant, Channel: Channel(b.Channel), Receiving: b.Receiving, Competent: b.Competent, Returning: b.Returning,
		Applicant: b.Applicant.party(), Content: b.Content, Papers: papersIn(b.Papers), Code: b.Code}
	if b.Submitter != nil {
		p := b.Submitter.party()
		r.Submitter = &p
	}
	if b.ReceivedAt == nil {
		return r, nil
	}
	var err error
	r.At, err = readInstant("received_at", *b.ReceivedAt)
	return r, err
}

func listFor(ctx context.Context, s *Service, in *listDossiersInput) (*listDossiersOutput, error) {
	p, err := s.List(ctx, Filter{Agency: in.Agency, State: State(in.State), Q: in.Q, After: in.After, Limit: in.Limit})
	if err != nil {
		return nil, err
	}
	out := &listDossiersOutput{}
	out.Body.Items = make([]dossierLineBody, 0, len(p.Lines))
	for _, l := range p.Lines {
		out.Body.Items = append(out.Body.Items, dossierLineBody{Code: l.Code, Procedure: l.Procedure, Name: l.ProcedureName, Channel: l.Channel, Receiving: l.ReceivingCode,
			Competent: l.CompetentCode, State: l.State, Step: l.Step, Applicant: l.Applicant, Content: l.Content, ReceivedAt: instant(l.ReceivedMs), DueAt: instant(l.DueMs), Version: l.Version})
	}
	if p.Counted {
		n := p.Total.N
		if p.Total.More {
			n++
		}
		out.Body.Total = &n
	}
	if out.Body.Next = p.Next; p.Next != "" {
		q := url.Values{"after": {p.Next}, "limit": {strconv.Itoa(in.Limit)}}
		for name, value := range map[string]string{"agency": in.Agency, "state": in.State, "q": in.Q} {
			if value != "" {
				q.Set(name, value)
			}
		}
		out.Link = "</api/v1/dossiers?" + q.Encode() + `>; rel="next"`
	}
	return out, nil
}
