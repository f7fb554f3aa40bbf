-- Terms (điều kiện giải quyết) of a procedure as dossiers were received under them; the id is the hash of body (JSON), a row never changes.
CREATE TABLE dossier_terms (
    id            TEXT PRIMARY KEY,
    procedure_key TEXT NOT NULL,
    version_id    TEXT NOT NULL,
    code          TEXT NOT NULL,
    name          TEXT NOT NULL,
    field         TEXT NOT NULL,
    body          TEXT NOT NULL
);
CREATE INDEX dossier_terms_procedure ON dossier_terms (procedure_key);

-- Dossier (hồ sơ) as it stands. Instants are 0 when there is none; finished_ms is the largest number while it is open. received_by_id and received_for_id are the receiving and competent agencies at receipt, before any transfer; answered_ms is the first answer to a dossier sent online, answered_due_ms when it was due. holder_id, duty, assignee and owed_ms say who owes the next act (duty '' nobody in an office).
CREATE TABLE dossier_dossier (
    id               TEXT PRIMARY KEY,
    code             TEXT NOT NULL UNIQUE,
    terms_id         TEXT NOT NULL REFERENCES dossier_terms (id),
    procedure_key    TEXT NOT NULL,
    channel          TEXT NOT NULL CHECK (channel IN ('counter','online','post')),
    receiving_id     TEXT NOT NULL REFERENCES org_agency (id),
    competent_id     TEXT NOT NULL REFERENCES org_agency (id),
    received_for_id  TEXT NOT NULL REFERENCES org_agency (id),
    received_by_id   TEXT NOT NULL REFERENCES org_agency (id),
    returning_id     TEXT NOT NULL REFERENCES org_agency (id),
    state            TEXT NOT NULL CHECK (state IN ('draft','submitted','supplement_before_receipt','received','in_process','coordinating','supplement_wait','closed_no_supplement','finance_wait','approved','rejected_result','handed_to_counter','returned','refused','withdrawn','stopped')),
    step_no          BIGINT NOT NULL,
    holder_id        TEXT REFERENCES org_agency (id),
    duty             TEXT NOT NULL,
    assignee         TEXT NOT NULL,
    owed_ms          BIGINT NOT NULL,
    applicant        TEXT NOT NULL,
    content          TEXT NOT NULL,
    begun_ms         BIGINT NOT NULL,
    submitted_ms     BIGINT NOT NULL,
    reception_due_ms BIGINT NOT NULL,
    answered_ms      BIGINT NOT NULL,
    answered_due_ms  BIGINT NOT NULL,
    received_ms      BIGINT NOT NULL,
    start_ms         BIGINT NOT NULL,
    original_due_ms  BIGINT NOT NULL,
    clock_due_ms     BIGINT NOT NULL,
    due_ms           BIGINT NOT NULL,
    paused_ms        BIGINT NOT NULL,
    finished_ms      BIGINT NOT NULL,
    returned_ms      BIGINT NOT NULL,
    outcome          TEXT NOT NULL,
    supplements      BIGINT NOT NULL,
    supply_until     TEXT NOT NULL,
    apologised_ms    BIGINT NOT NULL,
    pauses           BIGINT NOT NULL,
    digitised_ms     BIGINT NOT NULL,
    paid_ms          BIGINT NOT NULL,
    paid_online      BOOLEAN NOT NULL,
    transferred      TEXT NOT NULL CHECK (transferred IN ('','nonboundary','by_reorganisation')),
    corrected_ms     BIGINT NOT NULL,
    group_id         TEXT NOT NULL,
    created_ms       BIGINT NOT NULL,
    created_by       TEXT NOT NULL,
    version          BIGINT NOT NULL
);
-- The inbox: what is owed under a right at an agency, what is due first on top. Rows leave it when nothing is owed.
CREATE INDEX dossier_dossier_owed ON dossier_dossier (duty, holder_id, owed_ms, id, assignee) WHERE duty <> '';
-- Lists newest first, by the part that an agency has; ids sort by the moment of entry. Most dossiers stand in the first two only.
CREATE INDEX dossier_dossier_competent ON dossier_dossier (competent_id, id);
CREATE INDEX dossier_dossier_competent_state ON dossier_dossier (competent_id, state, id);
CREATE INDEX dossier_dossier_receiving ON dossier_dossier (receiving_id, id) WHERE receiving_id <> competent_id;
CREATE INDEX dossier_dossier_receiving_state ON dossier_dossier (receiving_id, state, id) WHERE receiving_id <> competent_id;
CREATE INDEX dossier_dossier_returning ON dossier_dossier (returning_id, id) WHERE returning_id <> receiving_id AND returning_id <> competent_id;
-- What stood open at the end of a day, and what was received, finished, answered and paid in a period.
CREATE INDEX dossier_dossier_finished ON dossier_dossier (finished_ms, competent_id, received_ms, due_ms, paused_ms);
CREATE INDEX dossier_dossier_procedure ON dossier_dossier (procedure_key, finished_ms, id);
CREATE INDEX dossier_dossier_received ON dossier_dossier (received_ms, id);
CREATE INDEX dossier_dossier_answered ON dossier_dossier (answered_ms, id) WHERE answered_ms > 0;
CREATE INDEX dossier_dossier_paid ON dossier_dossier (paid_ms, id) WHERE paid_ms > 0;

