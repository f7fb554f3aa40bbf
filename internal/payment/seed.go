package payment

import "context"

// Seed gives the demonstration's ward an account to transfer to and a book of receipts,
// both samples. It runs once; where a gateway exists it does nothing. admin holds
// payment.setup over the agency.
func Seed(s *Service, admin context.Context, agency string) error {
	v, err := s.Setup(admin, agency)
	if err != nil || len(v.Gateways) > 0 {
		return err
	}
	_, err = s.WriteGateway(admin, GatewaySetup{Agency: agency, Kind: BankNotice, Name: "Tài khoản thu phí (dữ liệu mẫu)", Way: Transfer, BIN: "970405", AccountNo: "3700201000999",
		AccountName: "UBND PHUONG QUY NHON", Active: true}, "")
	if err == nil {
		_, err = s.AddBook(admin, Book{Agency: agency, Form: "01BLP2-001", Serial: "GL-26E", FromNo: 1, ToNo: 5000})
	}
	return err
}
