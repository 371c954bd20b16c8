-- How many publications of a scope ("all" or a topic id) appeared in each year; those without a year are left out.
-- :scope text
-- -> year, papers
WITH chosen AS (
  SELECT year FROM publication WHERE :scope = 'all'
  UNION ALL
  SELECT q.year FROM topic t CROSS JOIN about x ON x.topic = t.pk AND x.isTrial = 0
  CROSS JOIN publication q ON q.pk = x.record WHERE t.id = :scope
)
SELECT year, count(*) AS papers FROM chosen WHERE year IS NOT NULL GROUP BY year ORDER BY year
