-- Every score of a person in every scope; total is how many people have that score there.
-- :id text
-- -> score, title, scope, value, rank, total
SELECT s.id AS score, s.title, x.scope, x.value, x.rank, n.total
FROM person p
CROSS JOIN scored x ON x.person = p.pk
CROSS JOIN score s ON s.pk = x.score
CROSS JOIN score_total n ON n.score = x.score AND n.scope = x.scope
WHERE p.id = :id
ORDER BY x.scope, s.id
