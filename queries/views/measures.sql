-- Every score that is measured.
-- -> id, title, description, unit
SELECT id, title, description, unit FROM score ORDER BY id
