// Which publication reports which trial.
// -> publication, trial
MATCH (q:Publication)-[:REPORTS]->(t:Trial)
RETURN q.id AS publication, t.id AS trial
ORDER BY publication, trial
