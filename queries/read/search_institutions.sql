-- Institutions of whose names every word is the beginning of a word; those with most people now first.
-- :words word[]
-- :top count
-- -> id, name, city, country, peopleCount
SELECT i.id, i.name, i.city, i.country, m.peopleCount
FROM institution_search
CROSS JOIN institution_place m ON m.place = institution_search.rowid
CROSS JOIN institution i ON i.pk = m.institution
WHERE institution_search MATCH (SELECT coalesce(group_concat('"' || value || '"*', ' '), '""') FROM json_each(:words))
ORDER BY institution_search.rowid LIMIT :top
