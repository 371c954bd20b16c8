-- The scores of the given people in a scope.
-- :ids text[]
-- :scope text
-- -> id, score, value, rank
SELECT p.id, s.id AS score, x.value, x.rank
FROM (SELECT DISTINCT value FROM json_each(:ids)) j
CROSS JOIN person p ON p.id = j.value
CROSS JOIN scored x ON x.person = p.pk AND x.scope = :scope
CROSS JOIN score s ON s.pk = x.score
ORDER BY p.id, s.id
