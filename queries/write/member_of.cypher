// Who belongs to which community, and where the map of the scope shows them.
// :person text
// :community text
// :scope text
// :x real
// :y real
UNWIND $rows AS row
MATCH (p:Person {id: row.person}) MATCH (c:Community {id: row.community})
MERGE (p)-[m:MEMBER_OF]->(c)
SET m.scope = row.scope, m.x = row.x, m.y = row.y
RETURN count(*) AS written
