-- Assignment (giao việc): a task given to one agency. Late or due is derived, never stored.
CREATE TABLE plan_assignment (
    id              TEXT PRIMARY KEY,
    plan_id         TEXT NOT NULL REFERENCES plan_plan (id),
    task_id         TEXT NOT NULL REFERENCES plan_task (id),
    agency_id       TEXT NOT NULL REFERENCES org_agency (id),
    role            TEXT NOT NULL CHECK (role IN ('lead', 'coordinating')),
    officer_id      TEXT NOT NULL,
    head_name       TEXT NOT NULL,
    approver_id     TEXT NOT NULL REFERENCES org_agency (id),
    standing        TEXT NOT NULL CHECK (standing IN ('assigned', 'acknowledged', 'in_progress', 'submitted', 'approved', 'paused', 'cancelled')),
    before_pause    TEXT NOT NULL,
    progress        BIGINT NOT NULL CHECK (progress BETWEEN 0 AND 100),
    dated           BOOLEAN NOT NULL,
    assigned_day    TEXT NOT NULL,
    original_day    TEXT NOT NULL,
    effective_day   TEXT NOT NULL,
    submitted_day   TEXT NOT NULL,
    submitted_by    TEXT NOT NULL,
    done_day        TEXT NOT NULL,
    approved_day    TEXT NOT NULL,
    extensions      BIGINT NOT NULL,
    successor_id    TEXT REFERENCES plan_assignment (id),
    updated_ms      BIGINT NOT NULL,
    version         BIGINT NOT NULL,
    UNIQUE (task_id, agency_id, role, assigned_day)
);
CREATE INDEX plan_assignment_task ON plan_assignment (task_id, role, agency_id);
CREATE INDEX plan_assignment_agency ON plan_assignment (agency_id, standing, effective_day, id);
CREATE INDEX plan_assignment_plan ON plan_assignment (plan_id, role, effective_day, id);
CREATE INDEX plan_assignment_open ON plan_assignment (effective_day, id) WHERE standing IN ('assigned', 'acknowledged', 'in_progress', 'submitted');
CREATE INDEX plan_assignment_waiting ON plan_assignment (approver_id, effective_day, id) WHERE role = 'lead' AND standing = 'submitted';
CREATE INDEX plan_assignment_owed ON plan_assignment (agency_id, effective_day, id) WHERE role = 'lead' AND standing IN ('assigned', 'acknowledged', 'in_progress');
CREATE INDEX plan_assignment_within ON plan_assignment (plan_id, agency_id);

-- History (diễn biến) of an assignment: rows are only ever added; every standing on every day follows from them.
CREATE TABLE plan_event (
    id            TEXT PRIMARY KEY,
    plan_id       TEXT NOT NULL REFERENCES plan_plan (id),
    task_id       TEXT NOT NULL REFERENCES plan_task (id),
    assignment_id TEXT NOT NULL REFERENCES plan_assignment (id),
    no            BIGINT NOT NULL,
    move          TEXT NOT NULL,
    day           TEXT NOT NULL,
    at_ms         BIGINT NOT NULL,
    account_id    TEXT NOT NULL,
    account_name  TEXT NOT NULL,
    agency_id     TEXT NOT NULL,
    due_day       TEXT NOT NULL,
    percent       BIGINT NOT NULL,
    text          TEXT NOT NULL,
    difficulty    TEXT NOT NULL,
    proposal      TEXT NOT NULL,
    document      TEXT NOT NULL,
    UNIQUE (assignment_id, no)
);
CREATE INDEX plan_event_task ON plan_event (task_id, at_ms, id);
CREATE INDEX plan_event_move ON plan_event (move, day);