-- Party: the owner (chủ hồ sơ) and, when somebody else brings it, the submitter (người nộp). Personal data live here and in the name above, nowhere else.
CREATE TABLE dossier_party (
    dossier_id TEXT NOT NULL REFERENCES dossier_dossier (id),
    part       TEXT NOT NULL CHECK (part IN ('owner','submitter')),
    kind       TEXT NOT NULL CHECK (kind IN ('citizen','business','state','organisation')),
    name       TEXT NOT NULL,
    id_kind    TEXT NOT NULL CHECK (id_kind IN ('','citizen_id','old_id','tax_code','passport')),
    id_number  TEXT NOT NULL,
    phone      TEXT NOT NULL,
    email      TEXT NOT NULL,
    address    TEXT NOT NULL,
    PRIMARY KEY (dossier_id, part)
);
CREATE INDEX dossier_party_number ON dossier_party (id_number, dossier_id) WHERE id_number <> '';

-- Paper (giấy tờ) of a dossier with its three counts. digitised: 0 not, 1 copied, 2 copied and signed, 3 its data taken out. reused_from is the dossier whose paper or result was used again.
CREATE TABLE dossier_paper (
    dossier_id  TEXT NOT NULL REFERENCES dossier_dossier (id),
    no          BIGINT NOT NULL,
    component   TEXT NOT NULL,
    name        TEXT NOT NULL,
    originals   BIGINT NOT NULL,
    certified   BIGINT NOT NULL,
    copies      BIGINT NOT NULL,
    document_id TEXT REFERENCES file_document (id),
    digitised   BIGINT NOT NULL CHECK (digitised BETWEEN 0 AND 3),
    reused_from TEXT REFERENCES dossier_dossier (id),
    added_ms    BIGINT NOT NULL,
    PRIMARY KEY (dossier_id, no)
);

-- Pause (tạm dừng tính thời hạn): the clock stands from from_ms until to_ms, 0 while it lasts.
CREATE TABLE dossier_pause (
    dossier_id TEXT NOT NULL REFERENCES dossier_dossier (id),
    no         BIGINT NOT NULL,
    kind       TEXT NOT NULL CHECK (kind IN ('supplement','payment','stage')),
    from_ms    BIGINT NOT NULL,
    to_ms      BIGINT NOT NULL,
    PRIMARY KEY (dossier_id, no)
);

-- Result (kết quả giải quyết): a licence, a signed refusal, or the correction of one. A correction never replaces what was returned.
CREATE TABLE dossier_result (
    dossier_id  TEXT NOT NULL REFERENCES dossier_dossier (id),
    no          BIGINT NOT NULL,
    kind        TEXT NOT NULL CHECK (kind IN ('approved','rejected','correction')),
    number      TEXT NOT NULL,
    day         TEXT NOT NULL,
    title       TEXT NOT NULL,
    code        TEXT NOT NULL,
    document_id TEXT REFERENCES file_document (id),
    signed_by   TEXT NOT NULL,
    signed_name TEXT NOT NULL,
    at_ms       BIGINT NOT NULL,
    way         TEXT NOT NULL,
    taken_by    TEXT NOT NULL,
    waybill     TEXT NOT NULL,
    returned_ms BIGINT NOT NULL,
    returned_by TEXT NOT NULL,
    PRIMARY KEY (dossier_id, no)
);

