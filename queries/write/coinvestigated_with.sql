-- Who investigates trials together; the smaller id is a. Weighted like papers.
-- :a text
-- :b text
-- :count integer
-- :weight real
-- :years integer[]
INSERT INTO coinvestigated_with (a, b, count, weight, years)
SELECT p.pk, q.pk, :count, :weight, :years FROM person p CROSS JOIN person q WHERE p.id = :a AND q.id = :b
ON CONFLICT (a, b) DO UPDATE SET count = excluded.count, weight = excluded.weight, years = excluded.years
