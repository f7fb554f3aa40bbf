-- Counts not yet folded, appended by the transaction that made them true. Rows leave by DELETE .. RETURNING only.
-- Without a rowid the table is one tree, not two: a count is one page write.
CREATE TABLE indicator_delta (
  code      TEXT NOT NULL,
  id        TEXT NOT NULL,
  agency_id TEXT NOT NULL,
  day       TEXT NOT NULL,
  of_day    TEXT NOT NULL,
  dim1      TEXT NOT NULL,
  dim2      TEXT NOT NULL,
  delta     BIGINT NOT NULL CHECK (delta <> 0),
  PRIMARY KEY (code, id)
) WITHOUT ROWID;
