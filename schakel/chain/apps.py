"""Where Django finds this room."""

from importlib import import_module

from django.apps import AppConfig


class ChainConfig(AppConfig):
    """The register of the chain."""

    name = "schakel.chain"
    label = "chain"

    def ready(self) -> None:
        """Let the gap rules of this room and its part of the graph be known."""
        for name in ("gaps", "responsibility_gaps", "connections", "attachments"):
            import_module(f"schakel.chain.{name}")
