-- How many coauthors and coinvestigators each of the given people has.
-- :ids text[]
-- -> id, coauthors, coinvestigators
SELECT p.id,
  (SELECT count(*) FROM coauthored_with WHERE a = p.pk) + (SELECT count(*) FROM coauthored_with WHERE b = p.pk)
    AS coauthors,
  (SELECT count(*) FROM coinvestigated_with WHERE a = p.pk)
    + (SELECT count(*) FROM coinvestigated_with WHERE b = p.pk) AS coinvestigators
FROM (SELECT DISTINCT value FROM json_each(:ids)) j CROSS JOIN person p ON p.id = j.value
ORDER BY p.id
