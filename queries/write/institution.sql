-- Organisations. `searchName` is the folded form of the name and its other spellings.
-- :id text
-- :name text
-- :searchName folded
-- :kind text
-- :city text
-- :region text
-- :country text
-- :lat real?
-- :lon real?
INSERT INTO institution (id, name, searchName, kind, city, region, country, lat, lon)
VALUES (:id, :name, :searchName, :kind, :city, :region, :country, :lat, :lon)
ON CONFLICT (id) DO UPDATE SET name = excluded.name, searchName = excluded.searchName, kind = excluded.kind,
  city = excluded.city, region = excluded.region, country = excluded.country, lat = excluded.lat, lon = excluded.lon
