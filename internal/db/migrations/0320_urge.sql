-- Rule of the ladder (bậc đôn đốc): so many working days before or after the deadline, to whom, by what. Dated data; our defaults [D].
CREATE TABLE urge_rule (
    step       TEXT NOT NULL,
    valid_from TEXT NOT NULL,
    valid_to   TEXT NOT NULL,
    level      BIGINT NOT NULL CHECK (level BETWEEN 0 AND 6),
    days       BIGINT NOT NULL,
    every      BIGINT NOT NULL CHECK (every >= 0),
    audience   TEXT NOT NULL,
    act        TEXT NOT NULL CHECK (act IN ('remind', 'letter', 'yellow', 'red')),
    basis      TEXT NOT NULL,
    mark       TEXT NOT NULL,
    version    BIGINT NOT NULL,
    PRIMARY KEY (step, valid_from)
);
INSERT INTO urge_rule (step, valid_from, valid_to, level, days, every, audience, act, basis, mark, version) VALUES
    ('before_7', '0001-01-01', '9999-12-31', 1, -7, 0, 'officer focal', 'remind', '', 'D', 1),
    ('before_3', '0001-01-01', '9999-12-31', 1, -3, 0, 'officer focal', 'remind', '', 'D', 1),
    ('before_1', '0001-01-01', '9999-12-31', 1, -1, 0, 'officer focal', 'remind', '', 'D', 1),
    ('after_1', '0001-01-01', '9999-12-31', 2, 1, 0, 'head', 'remind', '', 'D', 1),
    ('after_3', '0001-01-01', '9999-12-31', 3, 3, 5, 'head follower', 'remind', '', 'D', 1),
    ('after_7', '0001-01-01', '9999-12-31', 4, 7, 0, 'follower', 'letter', '', 'D', 1),
    ('after_15', '0001-01-01', '9999-12-31', 5, 15, 0, 'follower', 'yellow', '', 'D', 1),
    ('after_30', '0001-01-01', '9999-12-31', 6, 30, 0, 'follower', 'red', '', 'D', 1);

-- Step taken (lần đôn đốc) for something owed: once for each deadline, whatever happens to the program in between. A covered one was overtaken by a higher step.
CREATE TABLE urge_step (
    kind      TEXT NOT NULL,
    item_id   TEXT NOT NULL,
    due_day   TEXT NOT NULL,
    step      TEXT NOT NULL,
    agency_id TEXT NOT NULL REFERENCES org_agency (id),
    level     BIGINT NOT NULL,
    day       TEXT NOT NULL,
    covered   BOOLEAN NOT NULL,
    PRIMARY KEY (kind, item_id, due_day, step)
);
CREATE INDEX urge_step_agency ON urge_step (agency_id, day);

-- Digest (bản tổng hợp đôn đốc): everything that one person is reminded of on one day, in one message.
CREATE TABLE urge_digest (
    id         TEXT PRIMARY KEY,
    account_id TEXT NOT NULL,
    day        TEXT NOT NULL,
    items      BIGINT NOT NULL,
    at_ms      BIGINT NOT NULL,
    seen_ms    BIGINT NOT NULL,
    UNIQUE (account_id, day)
);

-- Line of a digest; digest_id is '' until it is sent.
CREATE TABLE urge_line (
    id         TEXT PRIMARY KEY,
    account_id TEXT NOT NULL,
    digest_id  TEXT NOT NULL,
    kind       TEXT NOT NULL,
    item_id    TEXT NOT NULL,
    agency_id  TEXT NOT NULL REFERENCES org_agency (id),
    step       TEXT NOT NULL,
    level      BIGINT NOT NULL,
    day        TEXT NOT NULL,
    due_day    TEXT NOT NULL,
    code       TEXT NOT NULL,
    title      TEXT NOT NULL,
    url        TEXT NOT NULL
);
CREATE INDEX urge_line_unsent ON urge_line (account_id, id) WHERE digest_id = '';
CREATE INDEX urge_line_digest ON urge_line (digest_id, due_day);
CREATE INDEX urge_line_agency ON urge_line (agency_id, day, id);

-- Day on which the ladder was walked to its end.
CREATE TABLE urge_run (
    day   TEXT PRIMARY KEY,
    at_ms BIGINT NOT NULL
);

-- Urging letter (công văn đôn đốc) to one agency. One draft an agency at a time gathers what falls due.
CREATE TABLE urge_letter (
    id           TEXT PRIMARY KEY,
    agency_id    TEXT NOT NULL REFERENCES org_agency (id),
    follower_id  TEXT NOT NULL REFERENCES org_agency (id),
    state        TEXT NOT NULL CHECK (state IN ('draft', 'submitted', 'signed', 'answered', 'dropped')),
    year         BIGINT NOT NULL,
    number       BIGINT NOT NULL,
    words        TEXT NOT NULL,
    response_day TEXT NOT NULL,
    created_day  TEXT NOT NULL,
    drafted_by   TEXT NOT NULL,
    signed_by    TEXT NOT NULL,
    signer       TEXT NOT NULL,
    signed_day   TEXT NOT NULL,
    answer       TEXT NOT NULL,
    answered_by  TEXT NOT NULL,
    answered_day TEXT NOT NULL,
    version      BIGINT NOT NULL
);
CREATE UNIQUE INDEX urge_letter_draft ON urge_letter (agency_id) WHERE state = 'draft';
CREATE UNIQUE INDEX urge_letter_number ON urge_letter (follower_id, year, number) WHERE number > 0;
CREATE INDEX urge_letter_agency ON urge_letter (agency_id, created_day, id);

-- What a letter urges, as it stood when it was put in.
CREATE TABLE urge_letter_item (
    letter_id TEXT NOT NULL REFERENCES urge_letter (id),
    kind      TEXT NOT NULL,
    item_id   TEXT NOT NULL,
    due_day   TEXT NOT NULL,
    code      TEXT NOT NULL,
    title     TEXT NOT NULL,
    url       TEXT NOT NULL,
    PRIMARY KEY (letter_id, kind, item_id)
);

-- Card (thẻ vàng, thẻ đỏ): proposed by the ladder or by a person, decided by another; it clears when all its items are done. A device of the province, in no decree that we know of.
CREATE TABLE urge_card (
    id          TEXT PRIMARY KEY,
    agency_id   TEXT NOT NULL REFERENCES org_agency (id),
    colour      TEXT NOT NULL CHECK (colour IN ('yellow', 'red')),
    state       TEXT NOT NULL CHECK (state IN ('proposed', 'issued', 'refused', 'cleared')),
    proposed_by TEXT NOT NULL,
    created_day TEXT NOT NULL,
    reason      TEXT NOT NULL,
    decided_by  TEXT NOT NULL,
    decided_day TEXT NOT NULL,
    cleared_day TEXT NOT NULL,
    version     BIGINT NOT NULL
);
CREATE UNIQUE INDEX urge_card_proposed ON urge_card (agency_id, colour) WHERE state = 'proposed';
CREATE INDEX urge_card_agency ON urge_card (agency_id, created_day, id);

CREATE TABLE urge_card_item (
    card_id TEXT NOT NULL REFERENCES urge_card (id),
    kind    TEXT NOT NULL,
    item_id TEXT NOT NULL,
    due_day TEXT NOT NULL,
    code    TEXT NOT NULL,
    title   TEXT NOT NULL,
    url     TEXT NOT NULL,
    PRIMARY KEY (card_id, kind, item_id)
);
