-- The papers that two people wrote together; the newest first, those without a year last.
-- :a text
-- :b text
-- -> id, title, year, journal, kind, date, authorCount, positionA, positionB
SELECT q.id, q.title, q.year, q.journal, q.kind, q.date, q.authorCount, x.position AS positionA,
  y.position AS positionB
FROM person p
CROSS JOIN person o
CROSS JOIN authored x ON x.person = p.pk
CROSS JOIN authored y ON y.person = o.pk AND y.publication = x.publication
CROSS JOIN publication q ON q.pk = x.publication
WHERE p.id = :a AND o.id = :b AND :a <> :b
ORDER BY q.year IS NULL, q.year DESC, q.id
