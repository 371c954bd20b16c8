// Who belongs or belonged to which institution.
// -> person, institution, firstYear, lastYear, isCurrent?, confidence, recordCount
MATCH (p:Person) WHERE p.id > ''
MATCH (p)-[x:AFFILIATED_WITH]->(i:Institution)
RETURN p.id AS person, i.id AS institution, x.firstYear AS firstYear, x.lastYear AS lastYear,
  x.isCurrent AS isCurrent, x.confidence AS confidence, x.recordCount AS recordCount
ORDER BY p.id, i.id
