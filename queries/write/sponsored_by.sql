-- Which institution pays for a trial.
-- :trial text
-- :institution text
INSERT INTO sponsored_by (trial, institution)
SELECT t.pk, i.pk FROM trial t CROSS JOIN institution i WHERE t.id = :trial AND i.id = :institution
ON CONFLICT (trial, institution) DO UPDATE SET trial = excluded.trial
