-- Who belongs or belonged to which institution.
-- -> person, institution, firstYear, lastYear, isCurrent?, confidence, recordCount
SELECT p.id AS person, i.id AS institution, x.firstYear, x.lastYear, x.isCurrent, x.confidence, x.recordCount
FROM person p CROSS JOIN affiliated_with x ON x.person = p.pk CROSS JOIN institution i ON i.pk = x.institution
ORDER BY p.id, i.id
