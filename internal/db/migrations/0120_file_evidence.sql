-- Content kept outside the database under its SHA-256 (tệp). A row is written only
-- once the bytes are durable; saved_ms is the last upload, from which a day runs
-- before unused content is collected.
CREATE TABLE file_blob (
    sha256     TEXT PRIMARY KEY CHECK (LENGTH(sha256) = 64),
    size       BIGINT NOT NULL CHECK (size > 0),
    media_type TEXT NOT NULL,
    saved_ms   BIGINT NOT NULL
);
CREATE INDEX file_blob_saved ON file_blob (saved_ms);

-- A document that proves something (minh chứng): content plus what an official
-- knows about it. The same content may be several documents.
CREATE TABLE file_document (
    id         TEXT PRIMARY KEY,
    sha256     TEXT NOT NULL REFERENCES file_blob (sha256),
    name       TEXT NOT NULL,
    title      TEXT NOT NULL,
    number     TEXT NOT NULL DEFAULT '',
    issued_day TEXT NOT NULL DEFAULT '',
    issuer     TEXT NOT NULL DEFAULT '',
    kind       TEXT NOT NULL DEFAULT '',
    agency_id  TEXT NOT NULL DEFAULT '',
    created_by TEXT NOT NULL,
    created_ms BIGINT NOT NULL
);
CREATE INDEX file_document_content ON file_document (sha256);
CREATE INDEX file_document_agency ON file_document (agency_id, id);

-- What a document proves: one document, many subjects ("plan_assignment:<id>").
CREATE TABLE file_subject (
    subject     TEXT NOT NULL,
    document_id TEXT NOT NULL REFERENCES file_document (id),
    PRIMARY KEY (subject, document_id)
);
CREATE INDEX file_subject_document ON file_subject (document_id);
