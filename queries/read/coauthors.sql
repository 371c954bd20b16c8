-- With whom a person wrote papers; the strongest ties first.
-- :id text
-- :top count
-- -> id, name, institutionName, count, weight, years[]
WITH tie AS (
  SELECT x.b AS other, x.count, x.weight, x.years FROM person p JOIN coauthored_with x ON x.a = p.pk WHERE p.id = :id
  UNION ALL
  SELECT x.a, x.count, x.weight, x.years FROM person p JOIN coauthored_with x ON x.b = p.pk WHERE p.id = :id
)
SELECT p.id, p.name, coalesce(i.name, '') AS institutionName, t.count, t.weight, t.years
FROM tie t CROSS JOIN person p ON p.pk = t.other LEFT JOIN institution i ON i.id = p.institution
ORDER BY t.weight DESC, p.id LIMIT :top
