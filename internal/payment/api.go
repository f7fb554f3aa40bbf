package payment

import (
	"context"
	"net/url"
	"strconv"

	"cchc/internal/api"
	"cchc/internal/errs"
	"cchc/internal/ui"
)

type paymentLine struct {
	Code   string   `json:"code,omitempty" doc:"Code of the fee in the table; absent when it has none."`
	Name   string   `json:"name" example:"thanh pho, 1-3 phong"`
	Kind   LineKind `json:"kind,omitempty" enum:"charge,duty" doc:"charge (phi) or duty (le phi) in the sense of Law 97/2015/QH13; absent when the table does not say."`
	Unit   int64    `json:"unit" doc:"Price of one item, or of all, in VND."`
	Items  int64    `json:"items"`
	Amount int64    `json:"amount" doc:"Before the exemption."`
	Exempt string   `json:"exempt,omitempty" doc:"Code of the exemption."`
	Net    int64    `json:"net" doc:"What is to be paid."`
}

type paymentReceipt struct {
	Form      string `json:"form" example:"01BLP2-001"`
	Serial    string `json:"serial" example:"AA-26E"`
	Number    string `json:"number" example:"0000123"`
	Amount    int64  `json:"amount"`
	IssuedMs  int64  `json:"issued_ms"`
	Cancelled bool   `json:"cancelled"`
}

type paymentOrder struct {
	ID        string           `json:"id"`
	Code      string           `json:"code" example:"GL.X001-261014-0001-20261014090000" doc:"Code of the dossier with the moment."`
	Dossier   string           `json:"dossier" example:"GL.X001-261014-0001"`
	Procedure string           `json:"procedure" example:"karaoke-new"`
	Agency    string           `json:"agency" doc:"Id of the agency that collects."`
	State     State            `json:"state" enum:"unpaid,pending,paid,cancelled,refunded"`
	Way       Way              `json:"way,omitempty" enum:"cash,transfer,online_national,online_province"`
	Mark      int              `json:"mark" example:"3" doc:"DuocThanhToanTrucTuyen: 1 national portal, 2 gateway of the province, 3 otherwise or not."`
	Due       int64            `json:"due" doc:"In VND."`
	Charge    int64            `json:"charge" doc:"Part of due that is charge (phi)."`
	Duty      int64            `json:"duty" doc:"Part of due that is duty (le phi)."`
	Reference string           `json:"reference" example:"PL0A1B2C3D4E" doc:"What a bank transfer must say."`
	VietQR    string           `json:"vietqr,omitempty" doc:"Payload of the code to scan; absent when it cannot be paid so."`
	PaidMs    int64            `json:"paid_ms,omitempty"`
	Lines     []paymentLine    `json:"lines"`
	Receipts  []paymentReceipt `json:"receipts"`
	Version   int64            `json:"version"`
}

func bodyOf(v View) paymentOrder {
	b := paymentOrder{ID: v.ID, Code: v.Code, Dossier: v.DossierCode, Procedure: v.Procedure, Agency: v.Collector, State: v.State, Way: v.Way, Mark: v.Way.Mark(), Due: v.Due,
		Charge: sumOf(v.Lines, Charge), Duty: sumOf(v.Lines, Duty), Reference: v.Ref, VietQR: v.QR, PaidMs: v.PaidMs, Lines: []paymentLine{}, Receipts: []paymentReceipt{}, Version: v.Version}
	for _, l := range v.Lines {
		b.Lines = append(b.Lines, paymentLine(l))
	}
	for _, r := range v.Receipts {
		b.Receipts = append(b.Receipts, paymentReceipt{r.Form, r.Serial, r.Number(), r.Amount(), r.IssuedMs, !r.Valid()})
	}
	return b
}

type paymentOutput struct {
	api.ETag
	Body paymentOrder
}

type paymentCodeInput struct {
	Code string `path:"code" maxLength:"100" example:"GL.X001-261014-0001-20261014090000" doc:"Code of the order."`
}

