-- What is measured: the title and the explanation that stand beside a number.
-- :id text
-- :title text
-- :description text
-- :unit text
INSERT INTO score (id, title, description, unit) VALUES (:id, :title, :description, :unit)
ON CONFLICT (id) DO UPDATE SET title = excluded.title, description = excluded.description, unit = excluded.unit
