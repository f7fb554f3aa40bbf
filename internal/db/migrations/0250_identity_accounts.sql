-- Accounts (tài khoản): who may sign in. No secret stands here, so lists never read one.
-- login is folded (a-z, digits, . _ - @) and unique; agency_id NULL = belongs to no agency
-- (the first administrator, a citizen).
CREATE TABLE identity_account (
    id           TEXT PRIMARY KEY,
    login        TEXT NOT NULL UNIQUE,
    name         TEXT NOT NULL,
    name_sort    TEXT NOT NULL,
    search_fold  TEXT NOT NULL,
    email        TEXT NOT NULL DEFAULT '',
    phone        TEXT NOT NULL DEFAULT '',
    agency_id    TEXT REFERENCES org_agency(id),
    post_id      TEXT REFERENCES org_post(id),
    state        TEXT NOT NULL CHECK (state IN ('invited', 'active', 'locked', 'disabled')),
    lang         TEXT NOT NULL DEFAULT 'vi' CHECK (lang IN ('vi', 'en')),
    preferences  TEXT NOT NULL DEFAULT '{}',
    created_ms   BIGINT NOT NULL,
    version      BIGINT NOT NULL DEFAULT 1
);
CREATE INDEX identity_account_by_name ON identity_account (name_sort, id);
CREATE INDEX identity_account_by_agency ON identity_account (agency_id, name_sort);

-- Credentials (thông tin xác thực): argon2id of the password, the second factor's secret sealed
-- with a key that is not in this database. totp_step is the last step used: never accepted again.
-- sessions_from_ms: what was signed in before that moment is signed out, whatever rows remain.
CREATE TABLE identity_credential (
    account_id     TEXT PRIMARY KEY REFERENCES identity_account(id),
    password_hash  TEXT NOT NULL DEFAULT '',
    password_ms    BIGINT NOT NULL DEFAULT 0,
    must_change    BOOLEAN NOT NULL DEFAULT FALSE,
    totp_sealed    TEXT NOT NULL DEFAULT '',
    totp_pending   TEXT NOT NULL DEFAULT '',
    totp_step      BIGINT NOT NULL DEFAULT 0,
    sessions_from_ms BIGINT NOT NULL DEFAULT 0
);

-- Recovery codes (mã dự phòng): each replaces the second factor once.
CREATE TABLE identity_recovery (
    account_id TEXT NOT NULL REFERENCES identity_account(id),
    code_hash  TEXT NOT NULL,
    used_ms    BIGINT,
    PRIMARY KEY (account_id, code_hash)
);

-- Roles (vai trò) are data; the name of a built-in role is the locale key role.<code>.
CREATE TABLE identity_role (
    code     TEXT PRIMARY KEY,
    name     TEXT NOT NULL DEFAULT '',
    sort_no  BIGINT NOT NULL,
    built_in BOOLEAN NOT NULL,
    version  BIGINT NOT NULL DEFAULT 1
);

-- Rights known to the program (quyền): a row appears when a room first declares it, and with it
-- its default roles; afterwards the roles belong to the administrator.
CREATE TABLE identity_right (
    code       TEXT PRIMARY KEY,
    created_ms BIGINT NOT NULL
);
CREATE TABLE identity_role_right (
    role_code  TEXT NOT NULL REFERENCES identity_role(code),
    right_code TEXT NOT NULL REFERENCES identity_right(code),
    PRIMARY KEY (role_code, right_code)
);
CREATE INDEX identity_role_right_by_right ON identity_role_right (right_code);

-- Grants (phân quyền): an account plays a role over an agency and all below it, between two
-- moments (to_ms is the first moment without). agency_id NULL = the whole province.
CREATE TABLE identity_grant (
    id          TEXT PRIMARY KEY,
    account_id  TEXT NOT NULL REFERENCES identity_account(id),
    role_code   TEXT NOT NULL REFERENCES identity_role(code),
    agency_id   TEXT REFERENCES org_agency(id),
    from_ms     BIGINT NOT NULL,
    to_ms       BIGINT NOT NULL,
    granted_by  TEXT NOT NULL,
    created_ms  BIGINT NOT NULL,
    revoked_ms  BIGINT,
    version     BIGINT NOT NULL DEFAULT 1,
    CHECK (from_ms <= to_ms)
);
CREATE INDEX identity_grant_by_account ON identity_grant (account_id);

-- Delegation (uỷ quyền): one account acts for another in named rights between two moments.
-- What was received by delegation is not delegated further.
CREATE TABLE identity_delegation (
    id              TEXT PRIMARY KEY,
    from_account_id TEXT NOT NULL REFERENCES identity_account(id),
    to_account_id   TEXT NOT NULL REFERENCES identity_account(id),
    from_ms         BIGINT NOT NULL,
    to_ms           BIGINT NOT NULL,
    reason          TEXT NOT NULL,
    created_ms      BIGINT NOT NULL,
    ended_ms        BIGINT,
    version         BIGINT NOT NULL DEFAULT 1,
    CHECK (from_account_id <> to_account_id),
    CHECK (from_ms <= to_ms)
);
CREATE INDEX identity_delegation_by_to ON identity_delegation (to_account_id);
CREATE INDEX identity_delegation_by_from ON identity_delegation (from_account_id);
CREATE TABLE identity_delegation_right (
    delegation_id TEXT NOT NULL REFERENCES identity_delegation(id),
    right_code    TEXT NOT NULL REFERENCES identity_right(code),
    PRIMARY KEY (delegation_id, right_code)
);

-- Settings (thiết lập) of sign-in. oidc: sign-in by the province's identity provider, off.
-- rights_version rises with every change of roles, grants, delegations or account states.
CREATE TABLE identity_setting (
    name    TEXT PRIMARY KEY,
    value   TEXT NOT NULL,
    version BIGINT NOT NULL DEFAULT 1
);
INSERT INTO identity_setting (name, value) VALUES ('oidc', 'off'), ('rights_version', '1');
