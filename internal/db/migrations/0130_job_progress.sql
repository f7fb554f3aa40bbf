-- How far a background job is (tiến độ công việc nền), for the page that waits for it.
-- key is chosen by whoever inserts the job ("report:<id>"). The jobs themselves lie in
-- River's own tables, which River migrates.
CREATE TABLE job_progress (
    key        TEXT PRIMARY KEY,
    kind       TEXT NOT NULL,
    state      TEXT NOT NULL CHECK (state IN ('waiting', 'running', 'retrying', 'done', 'failed')),
    done       BIGINT NOT NULL DEFAULT 0,
    total      BIGINT NOT NULL DEFAULT 0,
    message    TEXT NOT NULL DEFAULT '',
    error      TEXT NOT NULL DEFAULT '',
    attempt    BIGINT NOT NULL DEFAULT 0,
    created_ms BIGINT NOT NULL,
    updated_ms BIGINT NOT NULL
);
CREATE INDEX job_progress_updated ON job_progress (updated_ms);

-- When each periodic job is due next (lịch chạy định kỳ). In a table, so that a restart
-- neither forgets a run nor repeats one, and only one node of several inserts the job.
CREATE TABLE job_schedule (
    name    TEXT PRIMARY KEY,
    next_ms BIGINT NOT NULL
);
