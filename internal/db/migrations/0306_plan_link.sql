-- Link of a reminder (liên kết cập nhật qua thư): lets one person report once on one assignment without signing in. Only the hash of the token is kept.
CREATE TABLE plan_link (
    hash          TEXT PRIMARY KEY,
    account_id    TEXT NOT NULL,
    assignment_id TEXT NOT NULL REFERENCES plan_assignment (id),
    made_ms       BIGINT NOT NULL,
    expires_ms    BIGINT NOT NULL,
    used_ms       BIGINT NOT NULL
);
CREATE INDEX plan_link_expires ON plan_link (expires_ms);
CREATE INDEX plan_link_assignment ON plan_link (assignment_id);
