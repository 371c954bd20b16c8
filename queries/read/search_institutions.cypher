// Institutions of whose names every word is the beginning of a word; those with most people now first.
// :words word[]
// :top count
// -> id, name, city, country, peopleCount
CALL db.index.fulltext.queryNodes(
  'institution_search', CASE $words WHEN [] THEN 'nowhere' ELSE reduce(t = '', w IN $words | t + ' +' + w + '*') END
) YIELD node AS i
WHERE $words <> []
RETURN i.id AS id, i.name AS name, i.city AS city, i.country AS country, i.peopleCount AS peopleCount
ORDER BY peopleCount DESC, id LIMIT $top