-- Stretches of days (giai đoạn) in which a lead assignment stood alike: what plan_event amounts to, written with it. to_day is the first day without.
CREATE TABLE plan_phase (
    assignment_id TEXT NOT NULL REFERENCES plan_assignment (id),
    from_day      TEXT NOT NULL,
    to_day        TEXT NOT NULL,
    plan_id       TEXT NOT NULL REFERENCES plan_plan (id),
    task_id       TEXT NOT NULL REFERENCES plan_task (id),
    agency_id     TEXT NOT NULL,
    area_no       BIGINT NOT NULL,
    standing      TEXT NOT NULL CHECK (standing IN ('assigned', 'in_progress', 'submitted', 'approved')),
    dated         BOOLEAN NOT NULL,
    due_day       TEXT NOT NULL,
    original_day  TEXT NOT NULL,
    done_day      TEXT NOT NULL,
    hold_day      TEXT NOT NULL,
    PRIMARY KEY (assignment_id, from_day),
    CHECK (from_day < to_day)
);
CREATE INDEX plan_phase_plan ON plan_phase (plan_id, to_day, from_day, task_id, agency_id, area_no, standing, dated, due_day, original_day, done_day, hold_day, assignment_id);
CREATE INDEX plan_phase_agency ON plan_phase (agency_id, to_day, from_day);

-- Period item (việc theo kỳ) of a recurring task; a finished item is never opened again.
CREATE TABLE plan_period (
    id            TEXT PRIMARY KEY,
    plan_id       TEXT NOT NULL REFERENCES plan_plan (id),
    task_id       TEXT NOT NULL REFERENCES plan_task (id),
    assignment_id TEXT NOT NULL REFERENCES plan_assignment (id),
    agency_id     TEXT NOT NULL,
    period_key    TEXT NOT NULL,
    due_day       TEXT NOT NULL,
    state         TEXT NOT NULL CHECK (state IN ('open', 'submitted', 'approved', 'cancelled')),
    submitted_day TEXT NOT NULL,
    approved_day  TEXT NOT NULL,
    submitted_by  TEXT NOT NULL,
    text          TEXT NOT NULL,
    version       BIGINT NOT NULL,
    UNIQUE (assignment_id, period_key)
);
CREATE INDEX plan_period_due ON plan_period (plan_id, due_day, task_id);
CREATE INDEX plan_period_task ON plan_period (task_id, due_day, agency_id);
CREATE INDEX plan_period_agency ON plan_period (agency_id, state, due_day);

-- Milestone reached (mốc đã đạt) by one assignment.
CREATE TABLE plan_reached (
    assignment_id TEXT NOT NULL REFERENCES plan_assignment (id),
    milestone_id  TEXT NOT NULL REFERENCES plan_milestone (id),
    day           TEXT NOT NULL,
    PRIMARY KEY (assignment_id, milestone_id)
);

-- Extension (gia hạn) asked before the deadline; the original deadline stays.
CREATE TABLE plan_extension (
    id            TEXT PRIMARY KEY,
    plan_id       TEXT NOT NULL REFERENCES plan_plan (id),
    assignment_id TEXT NOT NULL REFERENCES plan_assignment (id),
    agency_id     TEXT NOT NULL,
    old_day       TEXT NOT NULL,
    new_day       TEXT NOT NULL,
    reason        TEXT NOT NULL,
    state         TEXT NOT NULL CHECK (state IN ('requested', 'approved', 'rejected', 'lapsed')),
    requested_by  TEXT NOT NULL,
    requested_ms  BIGINT NOT NULL,
    decided_by    TEXT NOT NULL,
    decided_ms    BIGINT NOT NULL,
    decision_text TEXT NOT NULL,
    document      TEXT NOT NULL,
    version       BIGINT NOT NULL
);
CREATE UNIQUE INDEX plan_extension_open ON plan_extension (assignment_id) WHERE state = 'requested';
CREATE INDEX plan_extension_waiting ON plan_extension (state, requested_ms, id);
CREATE INDEX plan_extension_assignment ON plan_extension (assignment_id, requested_ms);

-- Reminder (đôn đốc) sent for an assignment, level 0 to 6; never twice for the same level and day.
CREATE TABLE plan_reminder (
    id            TEXT PRIMARY KEY,
    plan_id       TEXT NOT NULL REFERENCES plan_plan (id),
    assignment_id TEXT NOT NULL REFERENCES plan_assignment (id),
    level         BIGINT NOT NULL CHECK (level BETWEEN 0 AND 6),
    day           TEXT NOT NULL,
    at_ms         BIGINT NOT NULL,
    sent_by       TEXT NOT NULL,
    text          TEXT NOT NULL,
    UNIQUE (assignment_id, level, day)
);
