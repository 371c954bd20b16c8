-- Takes away every score, rank, community and position, and what was counted from them. Several statements.
DROP INDEX IF EXISTS scored_rank;
DROP INDEX IF EXISTS scored_country_rank;
DROP INDEX IF EXISTS member_community;
DELETE FROM scored;
DELETE FROM member_of;
DELETE FROM community;
DELETE FROM score;
