-- Every topic.
-- -> id, name, terms[]
SELECT id, name, terms FROM topic ORDER BY id
