-- Assignments that stand alike lie together, so that a figure counts groups instead of rows: a board of 15,000 assignments took 33 ms, now 5 ms.
DROP INDEX plan_phase_plan;
CREATE INDEX plan_phase_alike ON plan_phase (plan_id, task_id, standing, dated, due_day, original_day, done_day, hold_day, from_day, to_day, agency_id, area_no, assignment_id);

-- What the assignments of a task report, without touching their rows.
CREATE INDEX plan_assignment_progress ON plan_assignment (plan_id, task_id, progress) WHERE role = 'lead' AND standing <> 'cancelled';
