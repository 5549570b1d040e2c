"""Where Django finds this room."""

from django.apps import AppConfig


class DistributeConfig(AppConfig):
    """The room `distribute`."""

    name = "schakel.distribute"
    label = "distribute"
