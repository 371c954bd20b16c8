-- The members of a community by a score in a scope, from the best down.
-- :community text
-- :score text
-- :scope text
-- :top count
-- -> id, name, value, rank
SELECT p.id, p.name, x.value, x.rank
FROM community c
CROSS JOIN member_of m ON m.community = c.pk
CROSS JOIN scored x ON x.person = m.person AND x.scope = :scope AND x.score = (SELECT pk FROM score WHERE id = :score)
CROSS JOIN person p ON p.pk = m.person
WHERE c.id = :community
ORDER BY x.rank, p.id LIMIT :top
