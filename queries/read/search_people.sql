-- People of whose names every word is the beginning of a word; the most published first.
-- :words word[]
-- :top count
-- -> id, name, country, city, institution, institutionName, paperCount, trialCount
-- -> confidence, hardShare, mentionCount
SELECT p.id, p.name, p.country, p.city, p.institution, coalesce(i.name, '') AS institutionName, p.paperCount,
  p.trialCount, p.confidence, p.hardShare, p.mentionCount
FROM person_search
CROSS JOIN person_place m ON m.place = person_search.rowid
CROSS JOIN person p ON p.pk = m.person
LEFT JOIN institution i ON i.id = p.institution
WHERE person_search MATCH (SELECT coalesce(group_concat('"' || value || '"*', ' '), '""') FROM json_each(:words))
ORDER BY person_search.rowid LIMIT :top
