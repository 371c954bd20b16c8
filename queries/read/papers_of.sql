-- A person's publications, each with the topics (ids) it is about; the newest first, those without a year last.
-- :id text
-- -> id, title, year, journal, kind, date, doi, position, authorCount, isCorresponding?, topics[]
SELECT q.id, q.title, q.year, q.journal, q.kind, q.date, q.doi, x.position, x.authorCount, x.isCorresponding,
  (SELECT json_group_array(id) FROM (
    SELECT t.id FROM about w JOIN topic t ON t.pk = w.topic WHERE w.isTrial = 0 AND w.record = q.pk ORDER BY t.id
  )) AS topics
FROM person p CROSS JOIN authored x ON x.person = p.pk CROSS JOIN publication q ON q.pk = x.publication
WHERE p.id = :id
ORDER BY q.year IS NULL, q.year DESC, q.id
