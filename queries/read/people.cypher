// Those of the given people who are in the graph, by id.
// :ids text[]
// -> id, name, country, city, institution, institutionName, paperCount, trialCount, firstYear, lastYear, confidence
// -> hardShare, mentionCount
MATCH (p:Person) WHERE p.id IN $ids
OPTIONAL MATCH (i:Institution {id: p.institution})
RETURN p.id AS id, p.name AS name, p.country AS country, p.city AS city, p.institution AS institution,
  coalesce(i.name, '') AS institutionName, p.paperCount AS paperCount, p.trialCount AS trialCount,
  p.firstYear AS firstYear, p.lastYear AS lastYear, p.confidence AS confidence,
  p.hardShare AS hardShare, p.mentionCount AS mentionCount
ORDER BY id
