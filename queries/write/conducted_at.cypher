// Where a trial is conducted.
// :trial text
// :institution text
UNWIND $rows AS row
MATCH (t:Trial {id: row.trial}) MATCH (i:Institution {id: row.institution})
MERGE (t)-[x:CONDUCTED_AT]->(i)
RETURN count(*) AS written
