-- The trials that two people investigate together; the newest first, those without a year last.
-- :a text
-- :b text
-- -> id, title, phase, status, startYear, roleA, roleB
SELECT t.id, t.title, t.phase, t.status, t.startYear, x.role AS roleA, y.role AS roleB
FROM person p
CROSS JOIN person o
CROSS JOIN investigated x ON x.person = p.pk
CROSS JOIN investigated y ON y.person = o.pk AND y.trial = x.trial
CROSS JOIN trial t ON t.pk = x.trial
WHERE p.id = :a AND o.id = :b AND :a <> :b
ORDER BY t.startYear IS NULL, t.startYear DESC, t.id
