-- The best of a scope by a score, those who have a place on its map: where they stand and what they are.
-- :score text
-- :scope text
-- :top count
-- -> id, name, x, y, community, value, rank, paperCount, trialCount, country, institutionName
SELECT p.id, p.name, m.x, m.y, c.id AS community, x.value, x.rank, p.paperCount, p.trialCount, p.country,
  coalesce(i.name, '') AS institutionName
FROM scored x
CROSS JOIN member_of m ON m.person = x.person AND m.scope = x.scope
CROSS JOIN community c ON c.pk = m.community
CROSS JOIN person p ON p.pk = x.person
LEFT JOIN institution i ON i.id = p.institution
WHERE x.score = (SELECT pk FROM score WHERE id = :score) AND x.scope = :scope
ORDER BY x.rank, p.id, c.id LIMIT :top
