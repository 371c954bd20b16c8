-- The institutions to which a person belongs or belonged; the current and the latest first.
-- :id text
-- -> id, name, city, country, firstYear, lastYear, isCurrent?, confidence, recordCount
SELECT i.id, i.name, i.city, i.country, x.firstYear, x.lastYear, x.isCurrent, x.confidence, x.recordCount
FROM person p CROSS JOIN affiliated_with x ON x.person = p.pk CROSS JOIN institution i ON i.pk = x.institution
WHERE p.id = :id
ORDER BY x.isCurrent DESC, x.lastYear IS NULL, x.lastYear DESC, i.id
