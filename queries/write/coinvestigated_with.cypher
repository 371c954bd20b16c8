// Who investigates trials together; the smaller id is a. Weighted like papers.
// :a text
// :b text
// :count integer
// :weight real
// :years integer[]
UNWIND $rows AS row
MATCH (p:Person {id: row.a}) MATCH (q:Person {id: row.b})
MERGE (p)-[x:COINVESTIGATED_WITH]->(q)
SET x.count = row.count, x.weight = row.weight, x.years = row.years
RETURN count(*) AS written
