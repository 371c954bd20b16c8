-- Who investigates trials together.
-- -> a, b, count, weight, years[]
SELECT p.id AS a, q.id AS b, x.count, x.weight, x.years
FROM person p CROSS JOIN coinvestigated_with x ON x.a = p.pk CROSS JOIN person q ON q.pk = x.b
ORDER BY p.id, q.id
