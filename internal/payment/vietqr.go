package payment

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"

	"cchc/internal/errs"
	"cchc/internal/text"
)

// VietQR is a request for a transfer that every banking app of the country reads: the
// merchant-presented code of EMVCo with the template of NAPAS (identifier A000000727,
// service QRIBFTTA, to an account).
type VietQR struct {
	BIN     string // six digits, bank by NAPAS
	Account string
	Amount  int64  // đồng; 0 lets the payer type it
	Content string // what the transfer says: letters without marks
}

// Identifiers of the data objects that are used.
const (
	qrVersion, qrInitiation, qrTransfer = "00", "01", "38"
	qrCurrency, qrAmount, qrCountry     = "53", "54", "58"
	qrAdditional, qrChecksum, qrDong    = "62", "63", "704"
	qrNapas, qrService                  = "A000000727", "QRIBFTTA"
	qrStatic, qrOnce                    = "11", "12"
	mostAccount, mostContent            = 19, 25
)

// Payload is the text of the code. Refusals: payment.bin_bad, payment.account_bad,
// payment.amount_bad.
func (q VietQR) Payload() (string, error) {
	if !validBIN(q.BIN) {
		return "", errs.OnField("bin", "payment.bin_bad")
	}
	if !validAccount(q.Account) {
		return "", errs.OnField("account_no", "payment.account_bad")
	}
	if q.Amount < 0 || q.Amount > mostDong {
		return "", errs.OnField("amount", "payment.amount_bad")
	}
	how := qrStatic
	if q.Amount > 0 {
		how = qrOnce
	}
	var b strings.Builder
	b.WriteString(object(qrVersion, "01") + object(qrInitiation, how))
	b.WriteString(object(qrTransfer, object("00", qrNapas)+object("01", object("00", q.BIN)+object("01", q.Account))+object("02", qrService)))
	b.WriteString(object(qrCurrency, qrDong))
	if q.Amount > 0 {
		b.WriteString(object(qrAmount, strconv.FormatInt(q.Amount, 10)))
	}
	b.WriteString(object(qrCountry, "VN"))
	if content := plainContent(q.Content); content != "" {
		b.WriteString(object(qrAdditional, object("08", content)))
	}
	b.WriteString(qrChecksum + "04")
	return b.String() + fmt.Sprintf("%04X", checksum(b.String())), nil
}

// object is one data object: identifier, length, value (at most 99 bytes).
func object(id, value string) string { return fmt.Sprintf("%s%02d%s", id, len(value), value) }

// checksum is CRC-16/CCITT with polynomial 0x1021 and start 0xFFFF over all before it,
// its own identifier and length included (EMVCo merchant-presented mode, 4.7.3).
func checksum(s string) uint16 {
	crc := uint16(0xFFFF)
	for _, b := range []byte(s) {
		crc ^= uint16(b) << 8
		for range 8 {
			if crc&0x8000 != 0 {
				crc = crc<<1 ^ 0x1021
			} else {
				crc <<= 1
			}
		}
	}
	return crc
}

// plainContent is what bank systems carry: ASCII letters, digits and blanks.
func plainContent(s string) string {
	plain := strings.Map(func(r rune) rune {
		if r < unicode.MaxASCII && (unicode.IsLetter(r) || unicode.IsDigit(r)) || r == ' ' {
			return r
		}
		return -1
	}, unmarked(s))
	if len(plain) > mostContent {
		plain = plain[:mostContent]
	}
	return strings.TrimSpace(plain)
}

// unmarked takes the marks off and keeps capitals, which folding would lose.
func unmarked(s string) string {
	var b strings.Builder
	for _, r := range text.NFC(s) {
		folded := text.Fold(string(r))
		switch {
		case r == ' ':
			b.WriteRune(r)
		case unicode.IsUpper(r):
			b.WriteString(strings.ToUpper(folded))
		default:
			b.WriteString(folded)
		}
	}
	return b.String()
}

func validBIN(s string) bool { return len(s) == 6 && digits(s) }

func validAccount(s string) bool {
	return s != "" && len(s) <= mostAccount && strings.IndexFunc(s, func(r rune) bool {
		return (r < '0' || r > '9') && (r < 'A' || r > 'Z')
	}) < 0
}

func digits(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r < '0' || r > '9' }) < 0
}
