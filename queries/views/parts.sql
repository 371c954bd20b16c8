-- Which institution is part of which.
-- -> child, parent
SELECT c.id AS child, p.id AS parent
FROM institution c CROSS JOIN part_of x ON x.child = c.pk CROSS JOIN institution p ON p.pk = x.parent
ORDER BY c.id, p.id
