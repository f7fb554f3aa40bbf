-- Draft (hồ sơ đang soạn) of a citizen: what will be sent, or what answers a request for more papers (dossier_id set). Personal data.
CREATE TABLE applicant_draft (
    id           TEXT PRIMARY KEY,
    account_id   TEXT NOT NULL,
    procedure    TEXT NOT NULL,
    variant      TEXT NOT NULL,
    name         TEXT NOT NULL,
    agency_id    TEXT NOT NULL REFERENCES org_agency (id),
    dossier_id   TEXT NOT NULL,
    party_name   TEXT NOT NULL,
    id_number    TEXT NOT NULL,
    phone        TEXT NOT NULL,
    email        TEXT NOT NULL,
    address      TEXT NOT NULL,
    content      TEXT NOT NULL,
    state        TEXT NOT NULL CHECK (state IN ('open', 'sent', 'dropped')),
    changed_ms   BIGINT NOT NULL,
    version      BIGINT NOT NULL
);
CREATE INDEX applicant_draft_mine ON applicant_draft (account_id, changed_ms) WHERE state = 'open';

-- File that a citizen put to a draft, by the paper that it is.
CREATE TABLE applicant_file (
    draft_id    TEXT NOT NULL REFERENCES applicant_draft (id),
    document_id TEXT NOT NULL,
    component   TEXT NOT NULL,
    name        TEXT NOT NULL,
    sha256      TEXT NOT NULL,
    size        BIGINT NOT NULL,
    added_ms    BIGINT NOT NULL,
    PRIMARY KEY (draft_id, document_id)
);

-- Case: a dossier that an account sent and follows. dossier_id belongs to another room.
CREATE TABLE applicant_case (
    dossier_id TEXT PRIMARY KEY,
    code       TEXT NOT NULL UNIQUE,
    account_id TEXT NOT NULL,
    sent_ms    BIGINT NOT NULL
);
CREATE INDEX applicant_case_mine ON applicant_case (account_id, sent_ms, dossier_id);

-- Account that wants no messages about its dossiers.
CREATE TABLE applicant_quiet (
    account_id TEXT PRIMARY KEY,
    since_ms   BIGINT NOT NULL
);

-- Rating (đánh giá) of a dossier after its result, one for ever.
CREATE TABLE applicant_rating (
    dossier_id TEXT PRIMARY KEY,
    code       TEXT NOT NULL,
    name       TEXT NOT NULL,
    agency_id  TEXT NOT NULL REFERENCES org_agency (id),
    score      BIGINT NOT NULL CHECK (score BETWEEN 1 AND 3),
    comment    TEXT NOT NULL,
    day        TEXT NOT NULL,
    at_ms      BIGINT NOT NULL
);
CREATE INDEX applicant_rating_day ON applicant_rating (agency_id, day, dossier_id);

-- Whether this program takes dossiers from citizens directly; otherwise they are led to the national portal. One row, id 'only'.
CREATE TABLE applicant_entry (
    id      TEXT PRIMARY KEY CHECK (id = 'only'),
    direct  BOOLEAN NOT NULL,
    version BIGINT NOT NULL
);
