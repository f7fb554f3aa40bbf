-- Counts folded by the day on which they are booked (số liệu theo ngày). of_day is the day that a correction
-- corrects, else the same day. Days with nothing left (total 0) stay: they tell that something was corrected.
CREATE TABLE indicator_fold (
  code      TEXT NOT NULL,
  day       TEXT NOT NULL,
  agency_id TEXT NOT NULL, -- '' for a record of the whole province
  dim1      TEXT NOT NULL,
  dim2      TEXT NOT NULL,
  of_day    TEXT NOT NULL,
  total     BIGINT NOT NULL,
  PRIMARY KEY (code, day, agency_id, dim1, dim2, of_day)
);
CREATE INDEX indicator_fold_corrected ON indicator_fold (code, of_day) WHERE of_day <> day;

-- The same counts by month of booking ('YYYY-MM'), so that a year of 160 agencies is 12 rows each, not 365.
CREATE TABLE indicator_month (
  code      TEXT NOT NULL,
  month     TEXT NOT NULL,
  agency_id TEXT NOT NULL,
  dim1      TEXT NOT NULL,
  dim2      TEXT NOT NULL,
  total     BIGINT NOT NULL,
  PRIMARY KEY (code, month, agency_id, dim1, dim2)
);

-- A published table of figures (số liệu đã chốt), never changed afterwards; digest is the SHA-256 of its values.
CREATE TABLE indicator_snapshot (
  id         TEXT PRIMARY KEY,
  title      TEXT NOT NULL,
  by_account TEXT NOT NULL,
  frozen_ms  BIGINT NOT NULL,
  digest     TEXT NOT NULL
);

-- One frozen figure with the question that it answered; value is '' when no case arose.
CREATE TABLE indicator_snapshot_value (
  snapshot_id TEXT NOT NULL REFERENCES indicator_snapshot (id),
  place       BIGINT NOT NULL, -- order in the table, from 0
  code        TEXT NOT NULL,
  agency_id   TEXT NOT NULL,
  dims        TEXT NOT NULL,   -- JSON object of dimension and wanted value
  from_day    TEXT NOT NULL,
  to_day      TEXT NOT NULL,
  on_day      TEXT NOT NULL,
  numerator   BIGINT NOT NULL,
  denominator BIGINT NOT NULL,
  value       TEXT NOT NULL,
  as_of_ms    BIGINT NOT NULL,
  PRIMARY KEY (snapshot_id, place)
);
