"""Where Django finds this room."""

from django.apps import AppConfig


class CollectConfig(AppConfig):
    """The room `collect`."""

    name = "schakel.collect"
    label = "collect"
