// Whether the database holds nodes although no build of ours is marked in it: then it is somebody else's.
// -> found
RETURN EXISTS { MATCH (n) } AND NOT EXISTS { MATCH (:Build {one: 'kolgraph'}) } AS found
