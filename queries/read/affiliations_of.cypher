// The institutions to which a person belongs or belonged; the current and the latest first.
// :id text
// -> id, name, city, country, firstYear, lastYear, isCurrent?, confidence, recordCount
MATCH (:Person {id: $id})-[x:AFFILIATED_WITH]->(i:Institution)
RETURN i.id AS id, i.name AS name, i.city AS city, i.country AS country, x.firstYear AS firstYear,
  x.lastYear AS lastYear, x.isCurrent AS isCurrent, x.confidence AS confidence, x.recordCount AS recordCount
ORDER BY isCurrent DESC, lastYear IS NULL, lastYear DESC, id
