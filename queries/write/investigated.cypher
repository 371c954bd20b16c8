// Who is an investigator of which trial. One edge for a person and a trial: the last row counts.
// :person text
// :trial text
// :role text
UNWIND $rows AS row
MATCH (p:Person {id: row.person}) MATCH (t:Trial {id: row.trial})
MERGE (p)-[x:INVESTIGATED]->(t)
SET x.role = row.role
RETURN count(*) AS written
