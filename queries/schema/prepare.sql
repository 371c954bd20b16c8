-- What a graph is made of: nodes keyed by their CURIE, edges keyed by their two ends. Several statements.
-- SQLite keeps integers as keys inside; a list is JSON text; indexes that only readers need come with schema/publish.
CREATE TABLE person (
  pk INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, name TEXT NOT NULL, searchName TEXT NOT NULL,
  identifiers TEXT NOT NULL, country TEXT NOT NULL, region TEXT NOT NULL, city TEXT NOT NULL, lat REAL, lon REAL,
  firstYear INTEGER, lastYear INTEGER, paperCount INTEGER NOT NULL, trialCount INTEGER NOT NULL,
  mentionCount INTEGER NOT NULL, confidence REAL, hardShare REAL, institution TEXT NOT NULL
) STRICT;
CREATE TABLE publication (
  pk INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, title TEXT NOT NULL, year INTEGER, journal TEXT NOT NULL,
  kind TEXT NOT NULL, date TEXT NOT NULL, citedBy INTEGER, authorCount INTEGER NOT NULL, doi TEXT NOT NULL
) STRICT;
CREATE TABLE trial (
  pk INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, title TEXT NOT NULL, phase TEXT NOT NULL, status TEXT NOT NULL,
  startYear INTEGER, kind TEXT NOT NULL, sponsor TEXT NOT NULL, conditions TEXT NOT NULL
) STRICT;
CREATE TABLE institution (
  pk INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, name TEXT NOT NULL, searchName TEXT NOT NULL, kind TEXT NOT NULL,
  city TEXT NOT NULL, region TEXT NOT NULL, country TEXT NOT NULL, lat REAL, lon REAL
) STRICT;
CREATE TABLE topic (
  pk INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, name TEXT NOT NULL, terms TEXT NOT NULL
) STRICT;
CREATE TABLE score (
  pk INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, title TEXT NOT NULL, description TEXT NOT NULL, unit TEXT NOT NULL
) STRICT;
CREATE TABLE community (
  pk INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, scope TEXT NOT NULL, name TEXT NOT NULL, size INTEGER NOT NULL,
  rank INTEGER NOT NULL, topics TEXT NOT NULL
) STRICT;
CREATE TABLE build (
  id TEXT NOT NULL, builtAt TEXT NOT NULL, inboxWatermark TEXT NOT NULL, ledgerWatermark TEXT NOT NULL,
  scoredAt TEXT NOT NULL, state TEXT NOT NULL, one INTEGER PRIMARY KEY CHECK (one = 1)
) STRICT;
CREATE TABLE authored (
  person INTEGER, publication INTEGER, position INTEGER NOT NULL, authorCount INTEGER NOT NULL,
  isCorresponding INTEGER NOT NULL, PRIMARY KEY (person, publication)
) STRICT, WITHOUT ROWID;
CREATE TABLE investigated (
  person INTEGER, trial INTEGER, role TEXT NOT NULL, PRIMARY KEY (person, trial)
) STRICT, WITHOUT ROWID;
CREATE TABLE affiliated_with (
  person INTEGER, institution INTEGER, firstYear INTEGER, lastYear INTEGER, isCurrent INTEGER NOT NULL,
  confidence REAL, recordCount INTEGER NOT NULL, PRIMARY KEY (person, institution)
) STRICT, WITHOUT ROWID;
CREATE TABLE conducted_at (
  trial INTEGER, institution INTEGER, PRIMARY KEY (trial, institution)
) STRICT, WITHOUT ROWID;
CREATE TABLE sponsored_by (
  trial INTEGER, institution INTEGER, PRIMARY KEY (trial, institution)
) STRICT, WITHOUT ROWID;
CREATE TABLE about (
  topic INTEGER, isTrial INTEGER, record INTEGER, PRIMARY KEY (topic, isTrial, record)
) STRICT, WITHOUT ROWID;
CREATE TABLE reports (publication INTEGER, trial INTEGER, PRIMARY KEY (publication, trial)) STRICT, WITHOUT ROWID;
CREATE TABLE part_of (child INTEGER, parent INTEGER, PRIMARY KEY (child, parent)) STRICT, WITHOUT ROWID;
CREATE TABLE coauthored_with (
  a INTEGER, b INTEGER, count INTEGER NOT NULL, weight REAL NOT NULL, years TEXT NOT NULL, PRIMARY KEY (a, b)
) STRICT, WITHOUT ROWID;
CREATE TABLE coinvestigated_with (
  a INTEGER, b INTEGER, count INTEGER NOT NULL, weight REAL NOT NULL, years TEXT NOT NULL, PRIMARY KEY (a, b)
) STRICT, WITHOUT ROWID;
CREATE TABLE nominated (
  nominator INTEGER, nominee INTEGER, count INTEGER NOT NULL, lists TEXT NOT NULL, PRIMARY KEY (nominator, nominee)
) STRICT, WITHOUT ROWID;
CREATE TABLE scored (
  person INTEGER, scope TEXT, score INTEGER, country TEXT NOT NULL, value REAL NOT NULL, rank INTEGER NOT NULL,
  PRIMARY KEY (person, scope, score)
) STRICT, WITHOUT ROWID;
CREATE TABLE member_of (
  person INTEGER, community INTEGER, scope TEXT NOT NULL, x REAL NOT NULL, y REAL NOT NULL,
  PRIMARY KEY (person, community)
) STRICT, WITHOUT ROWID;
CREATE TABLE person_place (place INTEGER PRIMARY KEY, person INTEGER NOT NULL) STRICT;
CREATE TABLE institution_place (
  place INTEGER PRIMARY KEY, institution INTEGER NOT NULL, peopleCount INTEGER NOT NULL
) STRICT;
CREATE VIRTUAL TABLE person_search USING fts5 (
  words, content = '', prefix = '1 2 3', detail = none, columnsize = 0, tokenize = 'unicode61'
);
CREATE VIRTUAL TABLE institution_search USING fts5 (
  words, content = '', prefix = '1 2 3', detail = none, columnsize = 0, tokenize = 'unicode61'
);
CREATE TABLE topic_count (
  topic INTEGER PRIMARY KEY, paperCount INTEGER NOT NULL, trialCount INTEGER NOT NULL, peopleCount INTEGER NOT NULL
) STRICT;
CREATE TABLE score_total (
  score INTEGER, scope TEXT, total INTEGER NOT NULL, PRIMARY KEY (score, scope)
) STRICT, WITHOUT ROWID;
CREATE TABLE scope_country (
  scope TEXT, country TEXT, people INTEGER NOT NULL, PRIMARY KEY (scope, country)
) STRICT, WITHOUT ROWID;
