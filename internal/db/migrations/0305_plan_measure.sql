-- A target may be measured by an indicator of the program ('' for none); the rest is measured by hand, with evidence.
ALTER TABLE plan_target ADD COLUMN indicator_code TEXT NOT NULL DEFAULT '';
ALTER TABLE plan_target ADD COLUMN version BIGINT NOT NULL DEFAULT 1;

-- Measured value (kết quả đo) of a target at the end of a day. Rows are only added; of several for one day the last one stands.
CREATE TABLE plan_measure (
    id          TEXT PRIMARY KEY,
    target_id   TEXT NOT NULL REFERENCES plan_target (id),
    day         TEXT NOT NULL,
    value       TEXT NOT NULL,
    numerator   BIGINT NOT NULL,
    denominator BIGINT NOT NULL,
    source      TEXT NOT NULL CHECK (source IN ('live', 'manual')),
    document    TEXT NOT NULL,
    note        TEXT NOT NULL,
    account_id  TEXT NOT NULL,
    at_ms       BIGINT NOT NULL
);
CREATE INDEX plan_measure_target ON plan_measure (target_id, day, at_ms, id);
