// The topics of the landscape, and how much there is about each.
// -> id, name, terms[], paperCount, trialCount, peopleCount
MATCH (t:Topic)
RETURN t.id AS id, t.name AS name, t.terms AS terms, t.paperCount AS paperCount, t.trialCount AS trialCount,
  t.peopleCount AS peopleCount
ORDER BY id
