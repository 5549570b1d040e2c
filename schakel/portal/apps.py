"""Where Django finds this room."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """The room `portal`."""

    name = "schakel.portal"
    label = "portal"
