// Which institution pays for which trial.
// -> trial, institution
MATCH (t:Trial) WHERE t.id > ''
MATCH (t)-[:SPONSORED_BY]->(i:Institution)
RETURN t.id AS trial, i.id AS institution
ORDER BY t.id, i.id
