// The mark of the build: there is one, and its state says whether the graph beside it is whole.
// :id text
// :builtAt text
// :inboxWatermark text
// :ledgerWatermark text
// :scoredAt text
// :state text
UNWIND $rows AS row
MERGE (n:Build {one: 'kolgraph'})
SET n.id = row.id, n.builtAt = row.builtAt, n.inboxWatermark = row.inboxWatermark,
  n.ledgerWatermark = row.ledgerWatermark, n.scoredAt = row.scoredAt,
  n.state = row.state
RETURN count(*) AS written
