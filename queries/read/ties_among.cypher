// The ties among the given people; kind is coauthor or coinvestigator.
// :ids text[]
// -> a, b, kind, count, weight, years[]
MATCH (p:Person) WHERE p.id IN $ids
WITH collect(p) AS chosen
UNWIND chosen AS p
MATCH (p)-[x:COAUTHORED_WITH|COINVESTIGATED_WITH]->(q:Person) WHERE q IN chosen
RETURN p.id AS a, q.id AS b,
  CASE type(x) WHEN 'COAUTHORED_WITH' THEN 'coauthor' ELSE 'coinvestigator' END AS kind,
  x.count AS count, x.weight AS weight, x.years AS years
ORDER BY a, b, kind
