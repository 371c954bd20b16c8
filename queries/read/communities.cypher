// The communities of a scope, in their order.
// :scope text
// -> id, name, size, rank, topics[]
MATCH (c:Community {scope: $scope})
RETURN c.id AS id, c.name AS name, c.size AS size, c.rank AS rank, c.topics AS topics
ORDER BY rank, id
