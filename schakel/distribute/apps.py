"""Where Django finds this room."""

from importlib import import_module

from django.apps import AppConfig


class DistributeConfig(AppConfig):
    """The room `distribute`."""

    name = "schakel.distribute"
    label = "distribute"

    def ready(self) -> None:
        """Let the gap rules of this room, its part of the graph, its roll of people and its proposals be known."""
        for name in ("gaps", "graph", "roster_roll", "realising", "assessing"):
            import_module(f"schakel.distribute.{name}")
