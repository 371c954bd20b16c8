// Which institution is part of which.
// -> child, parent
MATCH (c:Institution)-[:PART_OF]->(p:Institution)
RETURN c.id AS child, p.id AS parent
ORDER BY child, parent
