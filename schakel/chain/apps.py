"""Where Django finds this room."""

from importlib import import_module

from django.apps import AppConfig


class ChainConfig(AppConfig):
    """The register of the chain."""

    name = "schakel.chain"
    label = "chain"

    def ready(self) -> None:
        """Let the gap rules of this room be known."""
        import_module("schakel.chain.gaps")
        import_module("schakel.chain.responsibility_gaps")
