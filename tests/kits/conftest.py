"""The demo board as a model, made once a worker by the code of real use."""

import sqlite3

import pytest


@pytest.fixture(scope="session")
def board_model(built_board, django_db_blocker):
    """The exchange file of the demo board, as its information manager takes it out."""
    from django.db import connection

    from schakel.access.people import Person
    from schakel.kits.archimate.writing import model
    from schakel.kits.stock import by_key

    empty, full = built_board
    with django_db_blocker.unblock():
        connection.ensure_connection()
        _copied(full, connection.connection)
        content = model(Person.objects.get(email=by_key("information_manager").email), "Stichting Oeverscholen")
        _copied(empty, connection.connection)
    return content


def _copied(source: sqlite3.Connection, target: sqlite3.Connection) -> None:
    source.backup(target)
