-- Groups of people who work together, within a scope ("all" or a topic id).
-- :id text
-- :scope text
-- :name text
-- :size integer
-- :rank integer
-- :topics text[]
INSERT INTO community (id, scope, name, size, rank, topics) VALUES (:id, :scope, :name, :size, :rank, :topics)
ON CONFLICT (id) DO UPDATE SET scope = excluded.scope, name = excluded.name, size = excluded.size,
  rank = excluded.rank, topics = excluded.topics
