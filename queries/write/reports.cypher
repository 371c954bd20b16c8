// Which publication reports which trial's results.
// :publication text
// :trial text
UNWIND $rows AS row
MATCH (q:Publication {id: row.publication}) MATCH (t:Trial {id: row.trial})
MERGE (q)-[x:REPORTS]->(t)
RETURN count(*) AS written
