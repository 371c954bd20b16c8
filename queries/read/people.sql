-- Those of the given people who are in the graph, by id.
-- :ids text[]
-- -> id, name, country, city, institution, institutionName, paperCount, trialCount, firstYear, lastYear, confidence
-- -> hardShare, mentionCount
SELECT p.id, p.name, p.country, p.city, p.institution, coalesce(i.name, '') AS institutionName, p.paperCount,
  p.trialCount, p.firstYear, p.lastYear, p.confidence, p.hardShare, p.mentionCount
FROM (SELECT DISTINCT value FROM json_each(:ids)) j
CROSS JOIN person p ON p.id = j.value
LEFT JOIN institution i ON i.id = p.institution
ORDER BY p.id
