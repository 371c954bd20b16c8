// The strongest ties of the given people among themselves and to the others; kind is coauthor or coinvestigator.
// :ids text[]
// :others text[]
// :top count
// -> a, b, kind, count, weight, years[]
MATCH (p:Person) WHERE p.id IN $ids
MATCH (p)-[x:COAUTHORED_WITH|COINVESTIGATED_WITH]-(q:Person) WHERE q.id IN $ids OR q.id IN $others
WITH DISTINCT x, startNode(x) AS p, endNode(x) AS q
RETURN p.id AS a, q.id AS b,
  CASE type(x) WHEN 'COAUTHORED_WITH' THEN 'coauthor' ELSE 'coinvestigator' END AS kind,
  x.count AS count, x.weight AS weight, x.years AS years
ORDER BY weight DESC, a, b, kind LIMIT $top
