-- Bibliographic records.
-- :id text
-- :title text
-- :year integer?
-- :journal text
-- :kind text
-- :date text
-- :citedBy integer?
-- :authorCount integer
-- :doi text
INSERT INTO publication (id, title, year, journal, kind, date, citedBy, authorCount, doi)
VALUES (:id, :title, :year, :journal, :kind, :date, :citedBy, :authorCount, :doi)
ON CONFLICT (id) DO UPDATE SET title = excluded.title, year = excluded.year, journal = excluded.journal,
  kind = excluded.kind, date = excluded.date, citedBy = excluded.citedBy, authorCount = excluded.authorCount,
  doi = excluded.doi
