// The papers that two people wrote together; the newest first, those without a year last.
// :a text
// :b text
// -> id, title, year, journal, kind, date, authorCount, positionA, positionB
MATCH (:Person {id: $a})-[x:AUTHORED]->(q:Publication)<-[y:AUTHORED]-(:Person {id: $b})
RETURN q.id AS id, q.title AS title, q.year AS year, q.journal AS journal, q.kind AS kind, q.date AS date,
  q.authorCount AS authorCount, x.position AS positionA, y.position AS positionB
ORDER BY year IS NULL, year DESC, id
