// The value and rank of a person by a score in a scope ("all" or a topic id). Score and country stand on the edge as well,
// because that is what makes a ranking one walk along an index. Ranks begin at 1.
// :person text
// :score text
// :scope text
// :country text
// :value real
// :rank integer
UNWIND $rows AS row
MATCH (p:Person {id: row.person}) MATCH (s:Score {id: row.score})
MERGE (p)-[x:SCORED {scope: row.scope}]->(s)
SET x.score = row.score, x.country = row.country, x.value = row.value, x.rank = row.rank
RETURN count(*) AS written
