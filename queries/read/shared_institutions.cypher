// The institutions to which two people belong or belonged.
// :a text
// :b text
// -> id, name, isCurrentA?, isCurrentB?
MATCH (:Person {id: $a})-[x:AFFILIATED_WITH]->(i:Institution)<-[y:AFFILIATED_WITH]-(:Person {id: $b})
RETURN i.id AS id, i.name AS name, x.isCurrent AS isCurrentA, y.isCurrent AS isCurrentB
ORDER BY name, id
