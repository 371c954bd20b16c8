// What readers need beyond the rows: reverse and ranking indexes, name search, counts. Several statements, safe to repeat.
// Places in the name search follow paperCount, so that the first hits are the answer and nothing has to be sorted.
// No statistics: every question joins in the order written, so that a skewed sample cannot turn a plan over.
CREATE INDEX scored_rank IF NOT EXISTS FOR ()-[x:SCORED]-() ON (x.score, x.scope, x.rank);
CREATE INDEX scored_country_rank IF NOT EXISTS FOR ()-[x:SCORED]-() ON (x.score, x.scope, x.country, x.rank);
CREATE INDEX person_papers IF NOT EXISTS FOR (n:Person) ON (n.paperCount);
CREATE FULLTEXT INDEX person_search IF NOT EXISTS FOR (n:Person) ON EACH [n.searchName]
OPTIONS {indexConfig: {`fulltext.analyzer`: 'whitespace'}};
CREATE FULLTEXT INDEX institution_search IF NOT EXISTS FOR (n:Institution) ON EACH [n.searchName]
OPTIONS {indexConfig: {`fulltext.analyzer`: 'whitespace'}};
MATCH (n:ScoreTotal|ScopeCountry) DELETE n;
MATCH ()-[x:SCORED]->() WITH x.score AS score, x.scope AS scope, count(*) AS total
CREATE (:ScoreTotal {score: score, scope: scope, total: total});
MATCH (p:Person)-[x:SCORED]->() WITH x.scope AS scope, x.country AS country, count(DISTINCT p) AS people
CREATE (:ScopeCountry {scope: scope, country: country, people: people});
MATCH (i:Institution)
SET i.peopleCount = COUNT { (i)<-[:AFFILIATED_WITH {isCurrent: true}]-(:Person) };
MATCH (t:Topic)
SET t.paperCount = COUNT { (t)<-[:ABOUT]-(:Publication) },
  t.trialCount = COUNT { (t)<-[:ABOUT]-(:Trial) },
  t.peopleCount = COUNT { MATCH (t)<-[:ABOUT]-()<-[:AUTHORED|INVESTIGATED]-(p:Person) RETURN DISTINCT p };
CALL db.awaitIndexes(600);
CALL db.prepareForReplanning(600);
