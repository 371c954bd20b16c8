// Takes away every row of a graph, in batches, but the mark of its build. SQLite begins with an empty file instead.
MATCH (n:Person|Publication|Trial|Institution|Topic|Score|Community|ScoreTotal|ScopeCountry)
CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 5000 ROWS
