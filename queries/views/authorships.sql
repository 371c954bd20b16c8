-- Who wrote what.
-- -> person, publication, position, authorCount, isCorresponding?, year, kind
SELECT p.id AS person, q.id AS publication, x.position, x.authorCount, x.isCorresponding, q.year, q.kind
FROM person p CROSS JOIN authored x ON x.person = p.pk CROSS JOIN publication q ON q.pk = x.publication
ORDER BY p.id, q.id
