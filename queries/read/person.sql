-- Everything that a person's own node says.
-- :id text
-- -> id, name, searchName, identifiers[], country, region, city, lat, lon, firstYear, lastYear, paperCount, trialCount
-- -> mentionCount, confidence, hardShare, institution, institutionName
SELECT p.id, p.name, p.searchName, p.identifiers, p.country, p.region, p.city, p.lat, p.lon, p.firstYear, p.lastYear,
  p.paperCount, p.trialCount, p.mentionCount, p.confidence, p.hardShare, p.institution,
  coalesce(i.name, '') AS institutionName
FROM person p LEFT JOIN institution i ON i.id = p.institution WHERE p.id = :id
