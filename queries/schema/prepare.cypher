// What a graph is made of: nodes keyed by their CURIE, edges keyed by their two ends. Several statements.
// SQLite keeps integers as keys inside; a list is JSON text; indexes that only readers need come with schema/publish.
CREATE CONSTRAINT person_id IF NOT EXISTS FOR (n:Person) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT publication_id IF NOT EXISTS FOR (n:Publication) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT trial_id IF NOT EXISTS FOR (n:Trial) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT institution_id IF NOT EXISTS FOR (n:Institution) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT topic_id IF NOT EXISTS FOR (n:Topic) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT score_id IF NOT EXISTS FOR (n:Score) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT community_id IF NOT EXISTS FOR (n:Community) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT build_one IF NOT EXISTS FOR (n:Build) REQUIRE n.one IS UNIQUE;
CREATE CONSTRAINT score_total_id IF NOT EXISTS FOR (n:ScoreTotal) REQUIRE (n.score, n.scope) IS UNIQUE;
