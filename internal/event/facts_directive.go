package event

// DirectiveIssued says that a directive was signed and its items were given as tasks.
type DirectiveIssued struct {
	DirectiveID string `json:"directive_id"`
	Items       int    `json:"items"`
}

// Kind is the stored name.
func (DirectiveIssued) Kind() string { return "directive.issued" }
