// Takes away every score, rank, community and position, and what was counted from them. Several statements.
MATCH ()-[x:SCORED]->() CALL (x) { DELETE x } IN TRANSACTIONS OF 20000 ROWS;
MATCH ()-[x:MEMBER_OF]->() CALL (x) { DELETE x } IN TRANSACTIONS OF 20000 ROWS;
MATCH (n:Community) DELETE n;
MATCH (n:Score) DELETE n;
