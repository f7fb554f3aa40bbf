-- Area of reform (lĩnh vực), a table because TT 06/2026/TT-BNV changed the list.
CREATE TABLE plan_area (
    no      BIGINT PRIMARY KEY,
    name    TEXT NOT NULL,
    sort_no BIGINT NOT NULL
);

-- Plan of a year or programme of several (kế hoạch CCHC). The secretariat accepts results, the office those of the secretariat.
CREATE TABLE plan_plan (
    id             TEXT PRIMARY KEY,
    code           TEXT NOT NULL UNIQUE,
    kind           TEXT NOT NULL CHECK (kind IN ('annual', 'programme')),
    year           BIGINT NOT NULL,
    year_to        BIGINT NOT NULL,
    title          TEXT NOT NULL,
    number         TEXT NOT NULL,
    issued_day     TEXT NOT NULL,
    issuer_id      TEXT NOT NULL REFERENCES org_agency (id),
    secretariat_id TEXT NOT NULL REFERENCES org_agency (id),
    office_id      TEXT NOT NULL REFERENCES org_agency (id),
    parent_id      TEXT REFERENCES plan_plan (id),
    signer         TEXT NOT NULL,
    legal_basis    TEXT NOT NULL,
    funding_note   TEXT NOT NULL,
    source         TEXT NOT NULL,
    sample         BOOLEAN NOT NULL,
    state          TEXT NOT NULL CHECK (state IN ('draft', 'consult', 'submitted', 'issued', 'amended', 'closed')),
    created_by     TEXT NOT NULL,
    created_ms     BIGINT NOT NULL,
    updated_ms     BIGINT NOT NULL,
    version        BIGINT NOT NULL,
    CHECK (year <= year_to)
);
CREATE INDEX plan_plan_year ON plan_plan (year, kind);

-- Amendment (điều chỉnh) of an issued plan: its document; what changed is in the audit log and in plan_event.
CREATE TABLE plan_amendment (
    id         TEXT PRIMARY KEY,
    plan_id    TEXT NOT NULL REFERENCES plan_plan (id),
    number     TEXT NOT NULL,
    signed_day TEXT NOT NULL,
    reason     TEXT NOT NULL,
    account_id TEXT NOT NULL,
    at_ms      BIGINT NOT NULL
);
CREATE INDEX plan_amendment_plan ON plan_amendment (plan_id, at_ms);

-- Task (nhiệm vụ) of a plan. The words of the deadline stay as written; due_day '9999-12-31' = no date.
CREATE TABLE plan_task (
    id            TEXT PRIMARY KEY,
    plan_id       TEXT NOT NULL REFERENCES plan_plan (id),
    sort_no       BIGINT NOT NULL,
    area_no       BIGINT NOT NULL,
    code          TEXT NOT NULL,
    content       TEXT NOT NULL,
    content_fold  TEXT NOT NULL,
    product       TEXT NOT NULL,
    lead_text     TEXT NOT NULL,
    coord_text    TEXT NOT NULL,
    lead_id       TEXT REFERENCES org_agency (id),
    deadline_text TEXT NOT NULL,
    due_day       TEXT NOT NULL,
    kind          TEXT NOT NULL CHECK (kind IN ('one_off', 'multi_milestone', 'recurring_monthly', 'recurring_quarterly', 'recurring_period', 'continuous')),
    fan_out       TEXT NOT NULL CHECK (fan_out IN ('single', 'per_agency')),
    priority      TEXT NOT NULL CHECK (priority IN ('normal', 'important', 'breakthrough')),
    head_text     TEXT NOT NULL,
    funding       TEXT NOT NULL,
    legal_ref     TEXT NOT NULL,
    note          TEXT NOT NULL,
    extra         TEXT NOT NULL,
    confidential  BOOLEAN NOT NULL,
    cancelled     BOOLEAN NOT NULL,
    updated_ms    BIGINT NOT NULL,
    version       BIGINT NOT NULL,
    UNIQUE (plan_id, code)
);
CREATE INDEX plan_task_sort ON plan_task (plan_id, sort_no);

-- Who a task names (chủ trì, phối hợp): one agency or a group word such as "các sở, ban, ngành".
CREATE TABLE plan_mention (
    task_id     TEXT NOT NULL REFERENCES plan_task (id),
    no          BIGINT NOT NULL,
    role        TEXT NOT NULL CHECK (role IN ('lead', 'coordinating')),
    group_kind  TEXT NOT NULL,
    agency_id   TEXT REFERENCES org_agency (id),
    text        TEXT NOT NULL,
    from_column TEXT NOT NULL,
    PRIMARY KEY (task_id, no)
);

-- Milestone (mốc) of a task.
CREATE TABLE plan_milestone (
    id      TEXT PRIMARY KEY,
    task_id TEXT NOT NULL REFERENCES plan_task (id),
    no      BIGINT NOT NULL,
    name    TEXT NOT NULL,
    product TEXT NOT NULL,
    due_day TEXT NOT NULL,
    weight  BIGINT NOT NULL CHECK (weight BETWEEN 0 AND 100)
);
CREATE INDEX plan_milestone_task ON plan_milestone (task_id, no);

-- Doubt (điểm nghi vấn) of an import that a person must settle before issue.
CREATE TABLE plan_doubt (
    id         TEXT PRIMARY KEY,
    plan_id    TEXT NOT NULL REFERENCES plan_plan (id),
    task_id    TEXT REFERENCES plan_task (id),
    row_no     BIGINT NOT NULL,
    field      TEXT NOT NULL,
    text       TEXT NOT NULL,
    code       TEXT NOT NULL,
    proposal   TEXT NOT NULL,
    choices    TEXT NOT NULL,
    settled    BOOLEAN NOT NULL,
    choice     TEXT NOT NULL,
    settled_by TEXT NOT NULL,
    settled_ms BIGINT NOT NULL,
    sort_no    BIGINT NOT NULL,
    version    BIGINT NOT NULL
);
CREATE INDEX plan_doubt_open ON plan_doubt (plan_id, settled, sort_no);

-- Target (chỉ tiêu) of a plan or programme.
CREATE TABLE plan_target (
    id           TEXT PRIMARY KEY,
    plan_id      TEXT NOT NULL REFERENCES plan_plan (id),
    area_no      BIGINT NOT NULL,
    code         TEXT NOT NULL,
    name         TEXT NOT NULL,
    operator     TEXT NOT NULL CHECK (operator IN ('>=', '<=', '=')),
    value        TEXT NOT NULL,
    unit         TEXT NOT NULL,
    year         BIGINT NOT NULL,
    computation  TEXT NOT NULL,
    verification TEXT NOT NULL,
    source       TEXT NOT NULL,
    UNIQUE (plan_id, code)
);
