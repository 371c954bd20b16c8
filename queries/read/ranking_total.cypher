// How many people have a score in a scope.
// :score text
// :scope text
// -> total
OPTIONAL MATCH (n:ScoreTotal {score: $score, scope: $scope})
RETURN coalesce(n.total, 0) AS total
