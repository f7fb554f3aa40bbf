-- Signed-in sessions (phiên đăng nhập): the token itself is only in the browser, here its hash.
-- account_id '' while the second factor is awaited. Deleting a row signs out at the next request.
-- replaced: its token was renewed; it serves the requests under way and then runs out.
CREATE TABLE identity_session (
    token_hash TEXT PRIMARY KEY,
    id         TEXT NOT NULL UNIQUE,
    account_id TEXT NOT NULL,
    data       TEXT NOT NULL,
    from_ip    TEXT NOT NULL DEFAULT '',
    agent      TEXT NOT NULL DEFAULT '',
    created_ms BIGINT NOT NULL,
    seen_ms    BIGINT NOT NULL,
    replaced   BOOLEAN NOT NULL
);
CREATE INDEX identity_session_by_account ON identity_session (account_id, seen_ms);
CREATE INDEX identity_session_by_age ON identity_session (seen_ms);

-- One-time links (liên kết dùng một lần): invitation, password reset. One hour, one use, hashed.
CREATE TABLE identity_link (
    token_hash TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES identity_account(id),
    purpose    TEXT NOT NULL CHECK (purpose IN ('invite', 'reset')),
    created_by TEXT NOT NULL,
    created_ms BIGINT NOT NULL,
    expires_ms BIGINT NOT NULL,
    used_ms    BIGINT
);
CREATE INDEX identity_link_by_account ON identity_link (account_id);

-- Failed attempts (số lần sai): per account name and per address, whether or not the name exists.
CREATE TABLE identity_attempt (
    key       TEXT PRIMARY KEY,
    failures  BIGINT NOT NULL,
    last_ms   BIGINT NOT NULL,
    until_ms  BIGINT NOT NULL
);
CREATE INDEX identity_attempt_by_age ON identity_attempt (last_ms);

-- The sign-in log (nhật ký đăng nhập). An unknown name is not kept: people type passwords there.
CREATE TABLE identity_sign_in (
    id         TEXT PRIMARY KEY,
    account_id TEXT,
    at_ms      BIGINT NOT NULL,
    from_ip    TEXT NOT NULL,
    result     TEXT NOT NULL
);
CREATE INDEX identity_sign_in_by_account ON identity_sign_in (account_id, at_ms);
CREATE INDEX identity_sign_in_by_time ON identity_sign_in (at_ms, id);

-- API tokens (mã truy cập cho phần mềm): scopes is a blank-separated list of rights, '' = reading only.
CREATE TABLE identity_token (
    id           TEXT PRIMARY KEY,
    account_id   TEXT NOT NULL REFERENCES identity_account(id),
    name         TEXT NOT NULL,
    token_hash   TEXT NOT NULL UNIQUE,
    scopes       TEXT NOT NULL,
    created_ms   BIGINT NOT NULL,
    expires_ms   BIGINT NOT NULL,
    revoked_ms   BIGINT,
    last_used_ms BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX identity_token_by_account ON identity_token (account_id, created_ms);
