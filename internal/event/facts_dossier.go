package event

// DossierMoved says that a dossier was received or made any other move. Move and State
// are the stored words of room dossier; From is "" for the first one.
type DossierMoved struct {
	DossierID string `json:"dossier_id"`
	Code      string `json:"code"`
	Procedure string `json:"procedure"`
	Move      string `json:"move"`
	From      string `json:"from"`
	State     string `json:"state"`
}

// Kind is the stored name.
func (DossierMoved) Kind() string { return "dossier.moved" }

// PaymentSettled says that money for a dossier was paid, or paid back. State is "paid",
// "refunded" or "cancelled".
type PaymentSettled struct {
	OrderID   string `json:"order_id"`
	DossierID string `json:"dossier_id"`
	State     string `json:"state"`
	Online    bool   `json:"online"`
}

// Kind is the stored name.
func (PaymentSettled) Kind() string { return "payment.settled" }

// ProcedurePublished says that a version of a procedure is in force from a day.
type ProcedurePublished struct {
	ProcedureID string `json:"procedure_id"`
	VersionID   string `json:"version_id"`
	FromDay     string `json:"from_day"`
}

// Kind is the stored name.
func (ProcedurePublished) Kind() string { return "procedure.published" }
