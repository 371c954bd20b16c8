-- Which record, publication or trial, is about which topic.
-- -> record, topic
SELECT q.id AS record, t.id AS topic
FROM topic t CROSS JOIN about x ON x.topic = t.pk AND x.isTrial = 0 CROSS JOIN publication q ON q.pk = x.record
UNION ALL
SELECT r.id, t.id
FROM topic t CROSS JOIN about x ON x.topic = t.pk AND x.isTrial = 1 CROSS JOIN trial r ON r.pk = x.record
ORDER BY record, topic
