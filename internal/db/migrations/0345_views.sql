-- View (góc nhìn đã lưu): a list with its filters that a person keeps under a name. It is an address of this program, so it can be sent on; what it shows is cut to whoever opens it.
CREATE TABLE views_view (
    id         TEXT PRIMARY KEY,
    account_id TEXT NOT NULL,
    name       TEXT NOT NULL,
    name_sort  TEXT NOT NULL,
    address    TEXT NOT NULL,
    created_ms BIGINT NOT NULL,
    UNIQUE (account_id, name)
);
CREATE INDEX views_view_of ON views_view (account_id, name_sort, id);
