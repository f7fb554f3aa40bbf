-- A day that is not what its weekday says (ngày nghỉ, làm bù, chờ xác nhận); agency_id NULL: for all agencies.
-- to_confirm and lunar_hint count as working days until an officer confirms them.
CREATE TABLE calendar_day (
  id        TEXT PRIMARY KEY,
  agency_id TEXT REFERENCES org_agency (id),
  day       TEXT NOT NULL,
  kind      TEXT NOT NULL CHECK (kind IN ('day_off','make_up','to_confirm','lunar_hint')),
  name      TEXT NOT NULL,
  basis     TEXT NOT NULL,
  swap_day  TEXT NOT NULL,
  sample    BOOLEAN NOT NULL,
  version   BIGINT NOT NULL
);
CREATE UNIQUE INDEX calendar_day_once ON calendar_day (COALESCE(agency_id, ''), day);

-- Working hours (giờ làm việc) of an agency and those below it, for some weekdays (1 Monday to 7 Sunday), between two days,
-- and each year only from season_from to season_to ('MM-DD', may run over New Year; '' when all year).
CREATE TABLE calendar_hours (
  id          TEXT PRIMARY KEY,
  agency_id   TEXT REFERENCES org_agency (id),
  name        TEXT NOT NULL,
  weekdays    TEXT NOT NULL,
  from_day    TEXT NOT NULL,
  to_day      TEXT NOT NULL,
  season_from TEXT NOT NULL,
  season_to   TEXT NOT NULL,
  sessions    TEXT NOT NULL,
  basis       TEXT NOT NULL,
  version     BIGINT NOT NULL,
  CHECK (from_day <= to_day)
);
CREATE INDEX calendar_hours_agency ON calendar_hours (agency_id);

-- A year whose days off an officer has confirmed as complete.
CREATE TABLE calendar_year (
  year         BIGINT PRIMARY KEY,
  document     TEXT NOT NULL,
  confirmed_by TEXT NOT NULL,
  confirmed_ms BIGINT NOT NULL,
  version      BIGINT NOT NULL
);

-- One row: a mark that every change of days, hours or years replaces, so that calendars kept in memory are known to be old.
CREATE TABLE calendar_stamp (
  id    BIGINT PRIMARY KEY CHECK (id = 1),
  stamp TEXT NOT NULL
);
INSERT INTO calendar_stamp (id, stamp) VALUES (1, 'empty');
