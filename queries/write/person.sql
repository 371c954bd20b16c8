-- People, as resolution sees them. `searchName` is folded; `institution` is the id of the current one or "".
-- :id text
-- :name text
-- :searchName folded
-- :identifiers text[]
-- :country text
-- :region text
-- :city text
-- :lat real?
-- :lon real?
-- :firstYear integer?
-- :lastYear integer?
-- :paperCount integer
-- :trialCount integer
-- :mentionCount integer
-- :confidence real?
-- :hardShare real?
-- :institution text
INSERT INTO person (id, name, searchName, identifiers, country, region, city, lat, lon, firstYear, lastYear,
  paperCount, trialCount, mentionCount, confidence, hardShare, institution)
VALUES (:id, :name, :searchName, :identifiers, :country, :region, :city, :lat, :lon, :firstYear, :lastYear,
  :paperCount, :trialCount, :mentionCount, :confidence, :hardShare, :institution)
ON CONFLICT (id) DO UPDATE SET name = excluded.name, searchName = excluded.searchName,
  identifiers = excluded.identifiers, country = excluded.country, region = excluded.region, city = excluded.city,
  lat = excluded.lat, lon = excluded.lon, firstYear = excluded.firstYear, lastYear = excluded.lastYear,
  paperCount = excluded.paperCount, trialCount = excluded.trialCount, mentionCount = excluded.mentionCount,
  confidence = excluded.confidence, hardShare = excluded.hardShare, institution = excluded.institution
