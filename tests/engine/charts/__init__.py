"""The charts of the engine."""
