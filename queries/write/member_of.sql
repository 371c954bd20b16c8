-- Who belongs to which community, and where the map of the scope shows them.
-- :person text
-- :community text
-- :scope text
-- :x real
-- :y real
INSERT INTO member_of (person, community, scope, x, y)
SELECT p.pk, c.pk, :scope, :x, :y FROM person p CROSS JOIN community c WHERE p.id = :person AND c.id = :community
ON CONFLICT (person, community) DO UPDATE SET scope = excluded.scope, x = excluded.x, y = excluded.y
