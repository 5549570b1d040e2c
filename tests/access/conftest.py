"""The chain of the room above, for tests that try to get into its tables."""

from tests.chain.conftest import chain

__all__ = ["chain"]
