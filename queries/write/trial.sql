-- Registered studies. `sponsor` is the name that the registry gives.
-- :id text
-- :title text
-- :phase text
-- :status text
-- :startYear integer?
-- :kind text
-- :sponsor text
-- :conditions text[]
INSERT INTO trial (id, title, phase, status, startYear, kind, sponsor, conditions)
VALUES (:id, :title, :phase, :status, :startYear, :kind, :sponsor, :conditions)
ON CONFLICT (id) DO UPDATE SET title = excluded.title, phase = excluded.phase, status = excluded.status,
  startYear = excluded.startYear, kind = excluded.kind, sponsor = excluded.sponsor, conditions = excluded.conditions
