-- The communities of a scope, in their order.
-- :scope text
-- -> id, name, size, rank, topics[]
SELECT id, name, size, rank, topics FROM community WHERE scope = :scope ORDER BY rank, id
