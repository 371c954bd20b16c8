// Who investigates which trial.
// -> trial, person, role, phase, startYear
MATCH (t:Trial) WHERE t.id > ''
MATCH (t)<-[x:INVESTIGATED]-(p:Person)
RETURN t.id AS trial, p.id AS person, x.role AS role, t.phase AS phase, t.startYear AS startYear
ORDER BY t.id, p.id
