-- The topics of the landscape, each with the terms that put a record into it.
-- :id text
-- :name text
-- :terms text[]
INSERT INTO topic (id, name, terms) VALUES (:id, :name, :terms)
ON CONFLICT (id) DO UPDATE SET name = excluded.name, terms = excluded.terms
