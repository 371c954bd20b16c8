// The topics of the landscape, each with the terms that put a record into it.
// :id text
// :name text
// :terms text[]
UNWIND $rows AS row
MERGE (n:Topic {id: row.id})
SET n.name = row.name, n.terms = row.terms
RETURN count(*) AS written
