// Which topics a record (a publication or a trial) is about.
// :record text
// :topic text
UNWIND $rows AS row
CALL (row) {
  MATCH (r:Publication {id: row.record}) RETURN r
  UNION ALL MATCH (r:Trial {id: row.record}) RETURN r
}
MATCH (t:Topic {id: row.topic})
MERGE (r)-[x:ABOUT]->(t)
RETURN count(*) AS written
