-- The mark of the build: there is one, and its state says whether the graph beside it is whole.
-- :id text
-- :builtAt text
-- :inboxWatermark text
-- :ledgerWatermark text
-- :scoredAt text
-- :state text
INSERT INTO build (one, id, builtAt, inboxWatermark, ledgerWatermark, scoredAt, state)
VALUES (1, :id, :builtAt, :inboxWatermark, :ledgerWatermark, :scoredAt, :state)
ON CONFLICT (one) DO UPDATE SET id = excluded.id, builtAt = excluded.builtAt,
  inboxWatermark = excluded.inboxWatermark, ledgerWatermark = excluded.ledgerWatermark,
  scoredAt = excluded.scoredAt, state = excluded.state
