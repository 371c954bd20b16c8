// People of whose names every word is the beginning of a word; the most published first.
// :words word[]
// :top count
// -> id, name, country, city, institution, institutionName, paperCount, trialCount
// -> confidence, hardShare, mentionCount
CALL db.index.fulltext.queryNodes(
  'person_search', CASE $words WHEN [] THEN 'nobody' ELSE reduce(t = '', w IN $words | t + ' +' + w + '*') END
) YIELD node AS p
WHERE $words <> []
WITH p ORDER BY p.paperCount DESC, p.id LIMIT $top
OPTIONAL MATCH (i:Institution {id: p.institution})
RETURN p.id AS id, p.name AS name, p.country AS country, p.city AS city, p.institution AS institution,
  coalesce(i.name, '') AS institutionName, p.paperCount AS paperCount, p.trialCount AS trialCount,
  p.confidence AS confidence, p.hardShare AS hardShare, p.mentionCount AS mentionCount
ORDER BY paperCount DESC, id
