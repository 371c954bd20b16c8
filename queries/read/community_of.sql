-- The community of each of the given people in a scope, and where the map shows them.
-- :ids text[]
-- :scope text
-- -> id, community, x, y
SELECT p.id, c.id AS community, m.x, m.y
FROM (SELECT DISTINCT value FROM json_each(:ids)) j
CROSS JOIN person p ON p.id = j.value
CROSS JOIN member_of m ON m.person = p.pk AND m.scope = :scope
CROSS JOIN community c ON c.pk = m.community
ORDER BY p.id, c.id
