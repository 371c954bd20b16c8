-- What readers need beyond the rows: reverse and ranking indexes, name search, counts. Several statements, safe to repeat.
-- Places in the name search follow paperCount, so that the first hits are the answer and nothing has to be sorted.
-- No statistics: every question joins in the order written, so that a skewed sample cannot turn a plan over.
CREATE INDEX IF NOT EXISTS authored_publication ON authored (publication, person);
CREATE INDEX IF NOT EXISTS investigated_trial ON investigated (trial, person);
CREATE INDEX IF NOT EXISTS affiliated_institution ON affiliated_with (institution, isCurrent, person);
CREATE INDEX IF NOT EXISTS conducted_institution ON conducted_at (institution, trial);
CREATE INDEX IF NOT EXISTS sponsored_institution ON sponsored_by (institution, trial);
CREATE INDEX IF NOT EXISTS about_record ON about (isTrial, record, topic);
CREATE INDEX IF NOT EXISTS reports_trial ON reports (trial, publication);
CREATE INDEX IF NOT EXISTS coauthored_reverse ON coauthored_with (b, a, weight);
CREATE INDEX IF NOT EXISTS coinvestigated_reverse ON coinvestigated_with (b, a, weight);
CREATE INDEX IF NOT EXISTS nominated_reverse ON nominated (nominee, nominator);
CREATE INDEX IF NOT EXISTS publication_year ON publication (year);
CREATE INDEX IF NOT EXISTS scored_rank ON scored (score, scope, rank, person, value);
CREATE INDEX IF NOT EXISTS scored_country_rank ON scored (score, scope, country, rank, person, value);
CREATE INDEX IF NOT EXISTS member_community ON member_of (community, person);
DELETE FROM person_place;
INSERT INTO person_place (person) SELECT pk FROM person ORDER BY paperCount DESC, id;
INSERT INTO person_search (person_search) VALUES ('delete-all');
INSERT INTO person_search (rowid, words)
SELECT m.place, p.searchName FROM person_place m JOIN person p ON p.pk = m.person ORDER BY m.place;
INSERT INTO person_search (person_search) VALUES ('optimize');
DELETE FROM institution_place;
INSERT INTO institution_place (institution, peopleCount)
SELECT i.pk, count(x.person) AS people
FROM institution i LEFT JOIN affiliated_with x ON x.institution = i.pk AND x.isCurrent = 1
GROUP BY i.pk ORDER BY people DESC, i.id;
INSERT INTO institution_search (institution_search) VALUES ('delete-all');
INSERT INTO institution_search (rowid, words)
SELECT m.place, i.searchName FROM institution_place m JOIN institution i ON i.pk = m.institution ORDER BY m.place;
DELETE FROM topic_count;
INSERT INTO topic_count
SELECT t.pk, (SELECT count(*) FROM about x WHERE x.topic = t.pk AND x.isTrial = 0),
  (SELECT count(*) FROM about x WHERE x.topic = t.pk AND x.isTrial = 1),
  (SELECT count(*) FROM (
    SELECT w.person FROM about x JOIN authored w ON w.publication = x.record WHERE x.topic = t.pk AND x.isTrial = 0
    UNION
    SELECT w.person FROM about x JOIN investigated w ON w.trial = x.record WHERE x.topic = t.pk AND x.isTrial = 1))
FROM topic t;
DELETE FROM score_total;
INSERT INTO score_total SELECT score, scope, count(*) FROM scored GROUP BY score, scope;
DELETE FROM scope_country;
INSERT INTO scope_country SELECT scope, country, count(DISTINCT person) FROM scored GROUP BY scope, country;
