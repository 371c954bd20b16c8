// With whom a person investigates trials; the strongest ties first.
// :id text
// :top count
// -> id, name, institutionName, count, weight, years[]
MATCH (:Person {id: $id})-[x:COINVESTIGATED_WITH]-(p:Person)
WITH p, x ORDER BY x.weight DESC, p.id LIMIT $top
OPTIONAL MATCH (i:Institution {id: p.institution})
RETURN p.id AS id, p.name AS name, coalesce(i.name, '') AS institutionName, x.count AS count, x.weight AS weight,
  x.years AS years
ORDER BY weight DESC, id
