-- Which institution is part of which.
-- :child text
-- :parent text
INSERT INTO part_of (child, parent)
SELECT c.pk, p.pk FROM institution c CROSS JOIN institution p WHERE c.id = :child AND p.id = :parent
ON CONFLICT (child, parent) DO UPDATE SET parent = excluded.parent
