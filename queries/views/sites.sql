-- Which trial is conducted where.
-- -> trial, institution
SELECT t.id AS trial, i.id AS institution
FROM trial t CROSS JOIN conducted_at x ON x.trial = t.pk CROSS JOIN institution i ON i.pk = x.institution
ORDER BY t.id, i.id
