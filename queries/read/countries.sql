-- The countries of the people with any score in a scope; "" stands for those whose country is unknown.
-- :scope text
-- -> country, people
SELECT country, people FROM scope_country WHERE scope = :scope ORDER BY people DESC, country
