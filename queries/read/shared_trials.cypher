// The trials that two people investigate together; the newest first, those without a year last.
// :a text
// :b text
// -> id, title, phase, status, startYear, roleA, roleB
MATCH (:Person {id: $a})-[x:INVESTIGATED]->(t:Trial)<-[y:INVESTIGATED]-(:Person {id: $b})
RETURN t.id AS id, t.title AS title, t.phase AS phase, t.status AS status, t.startYear AS startYear,
  x.role AS roleA, y.role AS roleB
ORDER BY startYear IS NULL, startYear DESC, id
