// Bibliographic records.
// :id text
// :title text
// :year integer?
// :journal text
// :kind text
// :date text
// :citedBy integer?
// :authorCount integer
// :doi text
UNWIND $rows AS row
MERGE (n:Publication {id: row.id})
SET n.title = row.title, n.year = row.year, n.journal = row.journal, n.kind = row.kind, n.date = row.date,
  n.citedBy = row.citedBy, n.authorCount = row.authorCount, n.doi = row.doi
RETURN count(*) AS written
