"""Where Django finds this room."""

from importlib import import_module

from django.apps import AppConfig


class GovernanceConfig(AppConfig):
    """The room `governance`."""

    name = "schakel.governance"
    label = "governance"

    def ready(self) -> None:
        """Let it be known that people answer for policies."""
        import_module("schakel.governance.answering")
