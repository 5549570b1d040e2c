"""The small board with its register, for every test of this room."""

from tests.desk import desk, room, small  # noqa: F401 - fixtures
