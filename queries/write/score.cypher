// What is measured: the title and the explanation that stand beside a number.
// :id text
// :title text
// :description text
// :unit text
UNWIND $rows AS row
MERGE (n:Score {id: row.id})
SET n.title = row.title, n.description = row.description, n.unit = row.unit
RETURN count(*) AS written
