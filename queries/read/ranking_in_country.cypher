// People of a country by a score in a scope, from the best down, in pages; ranks are those of the whole scope.
// :score text
// :scope text
// :country text
// :top count
// :offset count
// -> id, name, country, city, institution, institutionName, value, rank, paperCount, trialCount
// -> confidence, hardShare, mentionCount
MATCH (p:Person)-[x:SCORED]->()
USING INDEX SEEK x:SCORED(score, scope, country, rank)
WHERE x.score = $score AND x.scope = $scope AND x.country = $country AND x.rank > 0
WITH p, x ORDER BY x.score, x.scope, x.country, x.rank, p.id SKIP $offset LIMIT $top
RETURN p.id AS id, p.name AS name, p.country AS country, p.city AS city, p.institution AS institution,
  coalesce(COLLECT { MATCH (i:Institution {id: p.institution}) RETURN i.name }[0], '') AS institutionName,
  x.value AS value, x.rank AS rank, p.paperCount AS paperCount, p.trialCount AS trialCount,
  p.confidence AS confidence, p.hardShare AS hardShare, p.mentionCount AS mentionCount
