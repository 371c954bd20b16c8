-- The topics of the landscape, and how much there is about each.
-- -> id, name, terms[], paperCount, trialCount, peopleCount
SELECT t.id, t.name, t.terms, n.paperCount, n.trialCount, n.peopleCount
FROM topic t JOIN topic_count n ON n.topic = t.pk ORDER BY t.id
