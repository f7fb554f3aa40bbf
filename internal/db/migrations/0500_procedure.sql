-- Procedure (thủ tục hành chính): one entry of the catalogue, as its newest version calls it.
CREATE TABLE procedure_procedure (
    id         TEXT PRIMARY KEY,
    key        TEXT NOT NULL UNIQUE,
    code       TEXT NOT NULL,
    name       TEXT NOT NULL,
    name_fold  TEXT NOT NULL,
    name_sort  TEXT NOT NULL,
    field      TEXT NOT NULL,
    level      TEXT NOT NULL,
    kind       TEXT NOT NULL CHECK (kind IN ('single', 'group', 'feedback')),
    state      TEXT NOT NULL CHECK (state IN ('unpublished', 'published', 'amended', 'abolished')),
    sample     BOOLEAN NOT NULL,
    created_ms BIGINT NOT NULL,
    version    BIGINT NOT NULL
);
CREATE INDEX procedure_procedure_name ON procedure_procedure (name_sort, id);
CREATE INDEX procedure_procedure_code ON procedure_procedure (code);

-- Version (phiên bản) of a procedure: its whole content as one document with its SHA-256, never changed once published; the columns beside it are what is searched and counted.
CREATE TABLE procedure_version (
    id             TEXT PRIMARY KEY,
    procedure_id   TEXT NOT NULL REFERENCES procedure_procedure (id),
    no             BIGINT NOT NULL,
    state          TEXT NOT NULL CHECK (state IN ('draft', 'presented', 'published', 'dropped')),
    from_day       TEXT NOT NULL,
    to_day         TEXT NOT NULL,
    decision       TEXT NOT NULL,
    decision_day   TEXT NOT NULL,
    effective_day  TEXT NOT NULL,
    published_day  TEXT NOT NULL,
    service_level  TEXT NOT NULL,
    parts_full     BOOLEAN NOT NULL,
    accept_unknown BOOLEAN NOT NULL,
    content        TEXT NOT NULL,
    digest         TEXT NOT NULL,
    drafted_by     TEXT NOT NULL,
    edited_by      TEXT NOT NULL,
    published_by   TEXT NOT NULL,
    created_ms     BIGINT NOT NULL,
    version        BIGINT NOT NULL,
    UNIQUE (procedure_id, no)
);
-- One open draft at a time: two people never write past each other.
CREATE UNIQUE INDEX procedure_version_open ON procedure_version (procedure_id) WHERE state IN ('draft', 'presented');
CREATE INDEX procedure_version_force ON procedure_version (procedure_id, from_day) WHERE state = 'published';

-- Group (nhóm thủ tục liên thông): member procedures with who waits for whose result, between two days; a document like a version.
CREATE TABLE procedure_group (
    id       TEXT PRIMARY KEY,
    key      TEXT NOT NULL,
    name     TEXT NOT NULL,
    from_day TEXT NOT NULL,
    to_day   TEXT NOT NULL,
    content  TEXT NOT NULL,
    version  BIGINT NOT NULL,
    UNIQUE (key, from_day)
);
