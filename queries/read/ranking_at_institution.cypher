// People who are now at an institution by a score in a scope, in pages; ranks are those of the whole scope.
// :score text
// :scope text
// :institution text
// :top count
// :offset count
// -> id, name, country, city, institution, institutionName, value, rank, paperCount, trialCount
// -> confidence, hardShare, mentionCount
MATCH (:Institution {id: $institution})<-[:AFFILIATED_WITH {isCurrent: true}]-(p:Person)-[x:SCORED]->(:Score)
WHERE x.score = $score AND x.scope = $scope
WITH p, x ORDER BY x.rank, p.id SKIP $offset LIMIT $top
RETURN p.id AS id, p.name AS name, p.country AS country, p.city AS city, p.institution AS institution,
  coalesce(COLLECT { MATCH (i:Institution {id: p.institution}) RETURN i.name }[0], '') AS institutionName,
  x.value AS value, x.rank AS rank, p.paperCount AS paperCount, p.trialCount AS trialCount,
  p.confidence AS confidence, p.hardShare AS hardShare, p.mentionCount AS mentionCount
ORDER BY rank, id
