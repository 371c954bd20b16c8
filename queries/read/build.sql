-- The mark of the build; state is "ready", or "building" or "scoring" while the graph beside it is not whole.
-- -> id, builtAt, inboxWatermark, ledgerWatermark, scoredAt, state
SELECT id, builtAt, inboxWatermark, ledgerWatermark, scoredAt, state FROM build
