-- Who belongs to which community, and where the map shows them.
-- -> person, community, scope, x, y
SELECT p.id AS person, c.id AS community, m.scope, m.x, m.y
FROM person p CROSS JOIN member_of m ON m.person = p.pk CROSS JOIN community c ON c.pk = m.community
ORDER BY p.id, c.id
