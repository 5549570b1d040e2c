"""Many tables in one step: the same register as one step each, taken away again, and refused where one is there."""

from typing import Any

import pytest
from django.db import Error, connection, models
from django.db.migrations import CreateModel, Migration
from django.db.migrations.state import ProjectState

from schakel.access.new_tables import NewTables


def tables() -> list[CreateModel]:
    """A shelf, and books that stand on it and follow each other."""

    def to(model: str, **told: Any) -> models.ForeignKey[Any, Any]:
        return models.ForeignKey(model, models.CASCADE, **told)

    key: models.Field[Any, Any] = models.BigAutoField(primary_key=True)
    shelf = [("id", key), ("name", models.CharField(max_length=9, unique=True))]
    book = [("id", key), ("shelf", to("lib.Shelf")), ("sequel", to("self", null=True))]
    return [CreateModel("Shelf", shelf), CreateModel("Book", book)]


def step(*operations: Any) -> Migration:
    migration = Migration("0001", "lib")
    migration.operations = list(operations)
    return migration


def forwards(migration: Migration, *, drawn: bool) -> ProjectState:
    """The state after a step, whether the models were drawn before it or not."""
    state = ProjectState()
    assert not drawn or state.apps is not None
    with connection.schema_editor() as editor:
        return migration.apply(state, editor)


def made() -> dict[str, Any]:
    """Of each table here its columns, its keys and what it points at."""
    look = connection.introspection
    with connection.cursor() as cursor:
        return {
            table.name: (look.get_table_description(cursor, table.name), look.get_constraints(cursor, table.name))
            for table in look.get_table_list(cursor)
            if table.name.startswith("lib_")
        }


pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def taken_away() -> Any:
    yield
    with connection.cursor() as cursor:
        for name in ("lib_book", "lib_shelf"):
            cursor.execute(f"DROP TABLE IF EXISTS {name}")


@pytest.mark.parametrize("drawn", [True, False])
def test_it_makes_what_one_step_each_makes_and_takes_it_away(taken_away: None, drawn: bool) -> None:
    each, together = step(*tables()), step(NewTables(tables()))
    after = forwards(each, drawn=drawn)
    wanted = made()
    assert {"lib_shelf", "lib_book"} <= set(wanted)
    with connection.schema_editor() as editor:
        each.unapply(ProjectState(), editor)
    assert made() == {}
    state = forwards(together, drawn=drawn)
    assert made() == wanted
    assert state == after
    assert {model.__name__ for model in state.apps.get_models()} == {"Shelf", "Book"}
    with connection.schema_editor() as editor:
        together.unapply(ProjectState(), editor)
    assert made() == {}


def test_a_table_that_is_there_already_stops_it_and_nothing_half_stays(taken_away: None) -> None:
    forwards(step(tables()[0]), drawn=True)
    before = made()
    with pytest.raises(Error, match="already exists"):
        forwards(step(NewTables([*reversed(tables())])), drawn=True)
    assert made() == before


def test_it_tells_what_it_makes_and_what_it_points_at() -> None:
    operation = NewTables(tables())
    assert operation.describe() == "Create the tables Shelf, Book"
    assert operation.references_model("Shelf", "lib")
    assert not operation.references_model("Person", "access")
