package payment

import (
	"context"

	"cchc/internal/errs"
)

// Seed gives the demonstration's ward an account to transfer to and a book of receipts,
// both samples. It runs once; where a gateway exists it does nothing and says false.
// admin holds payment.setup over the agency.
func Seed(s *Service, admin context.Context, agency string) (bool, error) {
	v, err := s.Setup(admin, agency)
	if err != nil || len(v.Gateways) > 0 {
		return false, err
	}
	_, err = s.WriteGateway(admin, GatewaySetup{Agency: agency, Kind: BankNotice, Name: "Tài khoản thu phí (dữ liệu mẫu)", Way: Transfer, BIN: "970405", AccountNo: "3700201000999",
		AccountName: "UBND PHUONG QUY NHON", Active: true}, "")
	if err == nil {
		_, err = s.AddBook(admin, Book{Agency: agency, Form: "01BLP2-001", Serial: "GL-26E", FromNo: 1, ToNo: 5000})
	}
	return true, err
}

// SeedOrders lets the demonstration's cashier ask some dossiers for their fees and take
// the money of every second: what the fee table leaves to a person is passed over.
func SeedOrders(s *Service, cashier context.Context, codes []string) error {
	n := 0
	for _, code := range codes {
		o, err := s.Charge(cashier, Ask{Dossier: code})
		if len(errs.All(err)) > 0 {
			continue
		}
		if err != nil {
			return err
		}
		if n++; n%2 == 0 || o.State == Paid {
			continue
		}
		in := Taken{Way: Cash}
		if n%4 == 3 {
			in = Taken{Way: Transfer, Reference: "FT26287" + o.Ref[len(o.Ref)-5:]}
		}
		if _, err := s.Collect(cashier, o.ID, o.Version, in); err != nil {
			return err
		}
	}
	return nil
}
