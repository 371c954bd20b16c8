-- Every community of every scope.
-- -> id, scope, name, size, rank, topics[]
SELECT id, scope, name, size, rank, topics FROM community ORDER BY id
