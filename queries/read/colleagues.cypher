// Who is now at an institution where this person is now; the most published first.
// :id text
// :top count
// -> id, name, paperCount
MATCH (p:Person {id: $id})-[:AFFILIATED_WITH {isCurrent: true}]->(:Institution)
  <-[:AFFILIATED_WITH {isCurrent: true}]-(q:Person)
WITH DISTINCT q
RETURN q.id AS id, q.name AS name, q.paperCount AS paperCount
ORDER BY paperCount DESC, id LIMIT $top
