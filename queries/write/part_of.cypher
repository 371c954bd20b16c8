// Which institution is part of which.
// :child text
// :parent text
UNWIND $rows AS row
MATCH (c:Institution {id: row.child}) MATCH (p:Institution {id: row.parent})
MERGE (c)-[x:PART_OF]->(p)
RETURN count(*) AS written
