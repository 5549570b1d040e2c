"""How does what landed become one school model? Mappings in SQL, immutable snapshots, lineage."""
