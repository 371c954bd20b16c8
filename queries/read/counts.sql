-- How many nodes and edges there are of each label and type.
-- -> label, count
SELECT 'ABOUT' AS label, count(*) AS count FROM about
UNION ALL SELECT 'AFFILIATED_WITH', count(*) FROM affiliated_with
UNION ALL SELECT 'AUTHORED', count(*) FROM authored
UNION ALL SELECT 'COAUTHORED_WITH', count(*) FROM coauthored_with
UNION ALL SELECT 'COINVESTIGATED_WITH', count(*) FROM coinvestigated_with
UNION ALL SELECT 'CONDUCTED_AT', count(*) FROM conducted_at
UNION ALL SELECT 'Community', count(*) FROM community
UNION ALL SELECT 'INVESTIGATED', count(*) FROM investigated
UNION ALL SELECT 'Institution', count(*) FROM institution
UNION ALL SELECT 'MEMBER_OF', count(*) FROM member_of
UNION ALL SELECT 'NOMINATED', count(*) FROM nominated
UNION ALL SELECT 'PART_OF', count(*) FROM part_of
UNION ALL SELECT 'Person', count(*) FROM person
UNION ALL SELECT 'Publication', count(*) FROM publication
UNION ALL SELECT 'REPORTS', count(*) FROM reports
UNION ALL SELECT 'SCORED', count(*) FROM scored
UNION ALL SELECT 'SPONSORED_BY', count(*) FROM sponsored_by
UNION ALL SELECT 'Score', count(*) FROM score
UNION ALL SELECT 'Topic', count(*) FROM topic
UNION ALL SELECT 'Trial', count(*) FROM trial
ORDER BY label
