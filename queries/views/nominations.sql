-- Who named whom as a peer on own lists.
-- -> nominator, nominee, count, lists[]
SELECT p.id AS nominator, q.id AS nominee, x.count, x.lists
FROM person p CROSS JOIN nominated x ON x.nominator = p.pk CROSS JOIN person q ON q.pk = x.nominee
ORDER BY p.id, q.id
