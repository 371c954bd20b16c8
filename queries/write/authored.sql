-- Who wrote which publication. One edge for a person and a publication: the last row counts.
-- :person text
-- :publication text
-- :position integer
-- :authorCount integer
-- :isCorresponding boolean
INSERT INTO authored (person, publication, position, authorCount, isCorresponding)
SELECT p.pk, q.pk, :position, :authorCount, :isCorresponding
FROM person p CROSS JOIN publication q WHERE p.id = :person AND q.id = :publication
ON CONFLICT (person, publication) DO UPDATE SET position = excluded.position,
  authorCount = excluded.authorCount, isCorresponding = excluded.isCorresponding
