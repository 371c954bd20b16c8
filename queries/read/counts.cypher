// How many nodes and edges there are of each label and type.
// -> label, count
CALL () {
  MATCH ()-[:ABOUT]->() WITH count(*) AS count RETURN 'ABOUT' AS label, count
  UNION ALL MATCH ()-[:AFFILIATED_WITH]->() WITH count(*) AS count RETURN 'AFFILIATED_WITH' AS label, count
  UNION ALL MATCH ()-[:AUTHORED]->() WITH count(*) AS count RETURN 'AUTHORED' AS label, count
  UNION ALL MATCH ()-[:COAUTHORED_WITH]->() WITH count(*) AS count RETURN 'COAUTHORED_WITH' AS label, count
  UNION ALL MATCH ()-[:COINVESTIGATED_WITH]->() WITH count(*) AS count RETURN 'COINVESTIGATED_WITH' AS label, count
  UNION ALL MATCH ()-[:CONDUCTED_AT]->() WITH count(*) AS count RETURN 'CONDUCTED_AT' AS label, count
  UNION ALL MATCH (:Community) WITH count(*) AS count RETURN 'Community' AS label, count
  UNION ALL MATCH ()-[:INVESTIGATED]->() WITH count(*) AS count RETURN 'INVESTIGATED' AS label, count
  UNION ALL MATCH (:Institution) WITH count(*) AS count RETURN 'Institution' AS label, count
  UNION ALL MATCH ()-[:MEMBER_OF]->() WITH count(*) AS count RETURN 'MEMBER_OF' AS label, count
  UNION ALL MATCH ()-[:NOMINATED]->() WITH count(*) AS count RETURN 'NOMINATED' AS label, count
  UNION ALL MATCH ()-[:PART_OF]->() WITH count(*) AS count RETURN 'PART_OF' AS label, count
  UNION ALL MATCH (:Person) WITH count(*) AS count RETURN 'Person' AS label, count
  UNION ALL MATCH (:Publication) WITH count(*) AS count RETURN 'Publication' AS label, count
  UNION ALL MATCH ()-[:REPORTS]->() WITH count(*) AS count RETURN 'REPORTS' AS label, count
  UNION ALL MATCH ()-[:SCORED]->() WITH count(*) AS count RETURN 'SCORED' AS label, count
  UNION ALL MATCH ()-[:SPONSORED_BY]->() WITH count(*) AS count RETURN 'SPONSORED_BY' AS label, count
  UNION ALL MATCH (:Score) WITH count(*) AS count RETURN 'Score' AS label, count
  UNION ALL MATCH (:Topic) WITH count(*) AS count RETURN 'Topic' AS label, count
  UNION ALL MATCH (:Trial) WITH count(*) AS count RETURN 'Trial' AS label, count
}
RETURN label, count ORDER BY label
