-- When a periodic report closes (kỳ báo cáo, ngày chốt số liệu): dated data, because provinces and decrees differ.
CREATE TABLE report_cutoff (
    code       TEXT NOT NULL CHECK (code IN ('quarter_1', 'half_year', 'quarter_3', 'year')),
    valid_from TEXT NOT NULL,
    valid_to   TEXT NOT NULL,
    from_md    TEXT NOT NULL,
    from_prior BOOLEAN NOT NULL,
    to_md      TEXT NOT NULL,
    due_md     TEXT NOT NULL,
    basis      TEXT NOT NULL,
    mark       TEXT NOT NULL,
    PRIMARY KEY (code, valid_from),
    CHECK (valid_from <= valid_to)
);
INSERT INTO report_cutoff (code, valid_from, valid_to, from_md, from_prior, to_md, due_md, basis, mark) VALUES
    ('quarter_1', '0001-01-01', '9999-12-31', '12-15', TRUE, '03-14', '03-18', 'CV 343/SKHCN-VP Đồng Tháp 02/3/2022', 'V'),
    ('half_year', '0001-01-01', '9999-12-31', '12-15', TRUE, '06-14', '06-18', 'CV 343/SKHCN-VP Đồng Tháp 02/3/2022', 'V'),
    ('quarter_3', '0001-01-01', '9999-12-31', '06-15', FALSE, '09-14', '09-18', 'CV 343/SKHCN-VP Đồng Tháp 02/3/2022', 'V'),
    ('year', '0001-01-01', '9999-12-31', '12-15', TRUE, '12-14', '12-18', 'CV 343/SKHCN-VP Đồng Tháp 02/3/2022', 'V');

-- Periodic report on the reform (báo cáo cải cách hành chính). Signed, its figures and the records behind them are frozen.
CREATE TABLE report_report (
    id           TEXT PRIMARY KEY,
    code         TEXT NOT NULL,
    year         BIGINT NOT NULL,
    from_day     TEXT NOT NULL,
    to_day       TEXT NOT NULL,
    plan_id      TEXT NOT NULL,
    plan_title   TEXT NOT NULL,
    state        TEXT NOT NULL CHECK (state IN ('drafting', 'submitted', 'signed')),
    revision     BIGINT NOT NULL,
    number       TEXT NOT NULL,
    signed_day   TEXT NOT NULL,
    signer       TEXT NOT NULL,
    drafted_by   TEXT NOT NULL,
    submitted_by TEXT NOT NULL,
    signed_by    TEXT NOT NULL,
    annex        TEXT NOT NULL,
    digest       TEXT NOT NULL,
    updated_ms   BIGINT NOT NULL,
    version      BIGINT NOT NULL,
    UNIQUE (code, year, revision)
);
CREATE INDEX report_report_day ON report_report (to_day, id);

-- Section (mục) of the narrative: what the figures say by themselves, and what a person wrote in its place.
CREATE TABLE report_section (
    report_id TEXT NOT NULL REFERENCES report_report (id),
    no        BIGINT NOT NULL,
    code      TEXT NOT NULL,
    told      TEXT NOT NULL,
    text      TEXT NOT NULL,
    edited    BOOLEAN NOT NULL,
    PRIMARY KEY (report_id, no)
);

-- Record counted (bản ghi đã đếm) by a figure of a signed report, as it was on that day.
CREATE TABLE report_counted (
    report_id TEXT NOT NULL REFERENCES report_report (id),
    figure    TEXT NOT NULL,
    no        BIGINT NOT NULL,
    record_id TEXT NOT NULL,
    code      TEXT NOT NULL,
    title     TEXT NOT NULL,
    agency    TEXT NOT NULL,
    url       TEXT NOT NULL,
    PRIMARY KEY (report_id, figure, no)
);
