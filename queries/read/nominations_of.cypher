// Who named a person as a peer (isNominator true), and whom they named; the most often named first.
// :id text
// :top count
// -> id, name, institutionName, isNominator?, count, lists[]
MATCH (me:Person {id: $id})-[x:NOMINATED]-(p:Person)
WITH p, x, startNode(x) = p AS isNominator
ORDER BY x.count DESC, isNominator DESC, p.id LIMIT $top
OPTIONAL MATCH (i:Institution {id: p.institution})
RETURN p.id AS id, p.name AS name, coalesce(i.name, '') AS institutionName, isNominator, x.count AS count,
  x.lists AS lists
ORDER BY count DESC, isNominator DESC, id
