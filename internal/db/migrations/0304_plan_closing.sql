-- Closing of a plan (kết thúc năm): its figures and tasks as they stood, frozen; digest is of figures.
CREATE TABLE plan_closing (
    plan_id   TEXT PRIMARY KEY REFERENCES plan_plan (id),
    day       TEXT NOT NULL,
    closed_by TEXT NOT NULL,
    closed_ms BIGINT NOT NULL,
    figures   TEXT NOT NULL,
    digest    TEXT NOT NULL
);

-- A task of an agency's own plan says from which task of the province it comes (kế hoạch cụ thể hóa).
ALTER TABLE plan_task ADD COLUMN from_task_id TEXT NOT NULL DEFAULT '';
