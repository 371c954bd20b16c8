-- People of a country by a score in a scope, from the best down, in pages; ranks are those of the whole scope.
-- :score text
-- :scope text
-- :country text
-- :top count
-- :offset count
-- -> id, name, country, city, institution, institutionName, value, rank, paperCount, trialCount
-- -> confidence, hardShare, mentionCount
SELECT p.id, p.name, p.country, p.city, p.institution, coalesce(i.name, '') AS institutionName, x.value, x.rank,
  p.paperCount, p.trialCount, p.confidence, p.hardShare, p.mentionCount
FROM scored x CROSS JOIN person p ON p.pk = x.person LEFT JOIN institution i ON i.id = p.institution
WHERE x.score = (SELECT pk FROM score WHERE id = :score) AND x.scope = :scope AND x.country = :country
ORDER BY x.rank, p.id LIMIT :top OFFSET :offset
