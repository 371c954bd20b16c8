// Who wrote which publication. One edge for a person and a publication: the last row counts.
// :person text
// :publication text
// :position integer
// :authorCount integer
// :isCorresponding boolean
UNWIND $rows AS row
MATCH (p:Person {id: row.person}) MATCH (q:Publication {id: row.publication})
MERGE (p)-[x:AUTHORED]->(q)
SET x.position = row.position, x.authorCount = row.authorCount, x.isCorresponding = row.isCorresponding
RETURN count(*) AS written
