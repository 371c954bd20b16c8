-- Every person, with all that their node says but the institution's name.
-- -> id, name, country, region, city, lat, lon, firstYear, lastYear, paperCount, trialCount, institution, confidence
-- -> searchName, identifiers[], mentionCount, hardShare
SELECT id, name, country, region, city, lat, lon, firstYear, lastYear, paperCount, trialCount, institution, confidence,
  searchName, identifiers, mentionCount, hardShare
FROM person ORDER BY id
