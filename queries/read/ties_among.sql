-- The ties among the given people; kind is coauthor or coinvestigator.
-- :ids text[]
-- -> a, b, kind, count, weight, years[]
WITH chosen AS MATERIALIZED (
  SELECT p.pk, p.id FROM (SELECT DISTINCT value FROM json_each(:ids)) j CROSS JOIN person p ON p.id = j.value
)
SELECT p.id AS a, q.id AS b, 'coauthor' AS kind, x.count, x.weight, x.years
FROM chosen p CROSS JOIN coauthored_with x ON x.a = p.pk CROSS JOIN chosen q ON q.pk = x.b
UNION ALL
SELECT p.id, q.id, 'coinvestigator', x.count, x.weight, x.years
FROM chosen p CROSS JOIN coinvestigated_with x ON x.a = p.pk CROSS JOIN chosen q ON q.pk = x.b
ORDER BY a, b, kind
