// Organisations. `searchName` is the folded form of the name and its other spellings.
// :id text
// :name text
// :searchName folded
// :kind text
// :city text
// :region text
// :country text
// :lat real?
// :lon real?
UNWIND $rows AS row
MERGE (n:Institution {id: row.id})
SET n.name = row.name, n.searchName = row.searchName, n.kind = row.kind, n.city = row.city, n.region = row.region,
  n.country = row.country, n.lat = row.lat, n.lon = row.lon
RETURN count(*) AS written
