// The community of each of the given people in a scope, and where the map shows them.
// :ids text[]
// :scope text
// -> id, community, x, y
MATCH (p:Person) WHERE p.id IN $ids
MATCH (p)-[m:MEMBER_OF {scope: $scope}]->(c:Community)
RETURN p.id AS id, c.id AS community, m.x AS x, m.y AS y
ORDER BY id, community
