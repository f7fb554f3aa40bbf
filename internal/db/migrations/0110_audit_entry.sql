-- The audit log (nhật ký kiểm toán): who did what, for whom, when, from where, and what it
-- was before and after. One row per change, written in the transaction of the change.
-- row_key blinds the content in the tree, so that a leaf says nothing about a person;
-- content_mac = HMAC(row_key, content); row_mac = HMAC(key kept outside, the whole row).
-- leaf_index: place in the tree; NULL = not yet integrated. aside: not written by us, never placed.
-- place_mac binds the row to its place, under the key kept outside.
CREATE TABLE audit_entry (
    id             TEXT PRIMARY KEY,
    at_ms          BIGINT NOT NULL,
    kind           TEXT NOT NULL,
    subject        TEXT NOT NULL,
    subject_agency TEXT NOT NULL DEFAULT '',
    account        TEXT NOT NULL,
    account_name   TEXT NOT NULL DEFAULT '',
    acted_for      TEXT NOT NULL DEFAULT '',
    account_agency TEXT NOT NULL DEFAULT '',
    address        TEXT NOT NULL DEFAULT '',
    before_json    TEXT NOT NULL DEFAULT '',
    after_json     TEXT NOT NULL DEFAULT '',
    reason         TEXT NOT NULL DEFAULT '',
    row_key        TEXT NOT NULL,
    content_mac    TEXT NOT NULL,
    row_mac        TEXT NOT NULL,
    leaf_index     BIGINT CHECK (leaf_index >= 0),
    aside          BOOLEAN NOT NULL DEFAULT FALSE,
    place_mac      TEXT NOT NULL DEFAULT ''
);
CREATE INDEX audit_entry_subject ON audit_entry (subject, at_ms, id);
CREATE INDEX audit_entry_at ON audit_entry (at_ms, id);
CREATE INDEX audit_entry_account ON audit_entry (account, at_ms, id);
CREATE INDEX audit_entry_agency ON audit_entry (subject_agency, at_ms, id);
CREATE INDEX audit_entry_kind ON audit_entry (kind, at_ms, id);
-- leaf_index stands first, though it is always NULL here: else SQLite takes the unique index
-- below and sorts everything that waits, again for each batch.
CREATE INDEX audit_entry_waiting ON audit_entry (leaf_index, at_ms, id) WHERE leaf_index IS NULL AND NOT aside;
-- Not partial: SQLite would take a partial index and then walk it from its start.
CREATE UNIQUE INDEX audit_entry_leaf ON audit_entry (leaf_index);
CREATE INDEX audit_entry_aside ON audit_entry (id) WHERE aside;

-- Nodes of the RFC 6962 hash tree (cây băm), numbered as in golang.org/x/mod/sumdb/tlog.
-- entry_id names the entry of a leaf, so that a deleted row can still be named; '' above.
CREATE TABLE audit_hash (
    hash_index BIGINT PRIMARY KEY,
    hash       TEXT NOT NULL,
    entry_id   TEXT NOT NULL DEFAULT ''
);

-- The size of the tree: one row.
CREATE TABLE audit_tree (
    id   BIGINT PRIMARY KEY CHECK (id = 1),
    size BIGINT NOT NULL
);
INSERT INTO audit_tree (id, size) VALUES (1, 0);

-- Signed checkpoints (mốc niêm phong); the copies that count lie outside.
CREATE TABLE audit_checkpoint (
    size  BIGINT PRIMARY KEY,
    at_ms BIGINT NOT NULL,
    note  TEXT NOT NULL
);

-- Rows found without a valid row_mac: never legitimised, named to whoever looks.
CREATE TABLE audit_suspect (
    entry_id TEXT PRIMARY KEY,
    found_ms BIGINT NOT NULL
);
