// The mark of the build; state is "ready", or "building" or "scoring" while the graph beside it is not whole.
// -> id, builtAt, inboxWatermark, ledgerWatermark, scoredAt, state
MATCH (n:Build {one: 'kolgraph'})
RETURN n.id AS id, n.builtAt AS builtAt, n.inboxWatermark AS inboxWatermark, n.ledgerWatermark AS ledgerWatermark,
  n.scoredAt AS scoredAt, n.state AS state
