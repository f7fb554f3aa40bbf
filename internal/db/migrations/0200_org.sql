-- Agency (cơ quan, đơn vị): valid from one day to another, both included; '0001-01-01' and '9999-12-31' when open.
-- A code is never used twice, in any year; code and name are those of today, older ones are in org_alias.
CREATE TABLE org_agency (
  id         TEXT PRIMARY KEY,
  code       TEXT NOT NULL UNIQUE,
  name       TEXT NOT NULL,
  short_name TEXT NOT NULL,
  name_fold  TEXT NOT NULL,
  name_sort  TEXT NOT NULL,
  kind       TEXT NOT NULL CHECK (kind IN ('province','department','central_agency','district','commune','service_centre','public_unit','company','other')),
  parent_id  TEXT REFERENCES org_agency (id),
  from_day   TEXT NOT NULL,
  to_day     TEXT NOT NULL,
  sample     BOOLEAN NOT NULL,
  version    BIGINT NOT NULL,
  CHECK (from_day <= to_day),
  CHECK (parent_id <> id)
);
CREATE INDEX org_agency_kind ON org_agency (kind, to_day);
CREATE INDEX org_agency_parent ON org_agency (parent_id);

-- Closure of today's parent links, each agency with itself: who stands over whom.
CREATE TABLE org_tree (
  ancestor_id   TEXT NOT NULL REFERENCES org_agency (id),
  descendant_id TEXT NOT NULL REFERENCES org_agency (id),
  PRIMARY KEY (ancestor_id, descendant_id)
);
CREATE INDEX org_tree_descendant ON org_tree (descendant_id, ancestor_id);

-- Parent links that were (cơ quan chủ quản qua các thời kỳ); the link of today is the row that ends on the agency's last day.
CREATE TABLE org_parent (
  agency_id TEXT NOT NULL REFERENCES org_agency (id),
  from_day  TEXT NOT NULL,
  to_day    TEXT NOT NULL,
  parent_id TEXT REFERENCES org_agency (id),
  PRIMARY KEY (agency_id, from_day)
);

-- Every text by which an agency is found (tên gọi khác, tên cũ, mã cũ): match_key is the text folded and shortened by the rules of package org.
CREATE TABLE org_alias (
  id        TEXT PRIMARY KEY,
  agency_id TEXT NOT NULL REFERENCES org_agency (id),
  kind      TEXT NOT NULL CHECK (kind IN ('name','short_name','code','old_name','old_short_name','old_code','alias','generated')),
  text      TEXT NOT NULL,
  match_key TEXT NOT NULL,
  from_day  TEXT NOT NULL,
  to_day    TEXT NOT NULL
);
CREATE INDEX org_alias_match ON org_alias (match_key);
CREATE INDEX org_alias_agency ON org_alias (agency_id, kind);

-- Minutes of a reorganisation (biên bản bàn giao): what was merged, split or dissolved, and the open work handed over.
CREATE TABLE org_minutes (
  id             TEXT PRIMARY KEY,
  number         TEXT NOT NULL,
  kind           TEXT NOT NULL CHECK (kind IN ('merge','split','dissolve')),
  effective_day  TEXT NOT NULL,
  signed_day     TEXT NOT NULL,
  giver_signer   TEXT NOT NULL,
  taker_signer   TEXT NOT NULL,
  legal_basis    TEXT NOT NULL,
  state          TEXT NOT NULL CHECK (state IN ('handing_over','done')),
  created_ms     BIGINT NOT NULL,
  version        BIGINT NOT NULL
);

-- One piece of open work in the minutes; moved_ms is 0 until it was handed over.
CREATE TABLE org_minutes_item (
  minutes_id     TEXT NOT NULL REFERENCES org_minutes (id),
  kind           TEXT NOT NULL,
  work_id        TEXT NOT NULL,
  code           TEXT NOT NULL,
  title          TEXT NOT NULL,
  field          TEXT NOT NULL,
  due_day        TEXT NOT NULL,
  from_agency_id TEXT NOT NULL REFERENCES org_agency (id),
  to_agency_id   TEXT NOT NULL REFERENCES org_agency (id),
  moved_ms       BIGINT NOT NULL,
  PRIMARY KEY (minutes_id, kind, work_id)
);

-- Successor (cơ quan kế tục), per field of work; field '' stands for every field that has no row of its own.
CREATE TABLE org_succession (
  from_agency_id TEXT NOT NULL REFERENCES org_agency (id),
  to_agency_id   TEXT NOT NULL REFERENCES org_agency (id),
  field          TEXT NOT NULL,
  from_day       TEXT NOT NULL,
  minutes_id     TEXT REFERENCES org_minutes (id),
  PRIMARY KEY (from_agency_id, field, to_agency_id),
  CHECK (from_agency_id <> to_agency_id)
);
CREATE INDEX org_succession_to ON org_succession (to_agency_id);

-- Post (chức vụ); one of an agency's posts is its head (người đứng đầu).
CREATE TABLE org_post (
  id        TEXT PRIMARY KEY,
  agency_id TEXT NOT NULL REFERENCES org_agency (id),
  title     TEXT NOT NULL,
  head      BOOLEAN NOT NULL,
  from_day  TEXT NOT NULL,
  to_day    TEXT NOT NULL,
  version   BIGINT NOT NULL
);
CREATE UNIQUE INDEX org_post_head ON org_post (agency_id) WHERE head;
CREATE INDEX org_post_agency ON org_post (agency_id);

-- Who held a post from when to when; account_id is '' when the person has no account.
CREATE TABLE org_holder (
  id          TEXT PRIMARY KEY,
  post_id     TEXT NOT NULL REFERENCES org_post (id),
  account_id  TEXT NOT NULL,
  person_name TEXT NOT NULL,
  acting      BOOLEAN NOT NULL,
  document    TEXT NOT NULL,
  from_day    TEXT NOT NULL,
  to_day      TEXT NOT NULL,
  CHECK (from_day <= to_day)
);
CREATE INDEX org_holder_post ON org_holder (post_id, from_day);
CREATE INDEX org_holder_account ON org_holder (account_id);
