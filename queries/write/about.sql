-- Which topics a record (a publication or a trial) is about.
-- :record text
-- :topic text
INSERT INTO about (topic, isTrial, record)
SELECT t.pk, r.isTrial, r.pk
FROM (
  SELECT pk, 0 AS isTrial FROM publication WHERE id = :record
  UNION ALL SELECT pk, 1 FROM trial WHERE id = :record
) r CROSS JOIN topic t WHERE t.id = :topic
ON CONFLICT (topic, isTrial, record) DO UPDATE SET topic = excluded.topic
