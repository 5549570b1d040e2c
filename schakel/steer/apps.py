"""Where Django finds this room."""

from django.apps import AppConfig


class SteerConfig(AppConfig):
    """The room `steer`."""

    name = "schakel.steer"
    label = "steer"
