-- Group case (hồ sơ liên thông): one declaration that runs through several procedures. The declaration holds personal data and is emptied when the group ends.
CREATE TABLE interlink_case (
    id          TEXT PRIMARY KEY,
    code        TEXT NOT NULL UNIQUE,
    group_key   TEXT NOT NULL,
    name        TEXT NOT NULL,
    leads       BOOLEAN NOT NULL,
    basis       TEXT NOT NULL,
    agency_id   TEXT NOT NULL REFERENCES org_agency (id),
    state       TEXT NOT NULL CHECK (state IN ('waiting', 'running', 'blocked', 'done', 'partly_done')),
    declared_ms BIGINT NOT NULL,
    due_ms      BIGINT NOT NULL,
    ended_ms    BIGINT NOT NULL,
    declaration TEXT NOT NULL,
    version     BIGINT NOT NULL
);
CREATE INDEX interlink_case_agency ON interlink_case (agency_id, declared_ms, id);

-- Member (thủ tục thành viên) of a group case, with the dossier that we handle or the document of who does.
CREATE TABLE interlink_member (
    case_id    TEXT NOT NULL REFERENCES interlink_case (id),
    key        TEXT NOT NULL,
    position   BIGINT NOT NULL,
    name       TEXT NOT NULL,
    authority  TEXT NOT NULL,
    ours       BOOLEAN NOT NULL,
    together   BOOLEAN NOT NULL,
    needs      TEXT NOT NULL,
    competent  TEXT NOT NULL,
    state      TEXT NOT NULL CHECK (state IN ('waiting', 'running', 'approved', 'refused', 'cancelled', 'skipped')),
    dossier_id TEXT NOT NULL,
    dossier    TEXT NOT NULL,
    document   TEXT NOT NULL,
    reason     TEXT NOT NULL,
    started_ms BIGINT NOT NULL,
    ended_ms   BIGINT NOT NULL,
    PRIMARY KEY (case_id, key)
);
CREATE INDEX interlink_member_dossier ON interlink_member (dossier_id) WHERE dossier_id <> '';

-- Notice (thông báo) to the applicant that a member was refused and what was cancelled with it: one a group case, whatever happens later.
CREATE TABLE interlink_notice (
    case_id   TEXT PRIMARY KEY REFERENCES interlink_case (id),
    member    TEXT NOT NULL,
    reason    TEXT NOT NULL,
    cancelled TEXT NOT NULL,
    at_ms     BIGINT NOT NULL
);
