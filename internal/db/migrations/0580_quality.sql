-- Weight (trọng số, ngưỡng) of one line of the service index from a day on, with where it is from; full is '' when points rise with the rate up to 100 %.
CREATE TABLE quality_weight (
    code     TEXT NOT NULL,
    from_day TEXT NOT NULL,
    max      TEXT NOT NULL,
    full_at  TEXT NOT NULL,
    source   TEXT NOT NULL,
    doubt    BOOLEAN NOT NULL,
    version  BIGINT NOT NULL,
    PRIMARY KEY (code, from_day)
);

-- Official value (điểm trên Cổng Dịch vụ công quốc gia) of an agency, a period and a line, in hundredths of a point, with what proves it.
CREATE TABLE quality_official (
    agency_id TEXT NOT NULL REFERENCES org_agency (id),
    period    TEXT NOT NULL,
    code      TEXT NOT NULL,
    points    BIGINT NOT NULL,
    evidence  TEXT NOT NULL,
    by_id     TEXT NOT NULL,
    at_ms     BIGINT NOT NULL,
    PRIMARY KEY (agency_id, period, code)
);

-- Frozen index (số liệu đã chốt) of an agency and a period: the table as it was, with the SHA-256 over it. A row never changes.
CREATE TABLE quality_frozen (
    agency_id TEXT NOT NULL REFERENCES org_agency (id),
    period    TEXT NOT NULL,
    body      TEXT NOT NULL,
    digest    TEXT NOT NULL,
    by_id     TEXT NOT NULL,
    at_ms     BIGINT NOT NULL,
    PRIMARY KEY (agency_id, period)
);

-- Sheet of marks (phiếu chấm điểm chất lượng) of a unit in a quarter, or of one of its officers.
CREATE TABLE quality_sheet (
    id          TEXT PRIMARY KEY,
    agency_id   TEXT NOT NULL REFERENCES org_agency (id),
    officer     TEXT NOT NULL,
    period      TEXT NOT NULL,
    state       TEXT NOT NULL CHECK (state IN ('open', 'submitted', 'verified')),
    scored_by   TEXT NOT NULL,
    verified_by TEXT NOT NULL,
    changed_ms  BIGINT NOT NULL,
    version     BIGINT NOT NULL,
    UNIQUE (agency_id, period, officer)
);
CREATE INDEX quality_sheet_period ON quality_sheet (period, agency_id);

-- Mark (điểm) of one item of a sheet in tenths of a point, -1 while there is none; computed is what the records gave at the last saving.
CREATE TABLE quality_mark (
    sheet_id TEXT NOT NULL REFERENCES quality_sheet (id),
    item     BIGINT NOT NULL CHECK (item BETWEEN 1 AND 9),
    computed BIGINT NOT NULL,
    self     BIGINT NOT NULL,
    verified BIGINT NOT NULL,
    evidence TEXT NOT NULL,
    reason   TEXT NOT NULL,
    PRIMARY KEY (sheet_id, item)
);
