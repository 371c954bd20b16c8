-- A person's trials, each with the topics (ids) it is about; the newest first, those without a year last.
-- :id text
-- -> id, title, phase, status, startYear, role, topics[]
SELECT r.id, r.title, r.phase, r.status, r.startYear, x.role,
  (SELECT json_group_array(id) FROM (
    SELECT t.id FROM about w JOIN topic t ON t.pk = w.topic WHERE w.isTrial = 1 AND w.record = r.pk ORDER BY t.id
  )) AS topics
FROM person p CROSS JOIN investigated x ON x.person = p.pk CROSS JOIN trial r ON r.pk = x.trial
WHERE p.id = :id
ORDER BY r.startYear IS NULL, r.startYear DESC, r.id
