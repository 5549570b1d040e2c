"""Are the goals reached? Indicators, norms and their values per snapshot."""