// PaymentQuery narrows the list of orders. It is exported because it is embedded in the
// input of an operation.
type PaymentQuery struct {
	Agency string `query:"agency" maxLength:"64" doc:"Id of an agency: its orders and those of the units below it."`
	State  string `query:"state" enum:"unpaid,pending,paid,cancelled,refunded" doc:"Only orders in this state."`
	Day    string `query:"day" example:"2026-10-14" doc:"Asked or paid on this day, Vietnam time."`
	Words  string `query:"q" maxLength:"100" doc:"Part of a code or of the payer's name, without regard to marks."`
	api.Paging
}

type paymentItem struct {
	ID      string `json:"id"`
	Code    string `json:"code" example:"GL.X001-261014-0001-20261014090000"`
	Dossier string `json:"dossier" example:"GL.X001-261014-0001"`
	State   State  `json:"state" enum:"unpaid,pending,paid,cancelled,refunded"`
	Way     Way    `json:"way,omitempty" enum:"cash,transfer,online_national,online_province"`
	Due     int64  `json:"due" doc:"In VND."`
	Version int64  `json:"version"`
}

type paymentAskInput struct {
	Body struct {
		Dossier string   `json:"dossier" maxLength:"60" example:"GL.X001-261014-0001" doc:"Code of the dossier."`
		Lines   []string `json:"lines,omitempty" maxItems:"50" doc:"Number in the fee table of the chosen line of each fee that has several."`
		Items   int64    `json:"items,omitempty" minimum:"0" doc:"Number of units (rooms, pages) where the table counts by them."`
		Exempt  string   `json:"exempt,omitempty" maxLength:"60" doc:"Code of an exemption."`
		Why     string   `json:"why,omitempty" maxLength:"300" doc:"What proves the exemption; needed with it."`
	}
}

type paymentMoveInput struct {
	Code string `path:"code" maxLength:"100" doc:"Code of the order."`
	api.IfMatch
	Body struct {
		Move      string `json:"move" enum:"collect,cancel,receipt" doc:"Take the money at the counter, take the order back, give the receipt of an order that was paid online."`
		Way       Way    `json:"way,omitempty" enum:"cash,transfer" doc:"Needed to collect."`
		Reference string `json:"reference,omitempty" maxLength:"60" doc:"Number of the bank's slip; needed for a transfer."`
		Reason    string `json:"reason,omitempty" maxLength:"1000" doc:"Needed to cancel."`
	}
}

