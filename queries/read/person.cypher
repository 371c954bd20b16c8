// Everything that a person's own node says.
// :id text
// -> id, name, searchName, identifiers[], country, region, city, lat, lon, firstYear, lastYear, paperCount, trialCount
// -> mentionCount, confidence, hardShare, institution, institutionName
MATCH (p:Person {id: $id})
OPTIONAL MATCH (i:Institution {id: p.institution})
RETURN p.id AS id, p.name AS name, p.searchName AS searchName, p.identifiers AS identifiers, p.country AS country,
  p.region AS region, p.city AS city, p.lat AS lat, p.lon AS lon, p.firstYear AS firstYear, p.lastYear AS lastYear,
  p.paperCount AS paperCount, p.trialCount AS trialCount, p.mentionCount AS mentionCount,
  p.confidence AS confidence, p.hardShare AS hardShare, p.institution AS institution, coalesce(i.name, '') AS institutionName
