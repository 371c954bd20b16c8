// A person's trials, each with the topics (ids) it is about; the newest first, those without a year last.
// :id text
// -> id, title, phase, status, startYear, role, topics[]
MATCH (:Person {id: $id})-[x:INVESTIGATED]->(r:Trial)
RETURN r.id AS id, r.title AS title, r.phase AS phase, r.status AS status, r.startYear AS startYear, x.role AS role,
  COLLECT { MATCH (r)-[:ABOUT]->(t:Topic) RETURN t.id ORDER BY t.id } AS topics
ORDER BY startYear IS NULL, startYear DESC, id
