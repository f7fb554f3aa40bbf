-- What can be found (tìm kiếm): the text of a record as it was written, and where it
-- belongs. num orders by time (milliseconds × 2^20 + a small number), so that the
-- newest come first without sorting. words is the folded text with its positions,
-- made by the program, so that both engines cut it alike.
CREATE TABLE search_doc (
    num       BIGINT PRIMARY KEY,
    kind      TEXT NOT NULL,
    id        TEXT NOT NULL,
    agency_id TEXT NOT NULL,
    at_ms     BIGINT NOT NULL,
    body      TEXT NOT NULL,
    words     TSVECTOR NOT NULL DEFAULT '',
    UNIQUE (kind, id)
);
CREATE INDEX search_doc_words ON search_doc USING GIN (words);
