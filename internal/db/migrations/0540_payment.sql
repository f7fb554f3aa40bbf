-- Gateway (tài khoản, cổng thanh toán) of an agency: a bank account that tells its transfers, or a payment platform.
-- secret_sealed is closed under a key outside the database.
CREATE TABLE payment_gateway (
    id            TEXT PRIMARY KEY,
    agency_id     TEXT NOT NULL REFERENCES org_agency (id),
    kind          TEXT NOT NULL CHECK (kind IN ('bank_notice', 'platform')),
    name          TEXT NOT NULL,
    way           TEXT NOT NULL CHECK (way IN ('transfer', 'online_national', 'online_province')),
    bin           TEXT NOT NULL,
    account_no    TEXT NOT NULL,
    account_name  TEXT NOT NULL,
    merchant      TEXT NOT NULL,
    pay_url       TEXT NOT NULL,
    prefix        TEXT NOT NULL,
    secret_sealed TEXT NOT NULL,
    active        BOOLEAN NOT NULL,
    version       BIGINT NOT NULL
);
CREATE INDEX payment_gateway_agency ON payment_gateway (agency_id, id);

-- Exemption (miễn, giảm) that the province grants, with its document and validity.
CREATE TABLE payment_exemption (
    id       TEXT PRIMARY KEY,
    code     TEXT NOT NULL,
    name     TEXT NOT NULL,
    percent  BIGINT NOT NULL CHECK (percent BETWEEN 1 AND 100),
    basis    TEXT NOT NULL,
    from_day TEXT NOT NULL,
    to_day   TEXT NOT NULL,
    verified BOOLEAN NOT NULL,
    version  BIGINT NOT NULL
);
CREATE INDEX payment_exemption_code ON payment_exemption (code, from_day);

-- Order (phiếu yêu cầu thanh toán): what one dossier is asked to pay at once. dossier_id belongs to another room.
CREATE TABLE payment_order (
    id           TEXT PRIMARY KEY,
    code         TEXT NOT NULL UNIQUE,
    ref          TEXT NOT NULL UNIQUE,
    token        TEXT NOT NULL UNIQUE,
    dossier_id   TEXT NOT NULL,
    dossier_code TEXT NOT NULL,
    procedure    TEXT NOT NULL,
    name         TEXT NOT NULL,
    agency_id    TEXT NOT NULL REFERENCES org_agency (id),
    payer        TEXT NOT NULL,
    address      TEXT NOT NULL,
    fold         TEXT NOT NULL,
    variant      TEXT NOT NULL,
    state        TEXT NOT NULL CHECK (state IN ('unpaid', 'pending', 'paid', 'cancelled', 'refunded')),
    way          TEXT NOT NULL CHECK (way IN ('', 'cash', 'transfer', 'online_national', 'online_province')),
    gateway_id   TEXT REFERENCES payment_gateway (id),
    due          BIGINT NOT NULL,
    created_ms   BIGINT NOT NULL,
    created_by   TEXT NOT NULL,
    paid_ms      BIGINT NOT NULL,
    paid_day     TEXT NOT NULL,
    collected_by TEXT NOT NULL,
    reason       TEXT NOT NULL,
    version      BIGINT NOT NULL
);
CREATE INDEX payment_order_newest ON payment_order (agency_id, created_ms, id);
CREATE INDEX payment_order_state ON payment_order (agency_id, state, created_ms, id);
CREATE INDEX payment_order_dossier ON payment_order (dossier_id, id);
CREATE INDEX payment_order_paid ON payment_order (paid_day, agency_id) WHERE paid_day <> '';

-- Line of an order: one charge (phí) or duty (lệ phí), before and after the exemption; '' is what the fee table does not say.
CREATE TABLE payment_line (
    order_id TEXT NOT NULL REFERENCES payment_order (id),
    no       BIGINT NOT NULL,
    code     TEXT NOT NULL,
    name     TEXT NOT NULL,
    kind     TEXT NOT NULL CHECK (kind IN ('', 'charge', 'duty')),
    unit     BIGINT NOT NULL,
    items    BIGINT NOT NULL,
    amount   BIGINT NOT NULL,
    exempt   TEXT NOT NULL,
    net      BIGINT NOT NULL,
    PRIMARY KEY (order_id, no)
);

