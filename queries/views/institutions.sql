-- Every institution.
-- -> id, name, kind, city, region, country, lat, lon, searchName
SELECT id, name, kind, city, region, country, lat, lon, searchName FROM institution ORDER BY id
