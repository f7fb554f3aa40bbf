-- Directive (ý kiến chỉ đạo): what the chairman or the centre orders beside the yearly plan, with the document that says so.
CREATE TABLE directive_directive (
    id         TEXT PRIMARY KEY,
    source     TEXT NOT NULL CHECK (source IN ('minutes', 'document', 'order')),
    level      TEXT NOT NULL CHECK (level IN ('central', 'province')),
    number     TEXT NOT NULL,
    title      TEXT NOT NULL,
    title_fold TEXT NOT NULL,
    day        TEXT NOT NULL,
    text       TEXT NOT NULL,
    state      TEXT NOT NULL CHECK (state IN ('draft', 'submitted', 'issued', 'dropped')),
    issuer_id  TEXT NOT NULL REFERENCES org_agency (id),
    signer     TEXT NOT NULL,
    drafted_by TEXT NOT NULL,
    created_ms BIGINT NOT NULL,
    issued_by  TEXT NOT NULL,
    issued_day TEXT NOT NULL,
    version    BIGINT NOT NULL
);
CREATE INDEX directive_directive_day ON directive_directive (day, id);

-- Item (nội dung giao) of a directive: one thing that one agency shall do. Issued, it is a task of the register of the year.
CREATE TABLE directive_item (
    id           TEXT PRIMARY KEY,
    directive_id TEXT NOT NULL REFERENCES directive_directive (id),
    no           BIGINT NOT NULL,
    text         TEXT NOT NULL,
    product      TEXT NOT NULL,
    lead_id      TEXT REFERENCES org_agency (id),
    due_day      TEXT NOT NULL,
    task_id      TEXT NOT NULL
);
CREATE INDEX directive_item_of ON directive_item (directive_id, no);
CREATE INDEX directive_item_lead ON directive_item (lead_id, directive_id);

-- Agency that helps (phối hợp) with an item.
CREATE TABLE directive_helper (
    item_id   TEXT NOT NULL REFERENCES directive_item (id),
    agency_id TEXT NOT NULL REFERENCES org_agency (id),
    PRIMARY KEY (item_id, agency_id)
);
