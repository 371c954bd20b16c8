-- Who is now at an institution where this person is now; the most published first.
-- :id text
-- :top count
-- -> id, name, paperCount
SELECT q.id, q.name, q.paperCount
FROM person q
WHERE q.id <> :id AND q.pk IN (
  SELECT y.person
  FROM person p
  CROSS JOIN affiliated_with x ON x.person = p.pk AND x.isCurrent = 1
  CROSS JOIN affiliated_with y ON y.institution = x.institution AND y.isCurrent = 1
  WHERE p.id = :id
)
ORDER BY q.paperCount DESC, q.id LIMIT :top
