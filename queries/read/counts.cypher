// How many nodes and edges there are of each label and type.
// -> label, count
CALL () {
  MATCH ()-[x:ABOUT]->() RETURN 'ABOUT' AS label, count(x) AS count
  UNION ALL MATCH ()-[x:AFFILIATED_WITH]->() RETURN 'AFFILIATED_WITH' AS label, count(x) AS count
  UNION ALL MATCH ()-[x:AUTHORED]->() RETURN 'AUTHORED' AS label, count(x) AS count
  UNION ALL MATCH ()-[x:COAUTHORED_WITH]->() RETURN 'COAUTHORED_WITH' AS label, count(x) AS count
  UNION ALL MATCH ()-[x:COINVESTIGATED_WITH]->() RETURN 'COINVESTIGATED_WITH' AS label, count(x) AS count
  UNION ALL MATCH ()-[x:CONDUCTED_AT]->() RETURN 'CONDUCTED_AT' AS label, count(x) AS count
  UNION ALL MATCH (n:Community) RETURN 'Community' AS label, count(n) AS count
  UNION ALL MATCH ()-[x:INVESTIGATED]->() RETURN 'INVESTIGATED' AS label, count(x) AS count
  UNION ALL MATCH (n:Institution) RETURN 'Institution' AS label, count(n) AS count
  UNION ALL MATCH ()-[x:MEMBER_OF]->() RETURN 'MEMBER_OF' AS label, count(x) AS count
  UNION ALL MATCH ()-[x:PART_OF]->() RETURN 'PART_OF' AS label, count(x) AS count
  UNION ALL MATCH (n:Person) RETURN 'Person' AS label, count(n) AS count
  UNION ALL MATCH (n:Publication) RETURN 'Publication' AS label, count(n) AS count
  UNION ALL MATCH ()-[x:REPORTS]->() RETURN 'REPORTS' AS label, count(x) AS count
  UNION ALL MATCH ()-[x:SCORED]->() RETURN 'SCORED' AS label, count(x) AS count
  UNION ALL MATCH ()-[x:SPONSORED_BY]->() RETURN 'SPONSORED_BY' AS label, count(x) AS count
  UNION ALL MATCH (n:Score) RETURN 'Score' AS label, count(n) AS count
  UNION ALL MATCH (n:Topic) RETURN 'Topic' AS label, count(n) AS count
  UNION ALL MATCH (n:Trial) RETURN 'Trial' AS label, count(n) AS count
}
RETURN label, count ORDER BY label
