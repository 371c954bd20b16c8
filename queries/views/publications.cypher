// Every publication.
// -> id, title, year, journal, kind, date, citedBy, authorCount, doi
MATCH (q:Publication) WHERE q.id > ''
RETURN q.id AS id, q.title AS title, q.year AS year, q.journal AS journal, q.kind AS kind, q.date AS date,
  q.citedBy AS citedBy, q.authorCount AS authorCount, q.doi AS doi
ORDER BY q.id
