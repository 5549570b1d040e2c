"""Where Django finds this room."""

from django.apps import AppConfig


class AccessConfig(AppConfig):
    """Accounts, roles, permissions, audit."""

    name = "schakel.access"
    label = "access"
