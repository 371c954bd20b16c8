// How many publications of a scope ("all" or a topic id) appeared in each year; those without a year are left out.
// :scope text
// -> year, papers
CALL () {
  MATCH (q:Publication) WHERE $scope = 'all' RETURN q
  UNION ALL MATCH (q:Publication)-[:ABOUT]->(:Topic {id: $scope}) RETURN q
}
WITH q.year AS year, count(*) AS papers WHERE year IS NOT NULL
RETURN year, papers ORDER BY year
