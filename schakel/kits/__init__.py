"""What does a board start with? Content as YAML, loaded through the functions that people use, and the demo board."""
