// Every institution.
// -> id, name, kind, city, region, country, lat, lon, searchName
MATCH (i:Institution) WHERE i.id > ''
RETURN i.id AS id, i.name AS name, i.kind AS kind, i.city AS city, i.region AS region, i.country AS country,
  i.lat AS lat, i.lon AS lon, i.searchName AS searchName
ORDER BY i.id
