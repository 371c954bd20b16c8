// People, as resolution sees them. `searchName` is folded; `institution` is the id of the current one or "".
// :id text
// :name text
// :searchName folded
// :identifiers text[]
// :country text
// :region text
// :city text
// :lat real?
// :lon real?
// :firstYear integer?
// :lastYear integer?
// :paperCount integer
// :trialCount integer
// :mentionCount integer
// :confidence real?
// :hardShare real?
// :institution text
UNWIND $rows AS row
MERGE (n:Person {id: row.id})
SET n.name = row.name, n.searchName = row.searchName, n.identifiers = row.identifiers, n.country = row.country,
  n.region = row.region, n.city = row.city, n.lat = row.lat, n.lon = row.lon, n.firstYear = row.firstYear,
  n.lastYear = row.lastYear, n.paperCount = row.paperCount, n.trialCount = row.trialCount,
  n.mentionCount = row.mentionCount, n.confidence = row.confidence, n.hardShare = row.hardShare,
  n.institution = row.institution
RETURN count(*) AS written
