// Who named whom as a peer on own lists, from the nominator to the nominee: how often, and on which lists.
// :nominator text
// :nominee text
// :count integer
// :lists text[]
UNWIND $rows AS row
MATCH (p:Person {id: row.nominator}) MATCH (q:Person {id: row.nominee})
MERGE (p)-[x:NOMINATED]->(q)
SET x.count = row.count, x.lists = row.lists
RETURN count(*) AS written
