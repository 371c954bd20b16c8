// Every score of a person in every scope; total is how many people have that score there.
// :id text
// -> score, title, scope, value, rank, total
MATCH (:Person {id: $id})-[x:SCORED]->(s:Score)
MATCH (n:ScoreTotal {score: x.score, scope: x.scope})
RETURN s.id AS score, s.title AS title, x.scope AS scope, x.value AS value, x.rank AS rank, n.total AS total
ORDER BY scope, score
