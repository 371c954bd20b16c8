// Every person, with all that their node says but the institution's name.
// -> id, name, country, region, city, lat, lon, firstYear, lastYear, paperCount, trialCount, institution, confidence
// -> searchName, identifiers[], mentionCount, hardShare
MATCH (p:Person) WHERE p.id > ''
RETURN p.id AS id, p.name AS name, p.country AS country, p.region AS region, p.city AS city, p.lat AS lat,
  p.lon AS lon, p.firstYear AS firstYear, p.lastYear AS lastYear, p.paperCount AS paperCount,
  p.trialCount AS trialCount, p.institution AS institution, p.confidence AS confidence,
  p.searchName AS searchName, p.identifiers AS identifiers, p.mentionCount AS mentionCount,
  p.hardShare AS hardShare
ORDER BY p.id
