package applicant

// CasePath begins the page of one's own dossier; its code follows.
const CasePath = "/my/dossiers/"
