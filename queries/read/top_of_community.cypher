// The members of a community by a score in a scope, from the best down.
// :community text
// :score text
// :scope text
// :top count
// -> id, name, value, rank
MATCH (:Community {id: $community})<-[:MEMBER_OF]-(p:Person)-[x:SCORED]->(:Score)
WHERE x.score = $score AND x.scope = $scope
RETURN p.id AS id, p.name AS name, x.value AS value, x.rank AS rank
ORDER BY rank, id LIMIT $top
