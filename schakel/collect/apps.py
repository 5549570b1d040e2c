"""Where Django finds this room."""

from importlib import import_module

from django.apps import AppConfig


class CollectConfig(AppConfig):
    """The room `collect`."""

    name = "schakel.collect"
    label = "collect"

    def ready(self) -> None:
        """Let the sources stand in the graph of the chain, and the gap rule of this room be known."""
        for name in ("graph", "case_gaps"):
            import_module(f"schakel.collect.{name}")
