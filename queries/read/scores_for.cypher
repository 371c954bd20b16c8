// The scores of the given people in a scope.
// :ids text[]
// :scope text
// -> id, score, value, rank
MATCH (p:Person) WHERE p.id IN $ids
MATCH (p)-[x:SCORED {scope: $scope}]->(:Score)
RETURN p.id AS id, x.score AS score, x.value AS value, x.rank AS rank
ORDER BY id, score
