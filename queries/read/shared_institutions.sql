-- The institutions to which two people belong or belonged.
-- :a text
-- :b text
-- -> id, name, isCurrentA?, isCurrentB?
SELECT i.id, i.name, x.isCurrent AS isCurrentA, y.isCurrent AS isCurrentB
FROM person p
CROSS JOIN person o
CROSS JOIN affiliated_with x ON x.person = p.pk
CROSS JOIN affiliated_with y ON y.person = o.pk AND y.institution = x.institution
CROSS JOIN institution i ON i.pk = x.institution
WHERE p.id = :a AND o.id = :b AND :a <> :b
ORDER BY i.name, i.id
