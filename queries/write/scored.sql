-- The value and rank of a person by a score in a scope ("all" or a topic id). Score and country stand on the edge as well,
-- because that is what makes a ranking one walk along an index. Ranks begin at 1.
-- :person text
-- :score text
-- :scope text
-- :country text
-- :value real
-- :rank integer
INSERT INTO scored (person, scope, score, country, value, rank)
SELECT p.pk, :scope, s.pk, :country, :value, :rank
FROM person p CROSS JOIN score s WHERE p.id = :person AND s.id = :score
ON CONFLICT (person, scope, score) DO UPDATE SET country = excluded.country, value = excluded.value,
  rank = excluded.rank
