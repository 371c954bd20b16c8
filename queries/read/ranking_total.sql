-- How many people have a score in a scope.
-- :score text
-- :scope text
-- -> total
SELECT coalesce(sum(n.total), 0) AS total
FROM score s JOIN score_total n ON n.score = s.pk WHERE s.id = :score AND n.scope = :scope
