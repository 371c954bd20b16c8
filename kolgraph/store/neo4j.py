"""The graph on a Neo4j server (5.26 or later, Community is enough)."""

SCHEMES = ("bolt", "bolt+s", "bolt+ssc", "neo4j", "neo4j+s", "neo4j+ssc")
