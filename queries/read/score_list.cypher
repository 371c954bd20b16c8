// What is measured, with the explanation that stands beside a number.
// -> id, title, description, unit
MATCH (s:Score)
RETURN s.id AS id, s.title AS title, s.description AS description, s.unit AS unit
ORDER BY id
