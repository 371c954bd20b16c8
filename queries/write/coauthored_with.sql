-- Who wrote papers together; the smaller id is a. Weight after Newman (2001): 1/(n-1) for each shared paper of n authors.
-- :a text
-- :b text
-- :count integer
-- :weight real
-- :years integer[]
INSERT INTO coauthored_with (a, b, count, weight, years)
SELECT p.pk, q.pk, :count, :weight, :years FROM person p CROSS JOIN person q WHERE p.id = :a AND q.id = :b
ON CONFLICT (a, b) DO UPDATE SET count = excluded.count, weight = excluded.weight, years = excluded.years
