// Every value and rank.
// -> person, score, scope, value, rank, country
MATCH (p:Person) WHERE p.id > ''
MATCH (p)-[x:SCORED]->(:Score)
RETURN p.id AS person, x.score AS score, x.scope AS scope, x.value AS value, x.rank AS rank, x.country AS country
ORDER BY p.id, x.scope, x.score
