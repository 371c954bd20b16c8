// The countries of the people with any score in a scope; "" stands for those whose country is unknown.
// :scope text
// -> country, people
MATCH (n:ScopeCountry {scope: $scope})
RETURN n.country AS country, n.people AS people
ORDER BY people DESC, country
