-- What is measured, with the explanation that stands beside a number.
-- -> id, title, description, unit
SELECT id, title, description, unit FROM score ORDER BY id
