-- Who belongs or belonged to which institution, as the records say.
-- :person text
-- :institution text
-- :firstYear integer?
-- :lastYear integer?
-- :isCurrent boolean
-- :confidence real?
-- :recordCount integer
INSERT INTO affiliated_with (person, institution, firstYear, lastYear, isCurrent, confidence, recordCount)
SELECT p.pk, i.pk, :firstYear, :lastYear, :isCurrent, :confidence, :recordCount
FROM person p CROSS JOIN institution i WHERE p.id = :person AND i.id = :institution
ON CONFLICT (person, institution) DO UPDATE SET firstYear = excluded.firstYear, lastYear = excluded.lastYear,
  isCurrent = excluded.isCurrent, confidence = excluded.confidence, recordCount = excluded.recordCount
