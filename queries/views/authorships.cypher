// Who wrote what.
// -> person, publication, position, authorCount, isCorresponding?, year, kind
MATCH (p:Person) WHERE p.id > ''
MATCH (p)-[x:AUTHORED]->(q:Publication)
RETURN p.id AS person, q.id AS publication, x.position AS position, x.authorCount AS authorCount,
  x.isCorresponding AS isCorresponding, q.year AS year, q.kind AS kind
ORDER BY p.id, q.id
