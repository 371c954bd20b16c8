// How many coauthors and coinvestigators each of the given people has.
// :ids text[]
// -> id, coauthors, coinvestigators
MATCH (p:Person) WHERE p.id IN $ids
RETURN p.id AS id, COUNT { (p)-[:COAUTHORED_WITH]-() } AS coauthors,
  COUNT { (p)-[:COINVESTIGATED_WITH]-() } AS coinvestigators
ORDER BY id
