-- Which publication reports which trial's results.
-- :publication text
-- :trial text
INSERT INTO reports (publication, trial)
SELECT q.pk, t.pk FROM publication q CROSS JOIN trial t WHERE q.id = :publication AND t.id = :trial
ON CONFLICT (publication, trial) DO UPDATE SET trial = excluded.trial
