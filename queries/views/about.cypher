// Which record, publication or trial, is about which topic.
// -> record, topic
MATCH (r)-[:ABOUT]->(t:Topic)
RETURN r.id AS record, t.id AS topic
ORDER BY record, topic
