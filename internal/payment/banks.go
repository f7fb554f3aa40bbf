package payment

import (
	_ "embed"
	"encoding/json"
)

//go:embed banks.json
var banksJSON []byte

// bankEntry is one bank that takes transfers by VietQR.
type bankEntry struct {
	BIN  string `json:"bin"`
	Name string `json:"name"`
}

// banks is the list for the settings page, in its order. It was put together from public
// sources: whoever enters an account checks the code by scanning it once.
var banks = func() (list []bankEntry) {
	if err := json.Unmarshal(banksJSON, &list); err != nil {
		panic("payment: banks.json is damaged")
	}
	return list
}()

// bankName is the name of a bank by its BIN, the BIN itself when it is not listed.
func bankName(bin string) string {
	for _, b := range banks {
		if b.BIN == bin {
			return b.Name
		}
	}
	return bin
}
