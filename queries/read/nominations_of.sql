-- Who named a person as a peer (isNominator true), and whom they named; the most often named first.
-- :id text
-- :top count
-- -> id, name, institutionName, isNominator?, count, lists[]
WITH tie AS (
  SELECT x.nominator AS other, 1 AS isNominator, x.count, x.lists
  FROM person p JOIN nominated x ON x.nominee = p.pk WHERE p.id = :id
  UNION ALL
  SELECT x.nominee, 0, x.count, x.lists FROM person p JOIN nominated x ON x.nominator = p.pk WHERE p.id = :id
)
SELECT p.id, p.name, coalesce(i.name, '') AS institutionName, t.isNominator, t.count, t.lists
FROM tie t CROSS JOIN person p ON p.pk = t.other LEFT JOIN institution i ON i.id = p.institution
ORDER BY t.count DESC, t.isNominator DESC, p.id LIMIT :top
