// Every topic.
// -> id, name, terms[]
MATCH (t:Topic)
RETURN t.id AS id, t.name AS name, t.terms AS terms
ORDER BY id
