-- Who investigates which trial.
-- -> trial, person, role, phase, startYear
SELECT t.id AS trial, p.id AS person, x.role, t.phase, t.startYear
FROM trial t CROSS JOIN investigated x ON x.trial = t.pk CROSS JOIN person p ON p.pk = x.person
ORDER BY t.id, p.id
