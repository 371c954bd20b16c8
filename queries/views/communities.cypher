// Every community of every scope.
// -> id, scope, name, size, rank, topics[]
MATCH (c:Community)
RETURN c.id AS id, c.scope AS scope, c.name AS name, c.size AS size, c.rank AS rank, c.topics AS topics
ORDER BY id
