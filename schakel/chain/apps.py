"""Where Django finds this room."""

from django.apps import AppConfig


class ChainConfig(AppConfig):
    """The room `chain`."""

    name = "schakel.chain"
    label = "chain"
