-- Form of the province (mẫu phiếu của tỉnh): takes the place of the shipped form of its kind from a day on. Body is JSON, see slip.Template.
CREATE TABLE slip_template (
    id         TEXT PRIMARY KEY,
    kind       TEXT NOT NULL,
    from_day   TEXT NOT NULL,
    body       TEXT NOT NULL,
    account_id TEXT NOT NULL,
    made_ms    BIGINT NOT NULL,
    UNIQUE (kind, from_day)
);
