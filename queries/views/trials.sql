-- Every trial.
-- -> id, title, phase, status, startYear, kind, sponsor, conditions[]
SELECT id, title, phase, status, startYear, kind, sponsor, conditions FROM trial ORDER BY id
