// Who belongs or belonged to which institution, as the records say.
// :person text
// :institution text
// :firstYear integer?
// :lastYear integer?
// :isCurrent boolean
// :confidence real?
// :recordCount integer
UNWIND $rows AS row
MATCH (p:Person {id: row.person}) MATCH (i:Institution {id: row.institution})
MERGE (p)-[x:AFFILIATED_WITH]->(i)
SET x.firstYear = row.firstYear, x.lastYear = row.lastYear, x.isCurrent = row.isCurrent,
  x.confidence = row.confidence, x.recordCount = row.recordCount
RETURN count(*) AS written
