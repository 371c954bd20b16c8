-- Where a trial is conducted.
-- :trial text
-- :institution text
INSERT INTO conducted_at (trial, institution)
SELECT t.pk, i.pk FROM trial t CROSS JOIN institution i WHERE t.id = :trial AND i.id = :institution
ON CONFLICT (trial, institution) DO UPDATE SET trial = excluded.trial