// Operations opens the room for programs: the same methods as the pages.
func Operations(a *api.API, s *Service) {
	a.Tag("payment", "Fees of dossiers: orders, money and receipts.")
	op := func(id, method, path, right, summary string) api.Op {
		return api.Op{ID: id, Method: method, Path: path, Right: right, Summary: summary, Tag: "payment"}
	}
	api.Register(a, op("listPayments", "GET", "/api/v1/payments", RightView, "List orders within reach, newest first"),
		func(ctx context.Context, in *PaymentQuery) (*api.List[paymentItem], error) { return list(ctx, s, in) })
	ask := op("askPayment", "POST", "/api/v1/payments", RightCollect, "Ask a dossier for its fees")
	ask.Status = 201
	ask.Description = "Computes the fees by the table of the version under which the dossier was received. What is free after the exemption is settled at once."
	api.Register(a, ask, func(ctx context.Context, in *paymentAskInput) (*paymentOutput, error) {
		b := in.Body
		o, err := s.Charge(ctx, Ask{Dossier: b.Dossier, Choice: Choice{Keys: b.Lines, Items: b.Items}, Exempt: b.Exempt, Why: b.Why})
		if err != nil {
			return nil, err
		}
		return readOrder(ctx, s, o.Code)
	})
	api.Register(a, op("getPayment", "GET", "/api/v1/payments/{code}", RightView, "Read one order with its lines, code to scan and receipts"),
		func(ctx context.Context, in *paymentCodeInput) (*paymentOutput, error) {
			return readOrder(ctx, s, in.Code)
		})
	move := op("movePayment", "POST", "/api/v1/payments/{code}/moves", RightCollect, "Collect, cancel, or give the receipt of an order")
	move.Versioned = true
	move.Description = "What is paid online comes from the gateways only: it cannot be entered here. Refunds are made on the page of the movement, by another person."
	api.Register(a, move, func(ctx context.Context, in *paymentMoveInput) (*paymentOutput, error) {
		version, err := in.Version()
		if err != nil {
			return nil, err
		}
		v, err := s.OpenCode(ctx, in.Code)
		if err != nil {
			return nil, err
		}
		switch in.Body.Move {
		case "collect":
			_, err = s.Collect(ctx, v.ID, version, Taken{Way: in.Body.Way, Reference: in.Body.Reference})
		case "cancel":
			_, err = s.Cancel(ctx, v.ID, version, in.Body.Reason)
		case "receipt":
			_, err = s.GiveReceipt(ctx, v.ID, version)
		}
		if err != nil {
			return nil, err
		}
		return readOrder(ctx, s, in.Code)
	})
	api.Register(a, op("getPublicPayment", "GET", "/api/v1/public/payments/{token}", ui.Public, "Where an order stands, by the token of its public page: no name in it"),
		func(ctx context.Context, in *paymentTokenInput) (*paymentPublicOutput, error) {
			p, err := s.PayPage(ctx, in.Token, "")
			if err != nil {
				return nil, err
			}
			return &paymentPublicOutput{Body: paymentPublic{Code: p.Code, State: p.State, Due: p.Due, VietQR: p.QR}}, nil
		})
}

type paymentTokenInput struct {
	Token string `path:"token" maxLength:"64" doc:"Token of the public page."`
}

type paymentPublic struct {
	Code   string `json:"code"`
	State  State  `json:"state" enum:"unpaid,pending,paid,cancelled,refunded"`
	Due    int64  `json:"due" doc:"In VND."`
	VietQR string `json:"vietqr,omitempty" doc:"Payload of the code to scan; absent when it cannot be paid so."`
}

type paymentPublicOutput struct{ Body paymentPublic }

func readOrder(ctx context.Context, s *Service, code string) (*paymentOutput, error) {
	v, err := s.OpenCode(ctx, code)
	if err != nil {
		return nil, err
	}
	return &paymentOutput{api.Tag(v.Version), bodyOf(v)}, nil
}

func list(ctx context.Context, s *Service, in *PaymentQuery) (*api.List[paymentItem], error) {
	after, err := in.Cursor(2)
	if err != nil {
		return nil, err
	}
	afterMs, afterID := int64(0), ""
	if len(after) == 2 {
		if afterMs, err = strconv.ParseInt(after[0], 10, 64); err != nil {
			return nil, errs.New(errs.Invalid, "payment.cursor_bad")
		}
		afterID = after[1]
	}
	orders, err := s.List(ctx, Filter{Agency: in.Agency, State: State(in.State), Day: in.Day, Words: in.Words}, afterMs, afterID, in.Limit+1)
	if err != nil {
		return nil, err
	}
	items := make([]paymentItem, 0, len(orders))
	at := map[string]int64{}
	for _, o := range orders {
		items = append(items, paymentItem{o.ID, o.Code, o.DossierCode, o.State, o.Way, o.Due, o.Version})
		at[o.ID] = o.CreatedMs
	}
	filters := url.Values{}
	for name, value := range map[string]string{"agency": in.Agency, "state": in.State, "day": in.Day, "q": in.Words} {
		if value != "" {
			filters.Set(name, value)
		}
	}
	return api.NewList(in.Paging, "/api/v1/payments", filters, items, func(i paymentItem) []string { return []string{strconv.FormatInt(at[i.ID], 10), i.ID} }), nil
}
