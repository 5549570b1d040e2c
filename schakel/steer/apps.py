"""Where Django finds this room."""

from importlib import import_module

from django.apps import AppConfig


class SteerConfig(AppConfig):
    """The room `steer`."""

    name = "schakel.steer"
    label = "steer"

    def ready(self) -> None:
        """Let the gap rules of this room be known."""
        import_module("schakel.steer.gaps")
