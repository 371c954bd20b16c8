-- People who are now at an institution by a score in a scope, in pages; ranks are those of the whole scope.
-- :score text
-- :scope text
-- :institution text
-- :top count
-- :offset count
-- -> id, name, country, city, institution, institutionName, value, rank, paperCount, trialCount
-- -> confidence, hardShare, mentionCount
SELECT p.id, p.name, p.country, p.city, p.institution, coalesce(i.name, '') AS institutionName, x.value, x.rank,
  p.paperCount, p.trialCount, p.confidence, p.hardShare, p.mentionCount
FROM institution w
CROSS JOIN affiliated_with y ON y.institution = w.pk AND y.isCurrent = 1
CROSS JOIN scored x ON x.person = y.person AND x.scope = :scope AND x.score = (SELECT pk FROM score WHERE id = :score)
CROSS JOIN person p ON p.pk = x.person
LEFT JOIN institution i ON i.id = p.institution
WHERE w.id = :institution
ORDER BY x.rank, p.id LIMIT :top OFFSET :offset
