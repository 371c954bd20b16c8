// Every trial.
// -> id, title, phase, status, startYear, kind, sponsor, conditions[]
MATCH (t:Trial) WHERE t.id > ''
RETURN t.id AS id, t.title AS title, t.phase AS phase, t.status AS status, t.startYear AS startYear, t.kind AS kind,
  t.sponsor AS sponsor, t.conditions AS conditions
ORDER BY t.id
