-- Hall (sảnh chờ) of an agency: its rules, and the hash of the word that opens kiosk and board. One row an agency.
CREATE TABLE counter_hall (
    agency_id      TEXT PRIMARY KEY REFERENCES org_agency (id),
    token_hash     TEXT NOT NULL,
    target_min     BIGINT NOT NULL,
    priority_min   BIGINT NOT NULL,
    slot_min       BIGINT NOT NULL,
    no_show_min    BIGINT NOT NULL,
    no_show_limit  BIGINT NOT NULL,
    days_ahead     BIGINT NOT NULL,
    version        BIGINT NOT NULL
);
CREATE UNIQUE INDEX counter_hall_token ON counter_hall (token_hash) WHERE token_hash <> '';

-- Queue (hàng chờ) of a hall: one field of work, with the letter before its numbers and how many appointments a slot takes.
CREATE TABLE counter_queue (
    id        TEXT PRIMARY KEY,
    agency_id TEXT NOT NULL REFERENCES org_agency (id),
    letter    TEXT NOT NULL,
    name      TEXT NOT NULL,
    capacity  BIGINT NOT NULL,
    active    BOOLEAN NOT NULL,
    version   BIGINT NOT NULL,
    UNIQUE (agency_id, letter)
);

-- Desk (quầy) where one officer sits at a time.
CREATE TABLE counter_desk (
    id         TEXT PRIMARY KEY,
    agency_id  TEXT NOT NULL REFERENCES org_agency (id),
    no         BIGINT NOT NULL,
    officer_id TEXT NOT NULL,
    officer    TEXT NOT NULL,
    active     BOOLEAN NOT NULL,
    version    BIGINT NOT NULL,
    UNIQUE (agency_id, no)
);

-- Queues that a desk serves.
CREATE TABLE counter_serves (
    desk_id  TEXT NOT NULL REFERENCES counter_desk (id),
    queue_id TEXT NOT NULL REFERENCES counter_queue (id),
    PRIMARY KEY (desk_id, queue_id)
);

-- Last number of a queue on a day.
CREATE TABLE counter_number (
    queue_id TEXT NOT NULL REFERENCES counter_queue (id),
    day      TEXT NOT NULL,
    last     BIGINT NOT NULL,
    PRIMARY KEY (queue_id, day)
);

-- Appointment (lịch hẹn) in a slot of a queue. name and phone are personal data.
CREATE TABLE counter_appointment (
    id          TEXT PRIMARY KEY,
    agency_id   TEXT NOT NULL REFERENCES org_agency (id),
    queue_id    TEXT NOT NULL REFERENCES counter_queue (id),
    day         TEXT NOT NULL,
    start_ms    BIGINT NOT NULL,
    code        TEXT NOT NULL UNIQUE,
    name        TEXT NOT NULL,
    phone       TEXT NOT NULL,
    account_id  TEXT NOT NULL,
    state       TEXT NOT NULL CHECK (state IN ('booked', 'arrived', 'cancelled', 'no_show')),
    booked_ms   BIGINT NOT NULL,
    booked_by   TEXT NOT NULL,
    reminded_ms BIGINT NOT NULL,
    version     BIGINT NOT NULL
);
CREATE INDEX counter_appointment_slot ON counter_appointment (queue_id, start_ms) WHERE state IN ('booked', 'arrived');
CREATE INDEX counter_appointment_day ON counter_appointment (agency_id, day, start_ms, id);
CREATE INDEX counter_appointment_mine ON counter_appointment (account_id, start_ms) WHERE account_id <> '';
CREATE INDEX counter_appointment_due ON counter_appointment (start_ms) WHERE state = 'booked';

-- Ticket (phiếu số thứ tự). place_ms orders who is called next: when it was taken, earlier for whom the law puts first.
-- target_min is the promise that held on that day.
CREATE TABLE counter_ticket (
    id             TEXT PRIMARY KEY,
    agency_id      TEXT NOT NULL REFERENCES org_agency (id),
    queue_id       TEXT NOT NULL REFERENCES counter_queue (id),
    day            TEXT NOT NULL,
    label          TEXT NOT NULL,
    token          TEXT NOT NULL UNIQUE,
    priority       TEXT NOT NULL CHECK (priority IN ('', 'elderly', 'disabled', 'pregnant', 'child')),
    state          TEXT NOT NULL CHECK (state IN ('waiting', 'called', 'skipped', 'serving', 'done', 'abandoned')),
    place_ms       BIGINT NOT NULL,
    taken_ms       BIGINT NOT NULL,
    called_ms      BIGINT NOT NULL,
    calls          BIGINT NOT NULL,
    begun_ms       BIGINT NOT NULL,
    ended_ms       BIGINT NOT NULL,
    wait_min       BIGINT NOT NULL,
    target_min     BIGINT NOT NULL,
    desk_id        TEXT REFERENCES counter_desk (id),
    officer_id     TEXT NOT NULL,
    dossier_code   TEXT NOT NULL,
    appointment_id TEXT REFERENCES counter_appointment (id),
    version        BIGINT NOT NULL
);
CREATE INDEX counter_ticket_next ON counter_ticket (queue_id, place_ms, id) WHERE state = 'waiting';
CREATE INDEX counter_ticket_at ON counter_ticket (desk_id) WHERE state IN ('called', 'serving');
CREATE INDEX counter_ticket_day ON counter_ticket (agency_id, day, taken_ms, id);
