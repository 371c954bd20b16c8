// Who investigates trials together.
// -> a, b, count, weight, years[]
MATCH (p:Person) WHERE p.id > ''
MATCH (p)-[x:COINVESTIGATED_WITH]->(q:Person)
RETURN p.id AS a, q.id AS b, x.count AS count, x.weight AS weight, x.years AS years
ORDER BY p.id, q.id
