// Which trial is conducted where.
// -> trial, institution
MATCH (t:Trial) WHERE t.id > ''
MATCH (t)-[:CONDUCTED_AT]->(i:Institution)
RETURN t.id AS trial, i.id AS institution
ORDER BY t.id, i.id
