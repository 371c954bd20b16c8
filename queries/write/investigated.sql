-- Who is an investigator of which trial. One edge for a person and a trial: the last row counts.
-- :person text
-- :trial text
-- :role text
INSERT INTO investigated (person, trial, role)
SELECT p.pk, t.pk, :role FROM person p CROSS JOIN trial t WHERE p.id = :person AND t.id = :trial
ON CONFLICT (person, trial) DO UPDATE SET role = excluded.role
