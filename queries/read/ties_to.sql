-- The strongest ties of the given people among themselves and to the others; kind is coauthor or coinvestigator.
-- :ids text[]
-- :others text[]
-- :top count
-- -> a, b, kind, count, weight, years[]
WITH chosen AS MATERIALIZED (
  SELECT p.pk, p.id FROM (SELECT DISTINCT value FROM json_each(:ids)) j CROSS JOIN person p ON p.id = j.value
), outside AS MATERIALIZED (
  SELECT p.pk, p.id FROM (SELECT value FROM json_each(:others) EXCEPT SELECT value FROM json_each(:ids)) j
  CROSS JOIN person p ON p.id = j.value
), around AS MATERIALIZED (SELECT pk, id FROM chosen UNION ALL SELECT pk, id FROM outside)
SELECT p.id AS a, q.id AS b, 'coauthor' AS kind, x.count, x.weight, x.years
FROM chosen p CROSS JOIN coauthored_with x ON x.a = p.pk CROSS JOIN around q ON q.pk = x.b
UNION ALL
SELECT q.id, p.id, 'coauthor', x.count, x.weight, x.years
FROM chosen p CROSS JOIN coauthored_with x ON x.b = p.pk CROSS JOIN outside q ON q.pk = x.a
UNION ALL
SELECT p.id, q.id, 'coinvestigator', x.count, x.weight, x.years
FROM chosen p CROSS JOIN coinvestigated_with x ON x.a = p.pk CROSS JOIN around q ON q.pk = x.b
UNION ALL
SELECT q.id, p.id, 'coinvestigator', x.count, x.weight, x.years
FROM chosen p CROSS JOIN coinvestigated_with x ON x.b = p.pk CROSS JOIN outside q ON q.pk = x.a
ORDER BY weight DESC, a, b, kind LIMIT :top
