// The best of a scope by a score, those who have a place on its map: where they stand and what they are.
// :score text
// :scope text
// :top count
// -> id, name, x, y, community, value, rank, paperCount, trialCount, country, institutionName
MATCH (p:Person)-[x:SCORED]->()
USING INDEX SEEK x:SCORED(score, scope, rank)
WHERE x.score = $score AND x.scope = $scope AND x.rank > 0
MATCH (p)-[m:MEMBER_OF {scope: $scope}]->(c:Community)
WITH p, x, m, c ORDER BY x.score, x.scope, x.rank, p.id, c.id LIMIT $top
OPTIONAL MATCH (i:Institution {id: p.institution})
RETURN p.id AS id, p.name AS name, m.x AS x, m.y AS y, c.id AS community, x.value AS value, x.rank AS rank,
  p.paperCount AS paperCount, p.trialCount AS trialCount, p.country AS country,
  coalesce(i.name, '') AS institutionName
ORDER BY rank, id, community
