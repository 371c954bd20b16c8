-- Which publication reports which trial.
-- -> publication, trial
SELECT q.id AS publication, t.id AS trial
FROM publication q CROSS JOIN reports x ON x.publication = q.pk CROSS JOIN trial t ON t.pk = x.trial
ORDER BY q.id, t.id
