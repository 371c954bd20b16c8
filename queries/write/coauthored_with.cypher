// Who wrote papers together; the smaller id is a. Weight after Newman (2001): 1/(n-1) for each shared paper of n authors.
// :a text
// :b text
// :count integer
// :weight real
// :years integer[]
UNWIND $rows AS row
MATCH (p:Person {id: row.a}) MATCH (q:Person {id: row.b})
MERGE (p)-[x:COAUTHORED_WITH]->(q)
SET x.count = row.count, x.weight = row.weight, x.years = row.years
RETURN count(*) AS written