-- Movement (giao dịch) of money, in or out, once each: a gateway's own number is kept once.
CREATE TABLE payment_movement (
    id         TEXT PRIMARY KEY,
    order_id   TEXT REFERENCES payment_order (id),
    agency_id  TEXT NOT NULL REFERENCES org_agency (id),
    gateway_id TEXT REFERENCES payment_gateway (id),
    reference  TEXT NOT NULL,
    way        TEXT NOT NULL CHECK (way IN ('cash', 'transfer', 'online_national', 'online_province')),
    amount     BIGINT NOT NULL CHECK (amount > 0),
    at_ms      BIGINT NOT NULL,
    day        TEXT NOT NULL,
    by_id      TEXT NOT NULL,
    standing   TEXT NOT NULL CHECK (standing IN ('settled', 'surplus', 'wrong_amount', 'unknown', 'returned', 'out')),
    return_of  TEXT REFERENCES payment_movement (id),
    reason     TEXT NOT NULL,
    version    BIGINT NOT NULL
);
CREATE UNIQUE INDEX payment_movement_once ON payment_movement (gateway_id, reference) WHERE return_of IS NULL AND gateway_id IS NOT NULL;
CREATE UNIQUE INDEX payment_movement_back ON payment_movement (return_of) WHERE return_of IS NOT NULL;
CREATE INDEX payment_movement_order ON payment_movement (order_id, id);
CREATE INDEX payment_movement_day ON payment_movement (agency_id, day, by_id);
CREATE INDEX payment_movement_open ON payment_movement (agency_id, id) WHERE standing IN ('surplus', 'wrong_amount', 'unknown');

-- Book (quyển biên lai) of receipts of an agency; next_no is given out under a lock, so that numbers have no gap.
CREATE TABLE payment_book (
    id        TEXT PRIMARY KEY,
    agency_id TEXT NOT NULL REFERENCES org_agency (id),
    form      TEXT NOT NULL,
    series    TEXT NOT NULL,
    from_no   BIGINT NOT NULL,
    to_no     BIGINT NOT NULL,
    next_no   BIGINT NOT NULL,
    active    BOOLEAN NOT NULL,
    version   BIGINT NOT NULL
);
CREATE INDEX payment_book_agency ON payment_book (agency_id, id);

-- Receipt (biên lai): cancelled ones stay, with their number and the reason.
CREATE TABLE payment_receipt (
    id           TEXT PRIMARY KEY,
    order_id     TEXT NOT NULL REFERENCES payment_order (id),
    agency_id    TEXT NOT NULL REFERENCES org_agency (id),
    book_id      TEXT NOT NULL REFERENCES payment_book (id),
    no           BIGINT NOT NULL,
    payer        TEXT NOT NULL,
    address      TEXT NOT NULL,
    content      TEXT NOT NULL,
    charge       BIGINT NOT NULL,
    duty         BIGINT NOT NULL,
    unsorted     BIGINT NOT NULL,
    way          TEXT NOT NULL,
    issued_ms    BIGINT NOT NULL,
    issued_day   TEXT NOT NULL,
    issued_by    TEXT NOT NULL,
    issued_name  TEXT NOT NULL,
    replaces_id  TEXT REFERENCES payment_receipt (id),
    cancelled_ms BIGINT NOT NULL,
    cancelled_by TEXT NOT NULL,
    reason       TEXT NOT NULL,
    version      BIGINT NOT NULL,
    UNIQUE (book_id, no)
);
CREATE INDEX payment_receipt_order ON payment_receipt (order_id, id);
CREATE INDEX payment_receipt_day ON payment_receipt (agency_id, issued_day, issued_by);

-- Closing (khoá sổ) of one cashier's day: expected and counted cash; another person confirms it.
CREATE TABLE payment_closing (
    id           TEXT PRIMARY KEY,
    agency_id    TEXT NOT NULL REFERENCES org_agency (id),
    account_id   TEXT NOT NULL,
    name         TEXT NOT NULL,
    day          TEXT NOT NULL,
    expected     BIGINT NOT NULL,
    counted      BIGINT NOT NULL,
    receipts     BIGINT NOT NULL,
    first_no     BIGINT NOT NULL,
    last_no      BIGINT NOT NULL,
    reason       TEXT NOT NULL,
    closed_ms    BIGINT NOT NULL,
    confirmed_by TEXT NOT NULL,
    confirmed_ms BIGINT NOT NULL,
    version      BIGINT NOT NULL,
    UNIQUE (agency_id, account_id, day)
);
CREATE INDEX payment_closing_day ON payment_closing (day, id);

-- Statement (đối soát) of a gateway for one day: its list beside our movements.
CREATE TABLE payment_statement (
    id         TEXT PRIMARY KEY,
    gateway_id TEXT NOT NULL REFERENCES payment_gateway (id),
    day        TEXT NOT NULL,
    by_id      TEXT NOT NULL,
    at_ms      BIGINT NOT NULL,
    version    BIGINT NOT NULL,
    UNIQUE (gateway_id, day)
);

-- One transaction of a statement, ours beside theirs, with a person's explanation of a difference.
CREATE TABLE payment_compared (
    id           TEXT PRIMARY KEY,
    statement_id TEXT NOT NULL REFERENCES payment_statement (id),
    reference    TEXT NOT NULL,
    note         TEXT NOT NULL,
    ours         BIGINT NOT NULL,
    theirs       BIGINT NOT NULL,
    verdict      TEXT NOT NULL CHECK (verdict IN ('same', 'amount_differs', 'missing_here', 'missing_there')),
    why          TEXT NOT NULL,
    version      BIGINT NOT NULL
);
CREATE INDEX payment_compared_of ON payment_compared (statement_id, id);
