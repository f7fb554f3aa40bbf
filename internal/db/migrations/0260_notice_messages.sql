-- Messages to a person (thông báo). key is what makes "never twice": the sender derives it from
-- the thing told. args_json fills the sentence of the kind; secret_sealed holds values (a one-time
-- link) that must not lie readable, and is emptied once sending is over; such a message is hidden:
-- mailed, never listed.
CREATE TABLE notice_message (
    id            TEXT PRIMARY KEY,
    key           TEXT NOT NULL UNIQUE,
    account_id    TEXT NOT NULL,
    kind          TEXT NOT NULL,
    subject       TEXT NOT NULL,
    url           TEXT NOT NULL,
    args_json     TEXT NOT NULL,
    secret_sealed TEXT NOT NULL DEFAULT '',
    hidden        BOOLEAN NOT NULL DEFAULT FALSE,
    created_ms    BIGINT NOT NULL,
    read_ms       BIGINT
);
CREATE INDEX notice_message_by_account ON notice_message (account_id, id);
CREATE INDEX notice_message_unread ON notice_message (account_id) WHERE read_ms IS NULL;

-- One sending of one message (or one day's digest) by one channel, with its result.
-- waiting -> trying (written before the wire is touched) -> sent | waiting (try again) | failed;
-- maybe_sent: the process died between the wire and this row, it is sent again with the same Message-ID.
CREATE TABLE notice_delivery (
    id            TEXT PRIMARY KEY,
    key           TEXT NOT NULL UNIQUE,
    message_id    TEXT REFERENCES notice_message(id),
    account_id    TEXT NOT NULL,
    channel       TEXT NOT NULL CHECK (channel IN ('mail', 'webhook')),
    transport     TEXT NOT NULL DEFAULT '' CHECK (transport IN ('', 'smtp', 'outbox', 'http')),
    state         TEXT NOT NULL CHECK (state IN ('waiting', 'trying', 'maybe_sent', 'sent', 'failed')),
    due_ms        BIGINT NOT NULL,
    attempts      BIGINT NOT NULL DEFAULT 0,
    attempt_id    TEXT NOT NULL DEFAULT '',
    lease_ms      BIGINT NOT NULL DEFAULT 0,
    result        TEXT NOT NULL DEFAULT '',
    address       TEXT NOT NULL DEFAULT '',
    title         TEXT NOT NULL DEFAULT '',
    body          TEXT NOT NULL DEFAULT '',
    created_ms    BIGINT NOT NULL,
    done_ms       BIGINT
);
CREATE INDEX notice_delivery_due ON notice_delivery (due_ms) WHERE done_ms IS NULL;
CREATE INDEX notice_delivery_by_message ON notice_delivery (message_id);

-- Every try at the wire (nhật ký gửi): begun before, ended after; ended NULL = the process died.
CREATE TABLE notice_attempt (
    id          TEXT PRIMARY KEY,
    delivery_id TEXT NOT NULL REFERENCES notice_delivery(id),
    begun_ms    BIGINT NOT NULL,
    ended_ms    BIGINT,
    result      TEXT NOT NULL DEFAULT ''
);
CREATE INDEX notice_attempt_by_delivery ON notice_attempt (delivery_id, begun_ms);

-- What waits for the evening's digest (bản tin gộp): one message a person a day.
CREATE TABLE notice_digest_item (
    message_id TEXT PRIMARY KEY REFERENCES notice_message(id),
    account_id TEXT NOT NULL,
    day        TEXT NOT NULL
);
CREATE INDEX notice_digest_item_by_day ON notice_digest_item (day, account_id);

-- Settings of sending (thiết lập gửi tin): one row 'sending', its value JSON; secrets in it are sealed.
CREATE TABLE notice_setting (
    name    TEXT PRIMARY KEY,
    value   TEXT NOT NULL,
    version BIGINT NOT NULL
);
INSERT INTO notice_setting (name, value, version) VALUES ('sending', '{}', 1);
