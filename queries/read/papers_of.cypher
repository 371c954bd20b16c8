// A person's publications, each with the topics (ids) it is about; the newest first, those without a year last.
// :id text
// -> id, title, year, journal, kind, date, doi, position, authorCount, isCorresponding?, topics[]
MATCH (:Person {id: $id})-[x:AUTHORED]->(q:Publication)
RETURN q.id AS id, q.title AS title, q.year AS year, q.journal AS journal, q.kind AS kind, q.date AS date,
  q.doi AS doi, x.position AS position, x.authorCount AS authorCount, x.isCorresponding AS isCorresponding,
  COLLECT { MATCH (q)-[:ABOUT]->(t:Topic) RETURN t.id ORDER BY t.id } AS topics
ORDER BY year IS NULL, year DESC, id
