-- An amendment (điều chỉnh kế hoạch) is drafted by the secretariat, then signed by the issuer; one at a time is in the making.
ALTER TABLE plan_amendment ADD COLUMN state TEXT NOT NULL DEFAULT 'issued' CHECK (state IN ('draft', 'submitted', 'issued', 'dropped'));
ALTER TABLE plan_amendment ADD COLUMN signer TEXT NOT NULL DEFAULT '';
ALTER TABLE plan_amendment ADD COLUMN issued_by TEXT NOT NULL DEFAULT '';
ALTER TABLE plan_amendment ADD COLUMN issued_ms BIGINT NOT NULL DEFAULT 0;
ALTER TABLE plan_amendment ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
UPDATE plan_amendment SET issued_by = account_id, issued_ms = at_ms;
CREATE UNIQUE INDEX plan_amendment_open ON plan_amendment (plan_id) WHERE state IN ('draft', 'submitted');

-- What an amendment does to one task (nội dung điều chỉnh): the task before and after, whole, so that any two versions of a plan can be compared.
CREATE TABLE plan_change (
    id           TEXT PRIMARY KEY,
    amendment_id TEXT NOT NULL REFERENCES plan_amendment (id),
    plan_id      TEXT NOT NULL REFERENCES plan_plan (id),
    task_id      TEXT NOT NULL,
    code         TEXT NOT NULL,
    kind         TEXT NOT NULL CHECK (kind IN ('add', 'change', 'cancel')),
    before_task  TEXT NOT NULL,
    after_task   TEXT NOT NULL,
    UNIQUE (amendment_id, task_id)
);
CREATE INDEX plan_change_task ON plan_change (plan_id, task_id);
