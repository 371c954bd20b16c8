// Who belongs to which community, and where the map shows them.
// -> person, community, scope, x, y
MATCH (p:Person) WHERE p.id > ''
MATCH (p)-[m:MEMBER_OF]->(c:Community)
RETURN p.id AS person, c.id AS community, m.scope AS scope, m.x AS x, m.y AS y
ORDER BY p.id, c.id
