"""What every room may lean on: errors, the clock, identifiers, words. Knows nothing of schools."""
