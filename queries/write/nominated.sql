-- Who named whom as a peer on own lists, from the nominator to the nominee: how often, and on which lists.
-- :nominator text
-- :nominee text
-- :count integer
-- :lists text[]
INSERT INTO nominated (nominator, nominee, count, lists)
SELECT p.pk, q.pk, :count, :lists FROM person p CROSS JOIN person q WHERE p.id = :nominator AND q.id = :nominee
ON CONFLICT (nominator, nominee) DO UPDATE SET count = excluded.count, lists = excluded.lists
