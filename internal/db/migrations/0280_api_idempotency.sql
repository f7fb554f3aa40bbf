-- api_idempotency: calls of programs by their Idempotency-Key, so that a repeat answers
-- what the first call answered (gọi lại an toàn). status 0 = still running. Kept for a day.
CREATE TABLE api_idempotency (
    account_id   TEXT   NOT NULL,
    route        TEXT   NOT NULL,
    request_key  TEXT   NOT NULL CHECK (length(request_key) BETWEEN 8 AND 128),
    request_hash TEXT   NOT NULL,
    status       BIGINT NOT NULL CHECK (status = 0 OR status BETWEEN 200 AND 499),
    answer_type  TEXT   NOT NULL,
    answer_body  TEXT   NOT NULL,
    created_ms   BIGINT NOT NULL,
    PRIMARY KEY (account_id, route, request_key)
);

CREATE INDEX api_idempotency_created ON api_idempotency (created_ms);
