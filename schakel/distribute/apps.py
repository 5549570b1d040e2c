"""Where Django finds this room."""

from importlib import import_module

from django.apps import AppConfig


class DistributeConfig(AppConfig):
    """The room `distribute`."""

    name = "schakel.distribute"
    label = "distribute"

    def ready(self) -> None:
        """Let the gap rules of this room be known."""
        import_module("schakel.distribute.gaps")
        import_module("schakel.distribute.realising")
