-- History (quá trình xử lý) of a dossier, append-only: who did what, when, under which document, and which due time changed. On SQLite one tree without a rowid: an entry is one page write.
CREATE TABLE dossier_event (
    dossier_id    TEXT NOT NULL REFERENCES dossier_dossier (id),
    no            BIGINT NOT NULL,
    move          TEXT NOT NULL,
    from_state    TEXT NOT NULL,
    to_state      TEXT NOT NULL,
    step_no       BIGINT NOT NULL,
    at_ms         BIGINT NOT NULL,
    account_id    TEXT NOT NULL,
    account_name  TEXT NOT NULL,
    agency_id     TEXT NOT NULL,
    reason        TEXT NOT NULL,
    document      TEXT NOT NULL,
    due_before_ms BIGINT NOT NULL,
    due_after_ms  BIGINT NOT NULL,
    PRIMARY KEY (dossier_id, no)
) WITHOUT ROWID;

-- Run of a step: entered, begun, ended. outcome '' while open, then done, redone (done, but the dossier came back) or back (left unfinished).
CREATE TABLE dossier_step (
    dossier_id TEXT NOT NULL REFERENCES dossier_dossier (id),
    no         BIGINT NOT NULL,
    turn       BIGINT NOT NULL,
    entered_ms BIGINT NOT NULL,
    started_ms BIGINT NOT NULL,
    done_ms    BIGINT NOT NULL,
    due_ms     BIGINT NOT NULL,
    account_id TEXT NOT NULL,
    outcome    TEXT NOT NULL CHECK (outcome IN ('','done','redone','back')),
    PRIMARY KEY (dossier_id, no, turn)
) WITHOUT ROWID;
