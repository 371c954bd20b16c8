// Groups of people who work together, within a scope ("all" or a topic id).
// :id text
// :scope text
// :name text
// :size integer
// :rank integer
// :topics text[]
UNWIND $rows AS row
MERGE (n:Community {id: row.id})
SET n.scope = row.scope, n.name = row.name, n.size = row.size, n.rank = row.rank, n.topics = row.topics
RETURN count(*) AS written
