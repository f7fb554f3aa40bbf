package slip

import (
	"context"
	"strconv"
	"strings"
	"time"

	"cchc/internal/clock"
	"cchc/internal/i18n"
)

// moment writes a time as slips do: the hour first, for that is what people ask for.
func moment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(clock.Vietnam).Format("15:04 02/01/2006")
}

// dayWords writes a day as slips do.
func dayWords(day string) string {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day
	}
	return t.Format("02/01/2006")
}

// Total is the sum of the fees, in đồng.
func (d Data) total() (sum int64) {
	for _, f := range d.Fees {
		sum += f.Amount
	}
	return sum
}

func positive(n int) string {
	if n <= 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// amount is the sum of the fees as it is written, "" without any.
func (d Data) amount(ctx context.Context) string {
	if len(d.Fees) == 0 {
		return ""
	}
	return i18n.Number(ctx, d.total())
}

// values are the fields of a form; amount is the sum as it is written.
func (d Data) values(amount string) map[string]string {
	after := ""
	if d.Content != "" {
		after = ". " + d.Content
	}
	count := positive(len(d.Lines))
	return map[string]string{
		"code": d.Code, "agency": d.Agency, "procedure": d.Procedure, "field": d.Field, "content_after": after, "channel": d.Channel, "limit": d.Limit,
		"return_way": d.ReturnWay, "return_place": d.ReturnPlace, "note": d.Note, "lookup": d.Lookup, "help_phone": d.HelpPhone,
		"owner": d.Owner.Name, "owner_address": d.Owner.Address, "owner_phone": d.Owner.Phone, "owner_email": d.Owner.Email,
		"submitter": d.Submitter.Name, "submitter_address": d.Submitter.Address, "submitter_phone": d.Submitter.Phone, "submitter_email": d.Submitter.Email, "submitter_id": d.Submitter.ID,
		"receiver": d.Receiver, "signer": d.Signer, "signer_title": d.SignerTitle, "competent": d.Competent, "coordinating": d.Coordinating,
		"sets": positive(d.Sets), "submitted": moment(d.Submitted), "received": moment(d.Received), "due": moment(d.Due), "old_due": moment(d.OldDue), "new_due": moment(d.NewDue),
		"supply_by": moment(d.SupplyBy), "returned": moment(d.Returned), "handed_at": moment(d.HandedAt), "paid_at": moment(d.Paid),
		"reason": d.Reason, "unit_at_fault": d.UnitAtFault, "count": count, "from": dayWords(d.From), "to": dayWords(d.To),
		"giver": d.Giver, "giver_unit": d.GiverUnit, "taker": d.Taker, "taker_unit": d.TakerUnit, "taker_phone": d.TakerPhone,
		"result_kind": d.ResultKind, "result_number": d.ResultNumber, "result_title": d.ResultTitle, "result_day": dayWords(d.ResultDay),
		"payer": d.Payer, "collector_unit": d.CollectorUnit, "tax_code": d.TaxCode, "receipt_form": d.ReceiptForm, "receipt_serial": d.ReceiptSerial,
		"receipt_number": d.ReceiptNumber, "amount": amount, "amount_words": d.AmountWords, "pay_way": d.PayWay,
	}
}

// filled puts values into a line; said is false when the line asks for fields and all of
// them are empty, so that a slip never says "Điện thoại:" and nothing.
func filled(line string, values map[string]string) (words string, said bool) {
	asked := false
	words = fieldName.ReplaceAllStringFunc(line, func(m string) string {
		asked = true
		v := values[m[1:len(m)-1]]
		said = said || v != ""
		return v
	})
	return strings.TrimSpace(words), said || !asked
}

// LookupURL is what the code of a slip holds: the page of the dossier.
func (d Data) LookupURL() string {
	if d.Lookup == "" || d.Code == "" {
		return ""
	}
	return strings.TrimRight(d.Lookup, "/") + "/" + d.Code
}
