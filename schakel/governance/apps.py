"""Where Django finds this room."""

from django.apps import AppConfig


class GovernanceConfig(AppConfig):
    """The room `governance`."""

    name = "schakel.governance"
    label = "governance"
