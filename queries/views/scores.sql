-- Every value and rank.
-- -> person, score, scope, value, rank, country
SELECT p.id AS person, s.id AS score, x.scope, x.value, x.rank, x.country
FROM person p CROSS JOIN scored x ON x.person = p.pk CROSS JOIN score s ON s.pk = x.score
ORDER BY p.id, x.scope, s.id
