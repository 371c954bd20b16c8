// Who named whom as a peer on own lists.
// -> nominator, nominee, count, lists[]
MATCH (p:Person) WHERE p.id > ''
MATCH (p)-[x:NOMINATED]->(q:Person)
RETURN p.id AS nominator, q.id AS nominee, x.count AS count, x.lists AS lists
ORDER BY p.id, q.id