-- Opinion (ý kiến phối hợp) that another agency was asked for; given_ms is 0 while it is owed.
CREATE TABLE dossier_opinion (
    id          TEXT PRIMARY KEY,
    dossier_id  TEXT NOT NULL REFERENCES dossier_dossier (id),
    agency_id   TEXT NOT NULL REFERENCES org_agency (id),
    question    TEXT NOT NULL,
    asked_ms    BIGINT NOT NULL,
    asked_by    TEXT NOT NULL,
    due_ms      BIGINT NOT NULL,
    given_ms    BIGINT NOT NULL,
    given_by    TEXT NOT NULL,
    answer      TEXT NOT NULL,
    document_id TEXT REFERENCES file_document (id)
);
CREATE INDEX dossier_opinion_of ON dossier_opinion (dossier_id);
CREATE INDEX dossier_opinion_owed ON dossier_opinion (agency_id, due_ms, dossier_id) WHERE given_ms = 0;

-- Last number given by an agency on a day; rows of one agency and day are written one after the other.
CREATE TABLE dossier_number (
    agency_id TEXT NOT NULL REFERENCES org_agency (id),
    day       TEXT NOT NULL,
    last      BIGINT NOT NULL,
    PRIMARY KEY (agency_id, day)
);

-- Numbers reserved for a counter that works without the network; closed_ms is 0 while they may be used.
CREATE TABLE dossier_block (
    id        TEXT PRIMARY KEY,
    agency_id TEXT NOT NULL REFERENCES org_agency (id),
    day       TEXT NOT NULL,
    first_no  BIGINT NOT NULL,
    last_no   BIGINT NOT NULL,
    account   TEXT NOT NULL,
    taken_ms  BIGINT NOT NULL,
    closed_ms BIGINT NOT NULL,
    version   BIGINT NOT NULL,
    CHECK (first_no <= last_no)
);
CREATE INDEX dossier_block_agency ON dossier_block (agency_id, day);

-- Void (số bỏ): a number that became no dossier, and why. Every number of a day is a dossier or a void.
CREATE TABLE dossier_void (
    code      TEXT PRIMARY KEY,
    agency_id TEXT NOT NULL REFERENCES org_agency (id),
    day       TEXT NOT NULL,
    number    BIGINT NOT NULL,
    reason    TEXT NOT NULL,
    account   TEXT NOT NULL,
    at_ms     BIGINT NOT NULL
);
CREATE INDEX dossier_void_agency ON dossier_void (agency_id, day);

-- Wrong codes asked for in public, by address, in a stretch of time: guessing is slowed.
CREATE TABLE dossier_guess (
    address  TEXT PRIMARY KEY,
    since_ms BIGINT NOT NULL,
    misses   BIGINT NOT NULL
);

-- A dossier with what people call its procedure: the one way in which acts read it.
CREATE VIEW dossier_row AS
SELECT d.id, d.code, d.terms_id, d.procedure_key, t.code AS procedure_code, t.name AS procedure_name, d.channel, d.receiving_id, d.competent_id, d.received_for_id, d.received_by_id, d.returning_id,
       d.state, d.step_no, COALESCE(d.holder_id, '') AS holder_id, d.duty, d.assignee, d.owed_ms, d.applicant, d.content, d.begun_ms, d.submitted_ms, d.reception_due_ms, d.answered_ms, d.answered_due_ms,
       d.received_ms, d.start_ms, d.original_due_ms, d.clock_due_ms, d.due_ms, d.paused_ms, d.finished_ms, d.returned_ms, d.outcome, d.supplements, d.supply_until,
       d.apologised_ms, d.pauses, d.digitised_ms, d.paid_ms, d.paid_online, d.transferred, d.corrected_ms, d.group_id, d.created_ms, d.created_by, d.version
  FROM dossier_dossier d JOIN dossier_terms t ON t.id = d.terms_id;

-- A dossier as lists show it.
CREATE VIEW dossier_line AS
SELECT d.id, d.code, d.procedure_key, t.code AS procedure_code, t.name AS procedure_name, d.channel, d.receiving_id, d.competent_id, r.code AS receiving_code, a.code AS competent_code,
       a.name AS competent_name, d.state, d.step_no,
       d.duty, d.assignee, d.owed_ms, d.applicant, d.content, d.begun_ms, d.received_ms, d.original_due_ms, d.due_ms, d.paused_ms, d.finished_ms, d.version
  FROM dossier_dossier d JOIN dossier_terms t ON t.id = d.terms_id JOIN org_agency a ON a.id = d.competent_id JOIN org_agency r ON r.id = d.receiving_id;
