-- Every publication.
-- -> id, title, year, journal, kind, date, citedBy, authorCount, doi
SELECT id, title, year, journal, kind, date, citedBy, authorCount, doi FROM publication ORDER BY id
