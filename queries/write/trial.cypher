// Registered studies. `sponsor` is the name that the registry gives.
// :id text
// :title text
// :phase text
// :status text
// :startYear integer?
// :kind text
// :sponsor text
// :conditions text[]
UNWIND $rows AS row
MERGE (n:Trial {id: row.id})
SET n.title = row.title, n.phase = row.phase, n.status = row.status, n.startYear = row.startYear, n.kind = row.kind,
  n.sponsor = row.sponsor, n.conditions = row.conditions
RETURN count(*) AS written
