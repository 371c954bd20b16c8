// Which institution pays for a trial.
// :trial text
// :institution text
UNWIND $rows AS row
MATCH (t:Trial {id: row.trial}) MATCH (i:Institution {id: row.institution})
MERGE (t)-[x:SPONSORED_BY]->(i)
RETURN count(*) AS written
