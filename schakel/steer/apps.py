"""Where Django finds this room."""

from importlib import import_module

from django.apps import AppConfig


class SteerConfig(AppConfig):
    """The room `steer`."""

    name = "schakel.steer"
    label = "steer"

    def ready(self) -> None:
        """Let the gap rules be known, and what this room and the one below it bring into the graph of the chain."""
        for name in ("steer.gaps", "steer.graph", "process.graph"):
            import_module(f"schakel.{name}")
